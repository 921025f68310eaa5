// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IpAddress;
import org.icepath.candidate.NamedAddress;
import org.icepath.ice.engine.EngineEvent;
import org.icepath.net.ResolvedName;

/** Looks up the names that peers give as candidate addresses (RFC 8839 §5.1). Confined to the event loop. */
final class RemoteNames {

    // Names come from the peer: it must not make us ask for as many as it likes.
    private static final int MOST_LOOKUPS = 32;

    private final SessionShell shell;
    private final Names names;
    private int lookups;

    RemoteNames(SessionShell shell, Names names) {
        this.shell = shell;
        this.names = names;
    }

    /** Answers the engine's question, later if need be. */
    void resolve(EngineEvent.ResolveName wanted) {
        if (!(wanted.candidate().address() instanceof NamedAddress name)) {
            add(wanted, wanted.candidate());
        } else if (name.isMulticastDns()) {
            giveUp(wanted, "the candidate " + name + " of the peer was ignored: .local names are not resolved");
        } else if (++lookups > MOST_LOOKUPS) {
            giveUp(wanted, "the candidate " + name + " of the peer was ignored: it is one name too many");
        } else {
            CompletableFuture<Void> unused =
                    names.resolve(name.name()).thenAccept(resolved -> resolved(wanted, resolved));
        }
    }

    private void resolved(EngineEvent.ResolveName wanted, ResolvedName name) {
        Optional<InetAddress> chosen = Stream.concat(
                        name.ipv6().stream().filter(ip -> shell.hasIpv6()), name.ipv4().stream())
                .findFirst();
        if (chosen.isEmpty()) {
            giveUp(
                    wanted,
                    "the candidate " + wanted.candidate().address() + " of the peer was ignored: "
                            + (name.problems().isEmpty() ? "no usable address" : String.join("; ", name.problems())));
        } else {
            int port = wanted.candidate().address().port();
            add(wanted, wanted.candidate().withAddress(new IpAddress(chosen.get(), port)));
        }
    }

    private void add(EngineEvent.ResolveName wanted, Candidate candidate) {
        shell.perform(now -> shell.engine()
                .signalling()
                .addRemote(now, wanted.peer(), wanted.generation(), wanted.stream(), candidate));
    }

    private void giveUp(EngineEvent.ResolveName wanted, String why) {
        shell.perform(now -> shell.engine()
                .signalling()
                .remoteUnresolved(now, wanted.peer(), wanted.stream(), wanted.candidate(), why));
    }
}
