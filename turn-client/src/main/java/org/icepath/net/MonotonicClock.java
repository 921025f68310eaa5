// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

/**
 * The one line of time that all machines of this process are driven on, in nanoseconds.
 *
 * <p>It starts near zero when the class is loaded and never runs backwards, so that a deadline can be compared with {@code <}, and
 * {@link org.icepath.sansio.Machine#NEVER} is never reached. Thread-safe.
 */
public final class MonotonicClock {

    private static final long ORIGIN = System.nanoTime();

    private MonotonicClock() {}

    /** Nanoseconds since the class was loaded. */
    public static long now() {
        return System.nanoTime() - ORIGIN;
    }
}
