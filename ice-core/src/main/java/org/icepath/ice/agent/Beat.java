// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.time.Duration;
import org.icepath.ice.Pacer;
import org.icepath.sansio.Machine;

/** When the agent may begin its next check: its own Ta has passed and the shared pacer grants it (RFC 8445 §14.2). */
final class Beat {

    private final Pacer pacer;
    private long taNanos;
    private long notBefore = Long.MIN_VALUE;
    private long reservedAt = Machine.NEVER;
    private long next = Machine.NEVER;

    Beat(Pacer pacer, Duration ta) {
        this.pacer = pacer;
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
        if (reservedAt == Machine.NEVER) {
            if (now < notBefore) {
                next = notBefore;
                return false;
            }
            reservedAt = pacer.reserve(now);
        }
        next = reservedAt;
        if (now < reservedAt) {
            return false;
        }
        notBefore = now + taNanos;
        reservedAt = Machine.NEVER;
        return true;
    }

    /**
     * There is nothing to send: a reservation is lost.
     *
     * @param until when there will be something, or {@link Machine#NEVER}
     */
    void rest(long until) {
        reservedAt = Machine.NEVER;
        next = until;
    }

    long next() {
        return next;
    }
}
