// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.time.Duration;

/**
 * How long an offer waits that is to mend a failure which an offer before it has not mended: a peer that is gone shall not cause one
 * re-INVITE after the other. Mutable.
 */
final class FailureRest {

    private final OfferRest rest = new OfferRest();
    private boolean begun;
    private boolean offered;
    private long readyAt;

    /** A failure makes an offer due: the first one at once, each further one when that before has had its time. */
    void failed(long now) {
        if (!begun) {
            begun = true;
            readyAt = now;
        } else if (offered) {
            readyAt = Math.max(now, readyAt + rest.take());
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
        rest.reset();
    }
}
