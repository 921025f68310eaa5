// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import org.icepath.ice.Pacer;

/**
 * The turns of one gatherer: at least Ta apart, and one beat of the shared pacer each (RFC 8445 §14.2). A beat is reserved only
 * when there is something to send, since one that is not used is lost to everybody.
 */
final class Beat {

    private static final long NONE = Long.MIN_VALUE;

    private final Pacer pacer;
    private final long taNanos;
    private long earliest = NONE;
    private long granted = NONE;

    Beat(Pacer pacer, long taNanos) {
        this.pacer = pacer;
        this.taNanos = taNanos;
    }

    /** Whether a transaction may begin now; true takes the turn. */
    boolean take(long now) {
        if (granted == NONE) {
            if (now < earliest) {
                return false;
            }
            granted = pacer.reserve(now);
        }
        if (now < granted) {
            return false;
        }
        granted = NONE;
        earliest = now + taNanos;
        return true;
    }

    /** When {@link #take} is worth asking again; a time in the past when it is worth it now. */
    long next() {
        return granted != NONE ? granted : earliest;
    }
}
