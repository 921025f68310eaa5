// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.LinkedHashMap;
import java.util.Map;
import org.icepath.candidate.CandidateAddress;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.PairView;
import org.icepath.net.MonotonicClock;
import org.jspecify.annotations.Nullable;

/**
 * What has passed over one path. Packets are counted by the session's event loop alone, with plain adds that other threads see
 * soon; packets that were refused are counted by any thread.
 */
final class PathCounters {

    private static final int MOST_PAIRS = 256;

    private static final VarHandle PACKETS_SENT = counter("packetsSent");
    private static final VarHandle BYTES_SENT = counter("bytesSent");
    private static final VarHandle PACKETS_RECEIVED = counter("packetsReceived");
    private static final VarHandle BYTES_RECEIVED = counter("bytesReceived");
    private static final VarHandle PACKETS_REFUSED = counter("packetsRefused");
    private static final VarHandle BYTES_REFUSED = counter("bytesRefused");
    private static final VarHandle LAST_SENT_AT = counter("lastSentAt");
    private static final VarHandle LAST_RECEIVED_AT = counter("lastReceivedAt");

    private final Map<Ends, SentOnPair> pairs = new LinkedHashMap<>(2);
    private volatile @Nullable SentOnPair inUse; // the event loop alone writes it

    private long packetsRefused; // by any thread
    private long bytesRefused; // likewise

    // One writer: no atomic addition is needed, only that readers never see half a number.
    private long packetsSent;
    private long bytesSent;
    private long packetsReceived;
    private long bytesReceived;
    private long lastSentAt = PairView.NOT_YET;
    private long lastReceivedAt = PairView.NOT_YET;

    private static VarHandle counter(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(PathCounters.class, field, long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** A pair of one generation, whatever becomes of its priority. */
    private record Ends(CandidateAddress local, CandidateAddress remote, int generation) {
        static Ends of(CandidatePair pair, int generation) {
            return new Ends(pair.local().address(), pair.remote().address(), generation);
        }
    }

    /** Packets leave on this pair of a generation from now on. On the event loop. */
    void uses(CandidatePair pair, int generation) {
        if (pairs.size() >= MOST_PAIRS) {
            pairs.remove(pairs.keySet().iterator().next());
        }
        inUse = pairs.computeIfAbsent(Ends.of(pair, generation), ends -> new SentOnPair());
    }

    /** Adds what has left on a pair of a generation. On the event loop. */
    void addTo(SentOnPair sum, CandidatePair pair, int generation) {
        SentOnPair counted = pairs.get(Ends.of(pair, generation));
        if (counted != null) {
            sum.add(counted);
        }
    }

    /** On the event loop. */
    void sent(int bytes) {
        sent(MonotonicClock.now(), bytes);
    }

    /** As {@link #sent(int)}, where the time is known. */
    void sent(long now, int bytes) {
        PACKETS_SENT.setOpaque(this, packetsSent + 1);
        BYTES_SENT.setOpaque(this, bytesSent + bytes);
        LAST_SENT_AT.setOpaque(this, now);
        SentOnPair pair = inUse;
        if (pair != null) {
            pair.sent(now, bytes);
        }
    }

    /** On the event loop. */
    void received(long at, int bytes) {
        PACKETS_RECEIVED.setOpaque(this, packetsReceived + 1);
        BYTES_RECEIVED.setOpaque(this, bytesReceived + bytes);
        LAST_RECEIVED_AT.setOpaque(this, at);
    }

    /** A packet was refused, for there was nowhere to send it, or no consent. Any thread. */
    void refused(int bytes) {
        PACKETS_REFUSED.getAndAdd(this, 1L);
        BYTES_REFUSED.getAndAdd(this, (long) bytes);
    }

    /** A packet was refused, for the pair in use takes no more now. Any thread. */
    void overflowed(int bytes) {
        refused(bytes);
        SentOnPair pair = inUse;
        if (pair != null) {
            pair.refused(bytes);
        }
    }

    long packetsSent() {
        return (long) PACKETS_SENT.getOpaque(this);
    }

    long bytesSent() {
        return (long) BYTES_SENT.getOpaque(this);
    }

    long packetsReceived() {
        return (long) PACKETS_RECEIVED.getOpaque(this);
    }

    long bytesReceived() {
        return (long) BYTES_RECEIVED.getOpaque(this);
    }

    /** When a packet last left, or {@link PairView#NOT_YET}. */
    long lastSentAt() {
        return (long) LAST_SENT_AT.getOpaque(this);
    }

    /** When a packet last came, or {@link PairView#NOT_YET}. */
    long lastReceivedAt() {
        return (long) LAST_RECEIVED_AT.getOpaque(this);
    }

    long packetsRefused() {
        return (long) PACKETS_REFUSED.getOpaque(this);
    }

    long bytesRefused() {
        return (long) BYTES_REFUSED.getOpaque(this);
    }
}
