// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.icepath.ice.PairView;

/** What has left on one pair, and what was refused while it was in use. Mutable; confined to the event loop, but for the refusals. */
final class SentOnPair {

    private static final VarHandle PACKETS_REFUSED = counter("packetsRefused");
    private static final VarHandle BYTES_REFUSED = counter("bytesRefused");

    private long packets;
    private long bytes;
    private long packetsRefused; // by any thread
    private long bytesRefused; // likewise
    private long lastAt = PairView.NOT_YET;

    private static VarHandle counter(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(SentOnPair.class, field, long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    void sent(long now, int length) {
        packets++;
        bytes += length;
        lastAt = now;
    }

    /** Any thread. */
    void refused(int length) {
        PACKETS_REFUSED.getAndAdd(this, 1L);
        BYTES_REFUSED.getAndAdd(this, (long) length);
    }

    /** Adds what was counted elsewhere of the same pair. */
    void add(SentOnPair other) {
        packets += other.packets;
        bytes += other.bytes;
        packetsRefused += other.packetsRefused();
        bytesRefused += other.bytesRefused();
        lastAt = Math.max(lastAt, other.lastAt);
    }

    long packets() {
        return packets;
    }

    long bytes() {
        return bytes;
    }

    long packetsRefused() {
        return (long) PACKETS_REFUSED.getOpaque(this);
    }

    long bytesRefused() {
        return (long) BYTES_REFUSED.getOpaque(this);
    }

    /** When a packet last left, or {@link PairView#NOT_YET}. */
    long lastAt() {
        return lastAt;
    }
}
