// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.icepath.net.EventLoops;
import org.icepath.net.NameResolver;
import org.icepath.net.NamingRecord;
import org.icepath.net.ResolvedName;
import org.icepath.net.ServiceRecord;
import org.icepath.turn.client.Lookups;
import org.jspecify.annotations.Nullable;

/** The names of a runtime's servers and peers. The resolver is made when the first name asks for it: literals need none. */
final class Names implements AutoCloseable, Lookups {

    /** How long a name may take; gathering does not wait for it. */
    static final Duration DEADLINE = Duration.ofSeconds(5);

    private final EventLoops loops;
    private @Nullable NameResolver resolver;
    private boolean closed;

    Names(EventLoops loops) {
        this.loops = loops;
    }

    /** All addresses of a name or literal. Never fails; completes within {@link #DEADLINE}, for a literal at once. Any thread. */
    CompletableFuture<ResolvedName> resolve(String host) {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(host);
        if (literal != null) {
            return CompletableFuture.completedFuture(resolved(host, literal));
        }
        NameResolver asked = resolver();
        if (asked == null) {
            return CompletableFuture.completedFuture(
                    new ResolvedName(host, List.of(), List.of(), List.of("the runtime is closed")));
        }
        return asked.resolve(host, DEADLINE);
    }

    @Override
    public CompletableFuture<ResolvedName> addresses(String name) {
        return resolve(name);
    }

    @Override
    public CompletableFuture<List<ServiceRecord>> services(String name) {
        NameResolver asked = resolver();
        return asked == null ? CompletableFuture.completedFuture(List.of()) : asked.services(name);
    }

    @Override
    public CompletableFuture<List<NamingRecord>> namings(String name) {
        NameResolver asked = resolver();
        return asked == null ? CompletableFuture.completedFuture(List.of()) : asked.namings(name);
    }

    private static ResolvedName resolved(String host, InetAddress ip) {
        return ip instanceof Inet4Address
                ? new ResolvedName(host, List.of(ip), List.of(), List.of())
                : new ResolvedName(host, List.of(), List.of(ip), List.of());
    }

    private synchronized @Nullable NameResolver resolver() {
        if (resolver == null && !closed) {
            resolver = new NameResolver(loops, loops.next());
        }
        return closed ? null : resolver;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (resolver != null) {
            resolver.close();
        }
    }
}
