// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import org.icepath.ice.Pacer;
import org.icepath.ice.pacing.Turns;

/**
 * The turns of one gatherer: at least Ta apart, and one beat of the shared pacer each (RFC 8445 §14.2). A beat is reserved only
 * when there is something to send, since one that is not used is lost to everybody.
 */
final class Beat {

    private static final long NONE = Long.MIN_VALUE;

    private final Pacer pacer;
    private final Turns turns;
    private final long taNanos;
    private long granted = NONE;

    Beat(Pacer pacer, Turns turns, long taNanos) {
        this.pacer = pacer;
        this.turns = turns;
        this.taNanos = taNanos;
    }

    /** Whether a transaction may begin now; true takes the turn. */
    boolean take(long now) {
        if (now < turns.earliest(this, taNanos)) {
            // a check's turn may have overtaken a reservation: used late, it would be next to another agent's
            granted = NONE;
            turns.await(this);
            return false;
        }
        if (granted == NONE) {
            granted = pacer.reserve(now);
        }
        if (now < granted) {
            turns.await(this);
            return false;
        }
        granted = NONE;
        turns.take(now, this);
        return true;
    }

    /** There is nothing to send: a reservation is lost. */
    void rest() {
        granted = NONE;
        turns.waitNoLonger(this);
    }

    /** When {@link #take} is worth asking again; a time in the past when it is worth it now. */
    long next() {
        return Math.max(granted, turns.earliest(this, taNanos));
    }
}
