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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.icepath.connection.Proxy;

/** What speaks to a proxy, once its name is resolved. */
final class Proxies {

    private static final Duration NAME_DEADLINE = Duration.ofSeconds(5);

    private Proxies() {}

    /**
     * What goes first in the pipeline of a connection.
     *
     * @return empty without a proxy; completed on {@code loop}; fails with {@link UnknownHostException}
     */
    static CompletableFuture<Optional<ProxyHandler>> handler(Proxy proxy, EventLoops loops, EventLoop loop) {
        if (!proxy.isUsed()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        NameResolver names = new NameResolver(loops, loop);
        return names.resolve(proxy.host(), NAME_DEADLINE).thenCompose(found -> {
            names.close();
            List<InetAddress> addresses = found.interleaved();
            if (addresses.isEmpty()) {
                return CompletableFuture.failedFuture(new UnknownHostException("unreachable: no address for " + proxy));
            }
            InetSocketAddress at = new InetSocketAddress(addresses.get(0), proxy.port());
            ProxyHandler handler = handler(proxy, at);
            handler.setConnectTimeoutMillis(0); // the deadline is for the whole connection
            return CompletableFuture.completedFuture(Optional.of(handler));
        });
    }

    private static ProxyHandler handler(Proxy proxy, InetSocketAddress at) {
        boolean anonymous = proxy.username().isEmpty();
        if (proxy.kind() == Proxy.Kind.SOCKS5) {
            return anonymous
                    ? new Socks5ProxyHandler(at)
                    : new Socks5ProxyHandler(at, proxy.username(), proxy.password());
        }
        return anonymous ? new HttpProxyHandler(at) : new HttpProxyHandler(at, proxy.username(), proxy.password());
    }
}
