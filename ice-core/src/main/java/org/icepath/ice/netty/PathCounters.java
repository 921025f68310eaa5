// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.icepath.candidate.CandidateAddress;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.PairView;
import org.icepath.net.MonotonicClock;

/**
 * What has passed over one path. Packets are counted by the session's event loop alone, with plain adds that other threads see
 * soon; packets that were refused are counted by any thread.
 */
final class PathCounters {

    private static final int MOST_PAIRS = 256;
    private static final SentOnPair NOTHING = new SentOnPair();

    private static final int PACKETS_SENT = 0;
    private static final int BYTES_SENT = 1;
    private static final int PACKETS_RECEIVED = 2;
    private static final int BYTES_RECEIVED = 3;
    private static final int LAST_SENT_AT = 4;
    private static final int LAST_RECEIVED_AT = 5;

    private final AtomicLongArray counts = new AtomicLongArray(6);
    private final LongAdder dropped = new LongAdder();
    private final Map<Ends, SentOnPair> pairs = new LinkedHashMap<>(2);
    private SentOnPair inUse = new SentOnPair(); // nothing leaves before there is a pair

    PathCounters() {
        counts.setOpaque(LAST_SENT_AT, PairView.NOT_YET);
        counts.setOpaque(LAST_RECEIVED_AT, PairView.NOT_YET);
    }

    /** A pair, whatever becomes of its priority. */
    private record Ends(CandidateAddress local, CandidateAddress remote) {
        static Ends of(CandidatePair pair) {
            return new Ends(pair.local().address(), pair.remote().address());
        }
    }

    /** Packets leave on this pair from now on. On the event loop. */
    void uses(CandidatePair pair) {
        if (pairs.size() >= MOST_PAIRS) {
            pairs.remove(pairs.keySet().iterator().next());
        }
        inUse = pairs.computeIfAbsent(Ends.of(pair), ends -> new SentOnPair());
    }

    /** What has left on a pair. On the event loop. */
    SentOnPair on(CandidatePair pair) {
        return pairs.getOrDefault(Ends.of(pair), NOTHING);
    }

    /** On the event loop. */
    void sent(int bytes) {
        sent(MonotonicClock.now(), bytes);
    }

    /** As {@link #sent(int)}, where the time is known. */
    void sent(long now, int bytes) {
        add(PACKETS_SENT, 1);
        add(BYTES_SENT, bytes);
        counts.setOpaque(LAST_SENT_AT, now);
        inUse.sent(now, bytes);
    }

    /** On the event loop. */
    void received(long at, int bytes) {
        add(PACKETS_RECEIVED, 1);
        add(BYTES_RECEIVED, bytes);
        counts.setOpaque(LAST_RECEIVED_AT, at);
    }

    /** Any thread. */
    void dropped() {
        dropped.increment();
    }

    // One writer: no atomic addition is needed, only that readers never see half a number.
    private void add(int index, long amount) {
        counts.setOpaque(index, counts.getPlain(index) + amount);
    }

    long packetsSent() {
        return counts.getOpaque(PACKETS_SENT);
    }

    long bytesSent() {
        return counts.getOpaque(BYTES_SENT);
    }

    long packetsReceived() {
        return counts.getOpaque(PACKETS_RECEIVED);
    }

    long bytesReceived() {
        return counts.getOpaque(BYTES_RECEIVED);
    }

    /** When a packet last left, or {@link PairView#NOT_YET}. */
    long lastSentAt() {
        return counts.getOpaque(LAST_SENT_AT);
    }

    /** When a packet last came, or {@link PairView#NOT_YET}. */
    long lastReceivedAt() {
        return counts.getOpaque(LAST_RECEIVED_AT);
    }

    long packetsDropped() {
        return dropped.sum();
    }
}
