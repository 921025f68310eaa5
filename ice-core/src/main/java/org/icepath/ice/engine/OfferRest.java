// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.concurrent.TimeUnit;

/** How long offers for one reason keep from one another: 30 s, and twice as long each time, up to 8 min. Mutable. */
final class OfferRest {

    private static final long SHORTEST_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(8);

    private long next = SHORTEST_NANOS;

    /** The rest that is due, in nanoseconds. */
    long take() {
        long taken = next;
        next = Math.min(2 * taken, LONGEST_NANOS);
        return taken;
    }

    /** The next one is the shortest again. */
    void reset() {
        next = SHORTEST_NANOS;
    }
}
