// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * What has passed over one path. Packets are counted by the session's event loop alone, with plain adds that other threads see
 * soon; packets that were refused are counted by any thread.
 */
final class PathCounters {

    private static final int PACKETS_SENT = 0;
    private static final int BYTES_SENT = 1;
    private static final int PACKETS_RECEIVED = 2;
    private static final int BYTES_RECEIVED = 3;

    private final AtomicLongArray counts = new AtomicLongArray(4);
    private final LongAdder dropped = new LongAdder();

    /** On the event loop. */
    void sent(int bytes) {
        add(PACKETS_SENT, 1);
        add(BYTES_SENT, bytes);
    }

    /** On the event loop. */
    void received(int bytes) {
        add(PACKETS_RECEIVED, 1);
        add(BYTES_RECEIVED, bytes);
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

    long packetsDropped() {
        return dropped.sum();
    }
}
