// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.proxy.ProxyConnectionEvent;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.icepath.connection.Proxy;
import org.icepath.sansio.Base;
import org.jspecify.annotations.Nullable;

/**
 * The way to a server through a proxy whose name has several addresses. They race: each has a head start before the next one, one that
 * fails makes way at once, and the first that has connected to the server is taken (RFC 8305 §5). Confined to its event loop.
 */
final class ProxyRace {

    private static final long HEAD_START_MILLIS = 250; // RFC 8305 §5, connection attempt delay

    private final EventLoop loop;
    private final Proxy proxy;
    private final Queue<InetSocketAddress> untried;
    private final Function<ChannelInitializer<Channel>, Bootstrap> bootstrap;
    private final Base base;
    private final InetSocketAddress server;
    private final Outcome outcome;
    private final Set<Channel> running = new HashSet<>();
    private @Nullable ScheduledFuture<?> next;
    private boolean over;

    /** What becomes of it: one of these, once, unless it is cancelled. */
    interface Outcome {

        /**
         * A proxy has connected to the server, whose first bytes may follow in the same packet: who reads them is added to the pipeline
         * within this call.
         *
         * @param whole done when the channel can be written to
         */
        void through(Channel channel, Future<Channel> whole);

        /** No address of the proxy has led there; this is what became of the last. */
        void failed(Throwable cause);
    }

    /**
     * A race that has not begun.
     *
     * @param addresses of the proxy, at least one, in the order of preference
     * @param bootstrap makes what connects, from what lays the pipeline
     * @param base where we leave from, as far as that is of the proxy's family
     * @param server by its name: a proxy finds the address that is good where it stands
     */
    ProxyRace(
            EventLoop loop,
            Proxy proxy,
            List<InetSocketAddress> addresses,
            Function<ChannelInitializer<Channel>, Bootstrap> bootstrap,
            Base base,
            InetSocketAddress server,
            Outcome outcome) {
        this.loop = loop;
        this.proxy = proxy;
        this.untried = new ArrayDeque<>(addresses);
        this.bootstrap = bootstrap;
        this.base = base;
        this.server = InetSocketAddress.createUnresolved(server.getHostString(), server.getPort());
        this.outcome = outcome;
    }

    /** Begins, or lets the next one begin. */
    void run() {
        disarm();
        InetSocketAddress address = untried.poll();
        if (over || address == null) {
            return;
        }
        ProxyHandler handler = Proxies.handler(proxy, address);
        ChannelFuture connecting = bootstrap.apply(pipeline(handler)).connect(server, Proxies.local(base, address));
        Channel channel = connecting.channel();
        running.add(channel);
        if (!untried.isEmpty()) {
            next = loop.schedule(this::run, HEAD_START_MILLIS, TimeUnit.MILLISECONDS);
        }
        connecting.addListener(done -> lostUnlessSuccessful(channel, done));
        handler.connectFuture().addListener(done -> lostUnlessSuccessful(channel, done));
    }

    private ChannelInitializer<Channel> pipeline(ProxyHandler handler) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel made) {
                made.pipeline().addLast(handler, new Finish(handler));
            }
        };
    }

    private void lostUnlessSuccessful(Channel channel, Future<?> step) {
        if (!step.isSuccess()) {
            lost(channel, step.cause());
        }
    }

    private void lost(Channel channel, Throwable cause) {
        if (over || !running.remove(channel)) {
            return;
        }
        channel.close();
        if (!untried.isEmpty()) {
            run();
        } else if (running.isEmpty()) {
            over = true;
            outcome.failed(cause);
        }
    }

    private void won(Channel channel, Future<Channel> whole) {
        if (!over) {
            running.remove(channel);
            cancel();
            outcome.through(channel, whole);
        }
    }

    /** Ends it; nothing is told any more. */
    void cancel() {
        over = true;
        disarm();
        running.forEach(Channel::close);
        running.clear();
    }

    private void disarm() {
        ScheduledFuture<?> armed = next;
        if (armed != null) {
            armed.cancel(false);
        }
    }

    /** Hears that the proxy has connected, before what it has sent beyond its answer goes up the pipeline. */
    private final class Finish extends ChannelInboundHandlerAdapter {

        private final ProxyHandler handler;

        Finish(ProxyHandler handler) {
            this.handler = handler;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ProxyConnectionEvent) {
                won(context.channel(), handler.connectFuture());
                context.pipeline().remove(this);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            lost(context.channel(), failure);
        }
    }
}
