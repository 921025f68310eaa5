// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.util.function.BooleanSupplier;

/** Waits for what no event announces. */
final class Eventually {

    private static final long TIMEOUT_NANOS = 30_000_000_000L;

    private Eventually() {}

    static void holds(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not come to hold within 30 s");
            }
            Thread.onSpinWait();
        }
    }
}
