// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IpAddress;
import org.icepath.candidate.NamedAddress;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.Generation;
import org.icepath.ice.agent.StreamLayout;

/** All candidates that one peer has named, for reports: those of its description, and those that it trickled. Not thread-safe. */
final class RemoteCandidates {

    /** That are remembered: a peer may trickle as many as it likes, and those behind the limit of the agent are told of in the timeline. */
    private static final int MOST_TRICKLED = 100;

    private final Generations generations;
    private final NamedCandidates names;
    // immutable until there is one: most peers describe all they have
    private List<Trickled> trickled = List.of();

    private record Trickled(String ufrag, int stream, Candidate candidate) {}

    RemoteCandidates(Generations generations, NamedCandidates names) {
        this.generations = generations;
        this.names = names;
    }

    /** A candidate was trickled. */
    void trickled(Generation of, int stream, Candidate candidate) {
        Trickled late = new Trickled(of.remoteUfrag(), stream, candidate);
        if (trickled.isEmpty()) {
            trickled = new ArrayList<>(2);
        }
        if (trickled.size() < MOST_TRICKLED && !trickled.contains(late)) {
            trickled.add(late);
        }
    }

    /** Another generation begins: what was trickled before tells nothing of it. */
    void renewed(List<StreamLayout> streams) {
        if (!trickled.isEmpty()) {
            trickled.removeIf(late -> streams.stream().anyMatch(stream -> stream.index() == late.stream));
        }
    }

    /** The components of which the peer has named a candidate, described or trickled, in a generation. */
    List<Integer> components(RemoteLayout layout, PeerGeneration generation, int stream) {
        Stream<Candidate> described = layout.remote().streams().get(stream).candidates().stream();
        Stream<Candidate> late = trickled.stream()
                .filter(each -> each.stream == stream && generation.hasRemoteUfrag(each.ufrag))
                .map(Trickled::candidate);
        return Stream.concat(described, late)
                .map(Candidate::component)
                .distinct()
                .toList();
    }

    /** All as they stand. */
    List<PeerSnapshot.RemoteSnapshot> snapshot(RemoteLayout layout) {
        List<PeerSnapshot.RemoteSnapshot> all = new ArrayList<>();
        for (StreamDescription stream : layout.used()) {
            Set<Candidate> described = new LinkedHashSet<>(stream.candidates());
            described.forEach(each -> all.add(snapshot(layout, stream, each, false)));
            candidatesTrickled(stream.index())
                    .filter(each -> !described.contains(each))
                    .forEach(each -> all.add(snapshot(layout, stream, each, true)));
        }
        return all;
    }

    private Stream<Candidate> candidatesTrickled(int stream) {
        return trickled.stream().filter(late -> late.stream == stream).map(Trickled::candidate);
    }

    private PeerSnapshot.RemoteSnapshot snapshot(
            RemoteLayout layout, StreamDescription stream, Candidate named, boolean late) {
        Candidate addressed = addressed(named);
        return new PeerSnapshot.RemoteSnapshot(
                stream.index(), named, addressed, late, whyUnused(layout, stream, addressed));
    }

    private Optional<String> whyUnused(RemoteLayout layout, StreamDescription stream, Candidate candidate) {
        if (layout.plain(stream)) {
            return Optional.of("the stream is without ICE");
        } else if (layout.bundled().containsKey(stream.index())) {
            return Optional.of("the stream goes with another one of its bundle");
        } else if (candidate.address() instanceof NamedAddress) {
            return Optional.of(names.outcome(candidate));
        }
        return generations.latestOf(stream.index()).flatMap(latest -> latest.agent()
                .whyUnused(stream.index(), candidate));
    }

    private Candidate addressed(Candidate named) {
        return names.address(named)
                .map(ip -> named.withAddress(new IpAddress(ip, named.address().port())))
                .orElse(named);
    }
}
