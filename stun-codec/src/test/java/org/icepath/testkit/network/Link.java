// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.util.Random;

/** One direction of a link, and what it remembers to keep packets in order. */
final class Link {

    /** Answer of {@link #transit} for a packet that vanishes. */
    static final long LOST = Long.MIN_VALUE;

    private LinkConditions conditions;
    private long lastArrival = Long.MIN_VALUE;

    Link(LinkConditions conditions) {
        this.conditions = conditions;
    }

    void conditions(LinkConditions changed) {
        conditions = changed;
    }

    boolean duplicates(Random random) {
        return happens(random, conditions.duplication());
    }

    /** When a packet that enters at {@code now} leaves, or {@link #LOST}. */
    long transit(long now, Random random) {
        if (happens(random, conditions.loss())) {
            return LOST;
        }
        long arrival = now + conditions.latency().toNanos();
        long jitter = conditions.jitter().toNanos();
        if (jitter > 0) {
            arrival += (long) (random.nextDouble() * jitter);
        }
        if (happens(random, conditions.reordering())) {
            return arrival + conditions.reorderDelay().toNanos();
        }
        lastArrival = Math.max(arrival, lastArrival);
        return lastArrival;
    }

    /** Draws no number for what never happens, so that a faultless link does not disturb the course of the others. */
    private static boolean happens(Random random, double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }
}
