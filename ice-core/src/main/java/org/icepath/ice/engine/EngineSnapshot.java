// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.CheckLoss;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceReport.Moment;
import org.icepath.ice.PairStatistics;
import org.icepath.ice.agent.PairSnapshot;
import org.icepath.ice.gather.GatheredCandidate;
import org.icepath.ice.gather.MissingCandidate;

/**
 * A session, or one peer of it, at one moment. Immutable; may be read on any thread.
 */
public final class EngineSnapshot {

    private final String session;
    private final IceConfig config;
    private final Gathered ours;
    private final List<Moment> moments;
    private final List<PeerSnapshot> peers;
    private final Strangers.Seen strangers;

    EngineSnapshot(
            String session,
            IceConfig config,
            Gathered ours,
            List<Moment> moments,
            List<PeerSnapshot> peers,
            Strangers.Seen strangers) {
        this.session = session;
        this.config = config;
        this.ours = ours;
        this.moments = List.copyOf(moments);
        this.peers = List.copyOf(peers);
        this.strangers = strangers;
    }

    /**
     * What was gathered.
     *
     * @param startedAt when gathering began, in nanoseconds
     * @param awaited what is still waited for, in words
     * @param told what was last told to a peer
     * @param closed whether the session has ended
     */
    record Gathered(
            long startedAt,
            List<GatheredCandidate> candidates,
            List<MissingCandidate> missing,
            List<String> awaited,
            Optional<IceDescription> told,
            boolean closed) {
        Gathered {
            candidates = List.copyOf(candidates);
            missing = List.copyOf(missing);
            awaited = List.copyOf(awaited);
        }
    }

    /** The story in words. */
    public IceReport toReport() {
        return new ReportWriter(config, ours, peers, strangers).write(session, moments);
    }

    /** All pairs of the peers in numbers; what was sent is counted by whoever sends, and 0 here. */
    public List<PairStatistics> pairs(long now) {
        return peers.stream().flatMap(peer -> peer.statistics(config, now)).toList();
    }

    /** The round-trip time over the pair that carries a component's packets, in nanoseconds, if it was measured. */
    public OptionalLong roundTripNanos(int peer, int stream, int component) {
        return inUse(peer, stream, component).map(PairSnapshot::roundTripNanos).orElse(OptionalLong.empty());
    }

    /** What was lost of the checks on the pair that carries a component's packets. */
    public CheckLoss checkLoss(int peer, int stream, int component) {
        return inUse(peer, stream, component).map(PairSnapshot::loss).orElse(CheckLoss.NONE);
    }

    private Optional<PairSnapshot> inUse(int peer, int stream, int component) {
        return peers.stream()
                .filter(each -> each.number() == peer)
                .flatMap(each -> each.inUse(stream, component).stream())
                .findFirst();
    }
}
