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

    /** When {@code part} may have its turn; {@link Long#MIN_VALUE} when nobody has had one. */
    public long earliest(Object part, long taNanos) {
        if (lastTaker == null) {
            return Long.MIN_VALUE;
        }
        boolean yields = part == lastTaker && waiting != null && waiting != part;
        return last + taNanos + (yields ? Pacer.BEAT_NANOS : 0);
    }

    /** {@code part} begins a transaction now. */
    public void take(long now, Object part) {
        last = now;
        lastTaker = part;
        waitNoLonger(part);
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
