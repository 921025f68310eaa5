// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Media that waits for a stream to take it; of more than there is room for the oldest goes, being worth least. Not thread-safe. */
final class MediaQueue {

    private static final int MOST_DATAGRAMS = 1_024;

    private final int capacityBytes;
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
    private int bytes;
    private long dropped;

    MediaQueue(int capacityBytes) {
        this.capacityBytes = capacityBytes;
    }

    /**
     * Adds a datagram at the end.
     *
     * @param datagram ownership passes to the queue
     * @return false if something was dropped for it, or it itself
     */
    boolean add(ByteBuf datagram) {
        long droppedBefore = dropped;
        int size = datagram.readableBytes();
        waiting.add(datagram);
        bytes += size;
        while (bytes > capacityBytes || waiting.size() > MOST_DATAGRAMS) {
            ByteBuf oldest = poll();
            if (oldest == null) {
                break;
            }
            oldest.release();
            dropped++;
        }
        return dropped == droppedBefore;
    }

    /** Takes the oldest, null if there is none; ownership passes to the caller. */
    @Nullable
    ByteBuf poll() {
        ByteBuf oldest = waiting.poll();
        if (oldest != null) {
            bytes -= oldest.readableBytes();
        }
        return oldest;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** How many datagrams were dropped until now. */
    long dropped() {
        return dropped;
    }

    void clear() {
        for (ByteBuf each = poll(); each != null; each = poll()) {
            each.release();
        }
    }
}
