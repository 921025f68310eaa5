// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.concurrent.TimeUnit;
import org.icepath.sansio.Machine;

/** Whether a promotion is worth an offer now: a path that comes and goes shall not cause one re-INVITE after the other. Mutable. */
final class PromotionWish {

    /** The time between two wishes at least; it doubles with each. */
    private static final long SHORTEST_REST_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long LONGEST_REST_NANOS = TimeUnit.MINUTES.toNanos(8);

    private boolean wished;
    private boolean told;
    private boolean again;
    private long restUntil;
    private long rest = SHORTEST_REST_NANOS;

    /** Whether there is something to be promoted to. */
    boolean wished() {
        return wished;
    }

    void wish(boolean wish) {
        told &= wish;
        wished = wish;
    }

    /** Whether the wish is to be told now; true once for each wish. */
    boolean takeDue(long now) {
        if (!wished || told || (again && now < restUntil)) {
            return false;
        }
        told = true;
        again = true;
        restUntil = now + rest;
        rest = Math.min(2 * rest, LONGEST_REST_NANOS);
        return true;
    }

    /** When a wish that must rest is to be told, or {@link Machine#NEVER}. */
    long nextTimeout() {
        return wished && !told && again ? restUntil : Machine.NEVER;
    }
}
