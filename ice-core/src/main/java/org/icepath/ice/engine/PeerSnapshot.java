// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.icepath.candidate.Candidate;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PairStatistics;
import org.icepath.ice.PairTimes;
import org.icepath.ice.PairView;
import org.icepath.ice.agent.Encounters;
import org.icepath.ice.agent.PairSnapshot;
import org.icepath.ice.agent.TrafficCounts;
import org.icepath.ice.agent.TrafficTimes;

/**
 * One peer at one moment.
 *
 * @param layout what its description means
 * @param remotes the candidates that it has named
 * @param pairs of its agent; none without ICE
 * @param paths of all components
 * @param failed the streams that ICE has failed for
 * @param troubles what is wrong with those without ICE
 * @param owed which word of the application's, an offer or an answer, is missing; empty when none is
 * @param encounters what its agents have met with besides
 * @param wasConnected whether all its paths had worked at some time
 * @param departed whether it has been closed since
 */
record PeerSnapshot(
        int number,
        IceState state,
        IceRole role,
        RemoteLayout layout,
        List<RemoteSnapshot> remotes,
        List<PairSnapshot> pairs,
        List<PathSnapshot> paths,
        List<Integer> failed,
        List<PlainTroubles.Trouble> troubles,
        String owed,
        Encounters encounters,
        boolean wasConnected,
        boolean departed) {

    PeerSnapshot {
        remotes = List.copyOf(remotes);
        pairs = List.copyOf(pairs);
        paths = List.copyOf(paths);
        failed = List.copyOf(failed);
        troubles = List.copyOf(troubles);
    }

    /** The same, once it is closed. */
    PeerSnapshot parting() {
        return new PeerSnapshot(
                number,
                state,
                role,
                layout,
                remotes,
                pairs,
                paths,
                failed,
                troubles,
                owed,
                encounters,
                wasConnected,
                true);
    }

    /** The same, as if one stream were all there is. */
    PeerSnapshot only(int stream) {
        List<PairSnapshot> its =
                pairs.stream().filter(pair -> pair.stream() == stream).toList();
        long checks = its.stream()
                .mapToLong(pair -> pair.traffic().requestsReceived())
                .sum();
        return new PeerSnapshot(
                number,
                state,
                role,
                layout,
                remotes.stream().filter(each -> each.stream() == stream).toList(),
                its,
                paths.stream().filter(path -> path.stream() == stream).toList(),
                failed.stream().filter(each -> each == stream).toList(),
                troubles.stream().filter(trouble -> trouble.stream() == stream).toList(),
                owed,
                new Encounters(checks, 0, 0),
                false,
                departed);
    }

    Stream<PairStatistics> statistics(IceConfig config, WallClock clock) {
        return pairs.stream()
                .map(pair -> statistics(config.streams().get(pair.stream()).name(), pair, clock));
    }

    private static PairStatistics statistics(String stream, PairSnapshot pair, WallClock clock) {
        TrafficCounts traffic = pair.traffic();
        boolean answered = pair.lastAnsweredAt() != PairView.NOT_YET;
        return new PairStatistics(
                stream,
                pair.component(),
                pair.pair(),
                pair.generation(),
                pair.state(),
                pair.nominated(),
                pair.inUse(),
                0,
                0,
                0,
                0,
                traffic.packetsReceived(),
                traffic.bytesReceived(),
                pair.roundTripNanos().stream().mapToObj(Duration::ofNanos).findFirst(),
                Duration.ofNanos(traffic.totalRoundTripNanos()),
                traffic.requestsSent(),
                traffic.requestsReceived(),
                traffic.responsesSent(),
                traffic.responsesReceived(),
                traffic.consentRequestsSent(),
                pair.loss(),
                answered ? Optional.of(Duration.ofNanos(clock.now() - pair.lastAnsweredAt())) : Optional.empty(),
                times(pair, clock));
    }

    private static PairTimes times(PairSnapshot pair, WallClock clock) {
        TrafficTimes times = pair.times();
        return new PairTimes(
                clock.instant(),
                Optional.empty(),
                clock.instant(times.lastPacketReceivedAt()),
                clock.instant(times.firstRequestAt()),
                clock.instant(times.lastRequestAt()),
                clock.instant(times.lastResponseAt()),
                clock.instant(pair.consentLostAt()));
    }

    /** Whether packets of a component can go somewhere. */
    boolean isSending(int stream, int component) {
        return paths.stream()
                .anyMatch(path -> path.stream() == stream
                        && path.component() == component
                        && !path.inUse().isEmpty());
    }

    /** The pair that carries a component's packets. */
    Optional<PairSnapshot> inUse(int stream, int component) {
        return paths.stream()
                .filter(path -> path.stream() == stream && path.component() == component)
                .flatMap(path -> path.inUse().stream())
                .flatMap(inUse -> pairs.stream().filter(pair -> pair.pair().equals(inUse)))
                .reduce((first, other) -> other.inUse() ? other : first); // two generations may have it
    }

    /**
     * One component's path.
     *
     * @param inUse the pair that carries packets; none when nothing can be sent
     * @param heard whether a packet of the application's protocol has come
     */
    record PathSnapshot(int stream, int component, List<CandidatePair> inUse, boolean heard) {
        PathSnapshot {
            inUse = List.copyOf(inUse);
        }
    }

    /**
     * A candidate that the peer has named.
     *
     * @param named as the peer named it
     * @param addressed the same, with the address that its name stands for, if that is known
     * @param trickled whether it came later than the peer's description
     * @param unused why it is not paired; empty when it is, or may be
     */
    record RemoteSnapshot(int stream, Candidate named, Candidate addressed, boolean trickled, Optional<String> unused) {

        /** Whether a pair is one of this candidate's. */
        boolean isIn(PairSnapshot pair) {
            Candidate remote = pair.pair().remote();
            return pair.stream() == stream
                    && pair.component() == addressed.component()
                    && remote.address().equals(addressed.address())
                    && remote.transport().equals(addressed.transport());
        }
    }
}
