// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long an offer waits that is to mend a failure which an offer before it has not mended: a peer that is gone shall not cause one
 * re-INVITE after the other. Times double, as those of {@link PromotionWish} do. Mutable.
 */
final class FailureRest {

    /** The time between two offers at least; it doubles with each. */
    private static final long SHORTEST_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(8);

    private boolean begun;
    private boolean offered;
    private long readyAt;
    private long rest = SHORTEST_NANOS;

    /** A failure makes an offer due: the first one at once, each further one when that before has had its time. */
    void failed(long now) {
        if (!begun) {
            begun = true;
            readyAt = now;
        } else if (offered) {
            readyAt = Math.max(now, readyAt + rest);
            rest = Math.min(2 * rest, LONGEST_NANOS);
        }
        offered = false;
    }

    /** An offer that is to mend it has gone out, or one of the peer that does so was answered. */
    void offered() {
        offered = begun;
    }

    /** How long the offer that is due waits from now on. */
    Duration remaining(long now) {
        return Duration.ofNanos(begun && readyAt > now ? readyAt - now : 0);
    }

    /** There is something new to offer, or nothing to mend any more. */
    void reset() {
        begun = false;
        offered = false;
        rest = SHORTEST_NANOS;
    }
}
