// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long an offer that was refused waits before it is made again: the two sides of a glare wait differently (RFC 3261 §14.1).
 *
 * @param offeredFirst whether the dialog began with our offer; we are then taken for the owner of the Call-ID
 */
record GlareDelay(RandomGenerator random, boolean offeredFirst) {

    private static final int UNIT_MILLIS = 10;

    /** Draws the next one: 2.1 to 4 s for the owner of the Call-ID, 0 to 2 s for the other, in units of 10 ms. */
    Duration next() {
        int units = offeredFirst ? random.nextInt(210, 401) : random.nextInt(0, 201);
        return Duration.ofMillis((long) units * UNIT_MILLIS);
    }
}
