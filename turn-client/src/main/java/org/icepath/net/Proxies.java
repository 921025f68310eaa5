// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.channel.EventLoop;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.proxy.Socks5ProxyHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.icepath.connection.Proxy;
import org.icepath.sansio.Base;
import org.jspecify.annotations.Nullable;

/** Where a proxy is, and what speaks to it there. */
final class Proxies {

    private static final Duration NAME_DEADLINE = Duration.ofSeconds(5);
    private static final int MOST_ADDRESSES = 8;

    private Proxies() {}

    /**
     * Where a proxy is.
     *
     * @return empty without a proxy, else in the order of preference; completed on {@code loop}; fails with {@link UnknownHostException}
     */
    static CompletableFuture<List<InetSocketAddress>> addresses(Proxy proxy, EventLoops loops, EventLoop loop) {
        if (!proxy.isUsed()) {
            return CompletableFuture.completedFuture(List.of());
        }
        NameResolver names = new NameResolver(loops, loop);
        return names.resolve(proxy.host(), NAME_DEADLINE).thenCompose(found -> {
            names.close();
            return found.isEmpty()
                    ? CompletableFuture.failedFuture(new UnknownHostException("unreachable: no address for " + proxy))
                    : CompletableFuture.completedFuture(found.interleaved().stream()
                            .limit(MOST_ADDRESSES)
                            .map(address -> new InetSocketAddress(address, proxy.port()))
                            .toList());
        });
    }

    /** What goes first in the pipeline of a connection through a proxy at one of its addresses. */
    static ProxyHandler handler(Proxy proxy, InetSocketAddress at) {
        ProxyHandler handler = speaker(proxy, at);
        handler.setConnectTimeoutMillis(0); // the deadline is for the whole connection
        return handler;
    }

    /** Where to leave from: the system's choice where the base says nothing, or is of another family than the proxy. */
    static @Nullable InetSocketAddress local(Base base, InetSocketAddress proxy) {
        InetAddress from = base.address().getAddress();
        boolean anywhere = from.isAnyLocalAddress()
                || from.getClass() != proxy.getAddress().getClass();
        return anywhere ? null : base.address();
    }

    private static ProxyHandler speaker(Proxy proxy, InetSocketAddress at) {
        boolean anonymous = proxy.username().isEmpty();
        if (proxy.kind() == Proxy.Kind.SOCKS5) {
            return anonymous
                    ? new Socks5ProxyHandler(at)
                    : new Socks5ProxyHandler(at, proxy.username(), proxy.password());
        }
        return anonymous ? new HttpProxyHandler(at) : new HttpProxyHandler(at, proxy.username(), proxy.password());
    }
}
