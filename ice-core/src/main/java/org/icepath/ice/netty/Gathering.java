// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.icepath.ice.IceConfig;
import org.icepath.ice.engine.IceEngine;
import org.icepath.net.LocalAddress;
import org.icepath.net.LocalAddresses;
import org.icepath.net.ResolvedName;
import org.icepath.sansio.Transport;

/**
 * What the engine cannot gather by itself: local sockets, and the addresses of servers.
 *
 * <p>Names are looked up all at once and while sockets are bound; nothing waits for them but the candidates that come from them.
 */
final class Gathering {

    private static final String UNSUPPORTED = "only servers over UDP are supported so far, not over ";

    private final SessionShell shell;
    private final IceConfig config;
    private final Names names;
    private final HostSockets sockets;

    Gathering(SessionShell shell, IceConfig config, Names names, HostSockets sockets) {
        this.shell = shell;
        this.config = config;
        this.names = names;
        this.sockets = sockets;
    }

    /**
     * Scans the interfaces on the calling thread, and leaves the rest to the event loop. Called once.
     *
     * @return completes when all is done that the engine waits for; fails with what a filter of the application throws
     */
    CompletableFuture<Void> start() {
        List<CompletableFuture<ResolvedName>> stun = config.stunServers().stream()
                .map(server -> lookUp(server.host(), server.transport()))
                .toList();
        List<CompletableFuture<ResolvedName>> turn = config.turnServers().stream()
                .map(server -> lookUp(server.host(), server.transport()))
                .toList();
        return sockets.bind(HostPlan.of(config, scan())).thenCompose(bound -> {
            shell.perform(now -> begin(now, bound));
            return CompletableFuture.allOf(handOver(stun, this::stunServer), handOver(turn, this::turnServer));
        });
    }

    private CompletableFuture<Void> handOver(List<CompletableFuture<ResolvedName>> lookups, ServerNamed server) {
        return CompletableFuture.allOf(IntStream.range(0, lookups.size())
                .mapToObj(index ->
                        lookups.get(index).thenAccept(name -> shell.perform(now -> server.named(now, index, name))))
                .toArray(CompletableFuture[]::new));
    }

    @FunctionalInterface
    private interface ServerNamed {
        void named(long now, int server, ResolvedName name);
    }

    private CompletableFuture<ResolvedName> lookUp(String host, Transport transport) {
        return transport == Transport.UDP
                ? names.resolve(host)
                : CompletableFuture.completedFuture(new ResolvedName(host, List.of(), List.of(), List.of()));
    }

    private List<LocalAddress> scan() {
        try {
            return LocalAddresses.scan(!config.localAddresses().isEmpty());
        } catch (IOException failure) {
            shell.log().debug("the interfaces of this machine cannot be listed: " + failure.getMessage());
            return List.of();
        }
    }

    private void begin(long now, HostSockets.Bound bound) {
        IceEngine engine = shell.engine();
        bound.gaps()
                .forEach(gap -> engine.network().missing(now, gap.stream(), gap.component(), gap.where(), gap.why()));
        engine.network().gather(now, bound.bases());
    }

    private void stunServer(long now, int server, ResolvedName name) {
        Transport transport = config.stunServers().get(server).transport();
        if (transport != Transport.UDP) {
            shell.engine().network().stunServerUnresolved(now, server, UNSUPPORTED + transport);
        } else if (name.isEmpty()) {
            shell.engine().network().stunServerUnresolved(now, server, why(name));
        } else {
            shell.engine()
                    .network()
                    .stunServerResolved(
                            now,
                            server,
                            at(name, config.stunServers().get(server).port()));
        }
    }

    private void turnServer(long now, int server, ResolvedName name) {
        Transport transport = config.turnServers().get(server).transport();
        if (transport != Transport.UDP) {
            shell.engine().network().turnServerUnresolved(now, server, UNSUPPORTED + transport);
        } else if (name.isEmpty()) {
            shell.engine().network().turnServerUnresolved(now, server, why(name));
        } else {
            shell.engine()
                    .network()
                    .turnServerResolved(
                            now,
                            server,
                            at(name, config.turnServers().get(server).port()));
        }
    }

    private static String why(ResolvedName name) {
        return "the name " + name.name() + " was not resolved: "
                + (name.problems().isEmpty() ? "no address" : String.join("; ", name.problems()));
    }

    private static List<InetSocketAddress> at(ResolvedName name, int port) {
        return Stream.concat(name.ipv6().stream(), name.ipv4().stream())
                .map(ip -> new InetSocketAddress(ip, port))
                .toList();
    }
}
