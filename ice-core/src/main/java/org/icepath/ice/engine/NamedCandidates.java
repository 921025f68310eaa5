// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.NamedAddress;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.Generation;
import org.icepath.ice.IceEvent;

/** The candidates of one peer that have names: they are asked for, and come back as addresses. Not thread-safe. */
final class NamedCandidates {

    /** Names that are looked up for one peer: the peer chooses how many it sends. */
    private static final int MAX_NAMES = 10;

    private final int peer;
    private final EngineOutbox outbox;
    private final Set<String> names = new HashSet<>(2);

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
        String name = candidate.address().host();
        if (names.contains(name) || names.size() < MAX_NAMES) {
            names.add(name);
            outbox.tell(new EngineEvent.ResolveName(peer, generation, stream, candidate));
        } else {
            outbox.peer(
                    at,
                    peer,
                    new IceEvent.Ignored(
                            "candidate " + candidate.address() + ": " + MAX_NAMES + " names were looked up already"));
        }
    }
}
