// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.time.Duration;
import org.icepath.ice.Pacer;
import org.icepath.ice.pacing.Turns;
import org.icepath.sansio.Machine;

/** When the agent may begin its next check: Ta has passed since its last turn and the shared pacer grants it (RFC 8445 §14.2). */
final class Beat {

    private final Pacer pacer;
    private final Turns turns;
    private long taNanos;
    private long reservedAt = Machine.NEVER;
    private long next = Machine.NEVER;

    Beat(Pacer pacer, Turns turns, Duration ta) {
        this.pacer = pacer;
        this.turns = turns;
        this.taNanos = ta.toNanos();
    }

    /** Sets Ta, from the next check on. */
    void ta(Duration ta) {
        taNanos = ta.toNanos();
    }

    /**
     * Asks to begin a check now; an agent asks only when it has one.
     *
     * @return whether it may; if not, {@link #next} says when to ask again
     */
    boolean grants(long now) {
        long earliest = turns.earliest(this, taNanos);
        if (now < earliest) {
            // somebody else's turn may have overtaken a reservation: used late, it would be next to another agent's
            reservedAt = Machine.NEVER;
            next = earliest;
            turns.await(this);
            return false;
        }
        if (reservedAt == Machine.NEVER) {
            reservedAt = pacer.reserve(now);
        }
        next = reservedAt;
        if (now < reservedAt) {
            turns.await(this);
            return false;
        }
        turns.take(now, this);
        reservedAt = Machine.NEVER;
        return true;
    }

    /**
     * There is nothing to send: a reservation is lost.
     *
     * @param until when there will be something, or {@link Machine#NEVER}
     */
    void rest(long until) {
        turns.waitNoLonger(this);
        reservedAt = Machine.NEVER;
        next = until;
    }

    long next() {
        return next;
    }
}
