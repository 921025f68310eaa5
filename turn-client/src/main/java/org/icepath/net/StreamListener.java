// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A bound TCP port that accepts connections. Any thread may close it; what it has accepted stays. */
public final class StreamListener implements AutoCloseable {

    private static final int BACKLOG = 256;

    private final Channel channel;

    private StreamListener(Channel channel) {
        this.channel = channel;
    }

    /**
     * Binds; {@code accepted} prepares each connection's channel, on the event loop.
     *
     * @param opensToo whether connections are opened from the port, too
     */
    static CompletableFuture<StreamListener> open(
            EventLoops loops, EventLoop loop, InetSocketAddress at, boolean opensToo, Consumer<Channel> accepted) {
        CompletableFuture<StreamListener> opened = new CompletableFuture<>();
        loops.acceptedOptions(new ServerBootstrap())
                .group(loop)
                .channelFactory(loops::newServerSocketChannel)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, StreamConnection.WATER_MARK)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel made) {
                        accepted.accept(made);
                    }
                })
                .bind(at)
                .addListener((ChannelFuture bound) -> {
                    if (bound.isSuccess()) {
                        if (opensToo) {
                            loops.letConnectionsLeave(bound.channel());
                        }
                        opened.complete(new StreamListener(bound.channel()));
                    } else {
                        opened.completeExceptionally(bound.cause());
                    }
                });
        return opened;
    }

    /** The bound local address. */
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) channel.localAddress();
    }

    /** Accepts no more. Idempotent. */
    @Override
    public void close() {
        channel.close();
    }
}
