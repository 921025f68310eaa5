// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.nio.ByteBuffer;
import java.util.BitSet;

/** Counts what arrives of an {@link RtpSender}, by number. One thread receives; the counters may be read by any. */
final class RtpReceiver {

    private final BitSet seen = new BitSet();
    private int next;
    private volatile long received;
    private volatile long duplicated;
    private volatile long overtaken;
    private volatile long foreign;

    /** Takes a packet; it stays the caller's. */
    void receive(ByteBuffer packet) {
        int at = packet.position();
        if (packet.remaining() != RtpSender.HEADER + RtpSender.PAYLOAD || (packet.get(at) & 0xC0) != 0x80) {
            foreign++;
            return;
        }
        int number = (int) packet.getLong(at + RtpSender.HEADER);
        if (seen.get(number)) {
            duplicated++;
            return;
        }
        seen.set(number);
        received++;
        if (number < next) {
            overtaken++;
        } else {
            next = number + 1;
        }
    }

    /** Different packets that arrived. */
    long received() {
        return received;
    }

    /** Packets that arrived once more. */
    long duplicated() {
        return duplicated;
    }

    /** Packets that a later one had overtaken, as happens when a short path replaces a long one. */
    long overtaken() {
        return overtaken;
    }

    /** Packets that were none of the sender's. */
    long foreign() {
        return foreign;
    }
}
