// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.icepath.candidate.NamedAddress;
import org.icepath.ice.engine.EngineEvent;
import org.icepath.net.ResolvedName;
import org.icepath.net.mdns.MulticastDns;

/**
 * Looks up the names that peers give as candidate addresses (RFC 8839 §5.1), those under {@code .local} by multicast DNS; a name that is
 * being looked up is not asked for a second time meanwhile.
 * Confined to the event loop.
 */
final class RemoteNames {

    // Names come from peers: all of them together must not make us ask for as
    // many as they like at once. The engine bounds how many one peer may name.
    private static final int MOST_LOOKUPS = 32;

    private final SessionShell shell;
    private final Names names;
    private final MulticastDns multicastDns;
    private final Map<String, CompletableFuture<ResolvedName>> underWay = new HashMap<>(0);

    RemoteNames(SessionShell shell, Names names, MulticastDns multicastDns) {
        this.shell = shell;
        this.names = names;
        this.multicastDns = multicastDns;
    }

    /** Answers the engine's question, later if need be. */
    void resolve(EngineEvent.ResolveName wanted) {
        if (!(wanted.candidate().address() instanceof NamedAddress name)) {
            throw new IllegalArgumentException("no name: " + wanted.candidate().address());
        }
        if (!underWay.containsKey(name.name()) && underWay.size() >= MOST_LOOKUPS) {
            giveUp(wanted, MOST_LOOKUPS + " names are being looked up already");
        } else {
            CompletableFuture<Void> unused = underWay.computeIfAbsent(name.name(), unknown -> lookUp(name))
                    .thenAccept(resolved -> shell.perform(now -> {
                        underWay.remove(name.name());
                        resolved(now, wanted, resolved);
                    }));
        }
    }

    private CompletableFuture<ResolvedName> lookUp(NamedAddress name) {
        return name.isMulticastDns() ? multicastDns.resolve(name.name()) : names.resolve(name.name());
    }

    private void resolved(long now, EngineEvent.ResolveName wanted, ResolvedName name) {
        Optional<InetAddress> chosen = Stream.concat(
                        name.ipv6().stream().filter(ip -> shell.hasIpv6()), name.ipv4().stream())
                .findFirst();
        if (chosen.isEmpty()) {
            String why = name.problems().isEmpty() ? "no usable address" : String.join("; ", name.problems());
            shell.engine().trickle().remoteUnresolved(now, wanted, why);
        } else {
            shell.engine().trickle().remoteResolved(now, wanted, chosen.get());
        }
    }

    private void giveUp(EngineEvent.ResolveName wanted, String why) {
        shell.perform(now -> shell.engine().trickle().remoteUnresolved(now, wanted, why));
    }
}
