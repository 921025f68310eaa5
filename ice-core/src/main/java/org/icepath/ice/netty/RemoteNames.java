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
 * Looks up the names that peers give as candidate addresses (RFC 8839 §5.1), those under {@code .local} by multicast DNS; each name once.
 * Confined to the event loop.
 */
final class RemoteNames {

    // Names come from the peer: it must not make us ask for as many as it likes.
    private static final int MOST_LOOKUPS = 32;

    private final SessionShell shell;
    private final Names names;
    private final MulticastDns multicastDns;
    private final Map<String, CompletableFuture<ResolvedName>> asked = new HashMap<>();

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
        if (!asked.containsKey(name.name()) && asked.size() >= MOST_LOOKUPS) {
            giveUp(wanted, "it is one name too many");
        } else {
            CompletableFuture<Void> unused = asked.computeIfAbsent(name.name(), unknown -> lookUp(name))
                    .thenAccept(resolved -> resolved(wanted, resolved));
        }
    }

    private CompletableFuture<ResolvedName> lookUp(NamedAddress name) {
        return name.isMulticastDns() ? multicastDns.resolve(name.name()) : names.resolve(name.name());
    }

    private void resolved(EngineEvent.ResolveName wanted, ResolvedName name) {
        Optional<InetAddress> chosen = Stream.concat(
                        name.ipv6().stream().filter(ip -> shell.hasIpv6()), name.ipv4().stream())
                .findFirst();
        if (chosen.isEmpty()) {
            giveUp(wanted, name.problems().isEmpty() ? "no usable address" : String.join("; ", name.problems()));
        } else {
            shell.perform(now -> shell.engine().signalling().remoteResolved(now, wanted, chosen.get()));
        }
    }

    private void giveUp(EngineEvent.ResolveName wanted, String why) {
        shell.perform(now -> shell.engine().signalling().remoteUnresolved(now, wanted, why));
    }
}
