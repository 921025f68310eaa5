// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.pacing;

import java.time.Duration;
import org.icepath.ice.Pacer;
import org.icepath.sansio.Machine;

/**
 * When one part of an agent, its checks or its gathering, may begin its next transaction: Ta has passed since the agent's last turn and
 * the shared pacer grants it (RFC 8445 §14.2). A beat is reserved only when there is something to send, since one that is not used is
 * lost to everybody. Not thread-safe.
 */
public final class Beat {

    private final Pacer pacer;
    private final Turns turns;
    private long taNanos;
    private long reservedAt = Machine.NEVER;
    private long next = Machine.NEVER;
    private boolean refused;

    /**
     * Makes one that has not begun.
     *
     * @param turns shared by the parts of one agent
     */
    public Beat(Pacer pacer, Turns turns, Duration ta) {
        this.pacer = pacer;
        this.turns = turns;
        this.taNanos = ta.toNanos();
    }

    /** Sets Ta, from the next transaction on. */
    public void ta(Duration ta) {
        taNanos = ta.toNanos();
    }

    /**
     * Asks to begin a transaction now; who asks has one.
     *
     * @return whether it may; if not, {@link #next} says when to ask again
     */
    public boolean grants(long now) {
        refused = !mayBegin(now);
        return !refused;
    }

    private boolean mayBegin(long now) {
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
        if (now >= reservedAt) {
            reservedAt = pacer.begin(now);
        }
        next = reservedAt;
        if (now < reservedAt) {
            turns.await(this);
            return false;
        }
        turns.take(now, this, pacer);
        reservedAt = Machine.NEVER;
        return true;
    }

    /** What was granted has left by {@code now}, if it had not before. */
    public void left(long now) {
        turns.left(now);
    }

    /**
     * There is nothing to send: a reservation is lost.
     *
     * @param until when there will be something, or {@link Machine#NEVER}
     */
    public void rest(long until) {
        turns.waitNoLonger(this);
        refused = false;
        reservedAt = Machine.NEVER;
        next = until;
    }

    /** When {@link #grants} is worth asking again, or {@link Machine#NEVER}. */
    public long next() {
        // what was just begun may have left later than it was granted
        return refused ? Math.max(next, turns.earliest(this, taNanos)) : next;
    }
}
