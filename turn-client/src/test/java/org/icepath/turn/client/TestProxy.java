// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An HTTP proxy (CONNECT) and SOCKS 5 proxy in one, which finds every name on the loopback address. */
final class TestProxy implements AutoCloseable {

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final Channel listening;

    TestProxy() {
        listening = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel made) {
                        made.pipeline().addLast(new Greeting());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** The names and ports that it was asked to connect to. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Until it is known where to connect to; each message comes in one piece over the loopback interface. */
    private final class Greeting extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            try {
                if (bytes.getByte(0) != 5) {
                    String[] target = bytes.toString(US_ASCII).split(" ", 3)[1].split(":", 2);
                    connect(
                            context,
                            target[0],
                            Integer.parseInt(target[1]),
                            "HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII));
                } else if (bytes.readableBytes() <= 4) {
                    context.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {5, 0}));
                } else {
                    int length = bytes.getUnsignedByte(4);
                    String host = bytes.toString(5, length, US_ASCII);
                    connect(context, host, bytes.getUnsignedShort(5 + length), new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0
                    });
                }
            } finally {
                bytes.release();
            }
        }

        private void connect(ChannelHandlerContext client, String host, int port, byte[] yes) {
            asked.add(host + ":" + port);
            new Bootstrap()
                    .group(client.channel().eventLoop())
                    .channel(NioSocketChannel.class)
                    .handler(new Pipe(client.channel()))
                    .connect(InetAddress.getLoopbackAddress(), port)
                    .addListener((ChannelFuture made) -> {
                        if (made.isSuccess()) {
                            client.pipeline().replace(this, "pipe", new Pipe(made.channel()));
                            client.writeAndFlush(Unpooled.wrappedBuffer(yes));
                        } else {
                            client.close();
                        }
                    });
        }
    }

    private static final class Pipe extends ChannelInboundHandlerAdapter {
        private final Channel other;

        Pipe(Channel other) {
            this.other = other;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            other.writeAndFlush(Unpooled.wrappedBuffer(ByteBufUtil.getBytes(bytes)));
            bytes.release();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            other.close();
        }
    }
}
