// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.pacing;

import org.icepath.ice.Pacer;
import org.jspecify.annotations.Nullable;

/**
 * The turns that the parts of one agent take: gathering and checks begin no two transactions within Ta (RFC 8445 §14.2).
 *
 * <p>Whoever had the last turn leaves the next one to another that waits, by coming one beat of the pacer later. Not thread-safe.
 */
public final class Turns {

    private long last = Long.MIN_VALUE;
    private @Nullable Object lastTaker;
    private @Nullable Object waiting;
    private @Nullable Pacer begun;

    /** When {@code part} may have its turn; {@link Long#MIN_VALUE} when nobody has had one. */
    public long earliest(Object part, long taNanos) {
        if (lastTaker == null) {
            return Long.MIN_VALUE;
        }
        boolean yields = part == lastTaker && waiting != null && waiting != part;
        return last + taNanos + (yields ? Pacer.BEAT_NANOS : 0);
    }

    /**
     * {@code part} begins a transaction now.
     *
     * @param pacer hears when its request has left, if {@link #left} is called
     */
    public void take(long now, Object part, Pacer pacer) {
        last = now;
        lastTaker = part;
        begun = pacer;
        waitNoLonger(part);
    }

    /** What was begun has left by {@code now}: Ta, and the beat of all, are counted from here. */
    public void left(long now) {
        if (begun != null) {
            last = now;
            begun.left(now);
            begun = null;
        }
    }

    /** {@code part} has something to send, and may not yet. */
    public void await(Object part) {
        waiting = waiting == null ? part : waiting;
    }

    /** {@code part} has nothing to send. */
    public void waitNoLonger(Object part) {
        if (waiting == part) {
            waiting = null;
        }
    }
}
