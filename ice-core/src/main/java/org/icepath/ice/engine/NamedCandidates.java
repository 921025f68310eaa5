// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.NamedAddress;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.Generation;
import org.icepath.ice.IceEvent;
import org.jspecify.annotations.Nullable;

/** The candidates of one peer that have names: they are asked for, and come back as addresses. Not thread-safe. */
final class NamedCandidates {

    /** Names that are looked up for one generation of a peer: the peer chooses how many it sends. */
    private static final int MAX_NAMES = 10;

    private final int peer;
    private final EngineOutbox outbox;
    private final Map<String, Outcome> names = new HashMap<>(2);
    private int latest;

    /**
     * What became of a name.
     *
     * @param ip what it stands for; null as long as that is not known
     * @param problem why it is not
     */
    private record Outcome(@Nullable InetAddress ip, String problem) {}

    private static final Outcome ASKED = new Outcome(null, "its name is still being looked up");

    NamedCandidates(int peer, EngineOutbox outbox) {
        this.peer = peer;
        this.outbox = outbox;
    }

    /** The description without the candidates that have names; those of components that {@code layout} needs are asked for. */
    IceDescription without(long at, RemoteLayout layout, Generation generation) {
        IceDescription described = layout.remote();
        for (StreamDescription stream : layout.remote().streams()) {
            List<Candidate> named = stream.candidates().stream()
                    .filter(candidate -> candidate.address() instanceof NamedAddress)
                    .toList();
            if (!named.isEmpty()) {
                described = described.toBuilder().replaceStream(without(stream)).build();
                named.stream()
                        .filter(candidate -> layout.checks(stream.index(), candidate.component()))
                        .forEach(candidate -> ask(at, generation, stream.index(), candidate));
            }
        }
        return described;
    }

    private static StreamDescription without(StreamDescription stream) {
        List<Candidate> addressed = stream.candidates().stream()
                .filter(candidate -> !(candidate.address() instanceof NamedAddress))
                .toList();
        return stream.toBuilder().clearCandidates().candidates(addressed).build();
    }

    void ask(long at, Generation generation, int stream, Candidate candidate) {
        if (generation.number() > latest) { // a browser has other names for each
            latest = generation.number();
            names.clear();
        }
        String name = candidate.address().host();
        if (names.containsKey(name) || names.size() < MAX_NAMES) {
            names.putIfAbsent(name, ASKED);
            outbox.tell(new EngineEvent.ResolveName(peer, generation, stream, candidate));
        } else {
            outbox.peer(
                    at,
                    peer,
                    new IceEvent.Ignored(
                            "candidate " + candidate.address() + ": " + MAX_NAMES + " names were looked up already"));
        }
    }

    /** A name was found to stand for an address. */
    void resolved(Candidate named, InetAddress ip) {
        names.replace(named.address().host(), new Outcome(ip, ""));
    }

    /** A name stands for nothing. */
    void unresolved(Candidate named, String why) {
        names.replace(named.address().host(), new Outcome(null, "its name was not resolved: " + why));
    }

    /** What the candidate's name stands for, if it has one that is known. */
    Optional<InetAddress> address(Candidate candidate) {
        Outcome outcome = names.get(candidate.address().host());
        return outcome == null ? Optional.empty() : Optional.ofNullable(outcome.ip());
    }

    /** Why nothing is known that the candidate's name stands for. */
    String outcome(Candidate named) {
        Outcome outcome = names.get(named.address().host());
        return outcome == null ? MAX_NAMES + " names were looked up already" : outcome.problem();
    }
}
