// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceReport;
import org.icepath.ice.PairStatistics;
import org.icepath.ice.gather.GatheredCandidate;
import org.icepath.ice.gather.MissingCandidate;

/**
 * A session, or one peer of it, at one moment. Immutable; may be read on any thread.
 */
public final class EngineSnapshot {

    private final String session;
    private final IceConfig config;
    private final Gathered ours;
    private final Timeline.Extract timeline;
    private final List<PeerSnapshot> peers;
    private final Strangers.Seen strangers;

    EngineSnapshot(
            String session,
            IceConfig config,
            Gathered ours,
            Timeline.Extract timeline,
            List<PeerSnapshot> peers,
            Strangers.Seen strangers) {
        this.session = session;
        this.config = config;
        this.ours = ours;
        this.timeline = timeline;
        this.peers = List.copyOf(peers);
        this.strangers = strangers;
    }

    /**
     * What was gathered.
     *
     * @param startedAt when gathering began, in nanoseconds
     * @param awaited what is still waited for, in words
     * @param refusedPeers whom our relays let nothing through from
     * @param told what was last told to a peer
     * @param closed whether the session has ended
     */
    record Gathered(
            long startedAt,
            List<GatheredCandidate> candidates,
            List<MissingCandidate> missing,
            List<String> awaited,
            List<RefusedPeer> refusedPeers,
            Optional<IceDescription> told,
            boolean closed) {
        Gathered {
            candidates = List.copyOf(candidates);
            missing = List.copyOf(missing);
            awaited = List.copyOf(awaited);
            refusedPeers = List.copyOf(refusedPeers);
        }
    }

    /** A permission that a relay has refused (RFC 8656 §9.1). */
    record RefusedPeer(String relay, InetAddress peer, String why) {}

    /** The story in words. */
    public IceReport toReport() {
        return new ReportWriter(config, ours, peers, strangers).write(session, timeline.moments());
    }

    /**
     * All pairs of the peers in numbers; what was sent is counted by whoever sends, and 0 here.
     *
     * @param clock read when the snapshot was taken
     */
    public List<PairStatistics> pairs(WallClock clock) {
        return peers.stream().flatMap(peer -> peer.statistics(config, clock)).toList();
    }
}
