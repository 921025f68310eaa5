// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what arrives of an {@link RtpSender}, by number. One thread receives; the counters may be read by any. */
final class RtpReceiver {

    private final BitSet seen = new BitSet();
    private int next;
    private long heardAt;
    private final AtomicLong longestSilence = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong duplicated = new AtomicLong();
    private final AtomicLong overtaken = new AtomicLong();
    private final AtomicLong foreign = new AtomicLong();

    /** Takes a packet; it stays the caller's. */
    void receive(ByteBuffer packet) {
        int at = packet.position();
        if (packet.remaining() != RtpSender.HEADER + RtpSender.PAYLOAD || (packet.get(at) & 0xC0) != 0x80) {
            foreign.incrementAndGet();
            return;
        }
        int number = (int) packet.getLong(at + RtpSender.HEADER);
        if (seen.get(number)) {
            duplicated.incrementAndGet();
            return;
        }
        seen.set(number);
        listen(System.nanoTime());
        received.incrementAndGet();
        if (number < next) {
            overtaken.incrementAndGet();
        } else {
            next = number + 1;
        }
    }

    private void listen(long now) {
        if (received.get() > 0) {
            longestSilence.accumulateAndGet(now - heardAt, Math::max);
        }
        heardAt = now;
    }

    /** The longest time between one packet and the next. */
    Duration longestSilence() {
        return Duration.ofNanos(longestSilence.get());
    }

    /**
     * Which of the packets from 0 to {@code sent - 1} have not arrived; to be asked when none is on its way any more.
     *
     * @return such as {@code 17, 203-208}; empty when all have
     */
    String missing(long sent) {
        StringJoiner ranges = new StringJoiner(", ");
        int from = seen.nextClearBit(0);
        while (from < sent) {
            int next = seen.nextSetBit(from);
            int to = next < 0 ? (int) sent : next;
            ranges.add(to - from == 1 ? String.valueOf(from) : from + "-" + (to - 1));
            from = seen.nextClearBit(to);
        }
        return ranges.toString();
    }

    /** Different packets that arrived. */
    long received() {
        return received.get();
    }

    /** Packets that arrived once more. */
    long duplicated() {
        return duplicated.get();
    }

    /** Packets that a later one had overtaken, as happens when a short path replaces a long one. */
    long overtaken() {
        return overtaken.get();
    }

    /** Packets that were none of the sender's. */
    long foreign() {
        return foreign.get();
    }
}
