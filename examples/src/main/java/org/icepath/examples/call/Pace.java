// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

/** When the beats of a steady rate are due. Not thread-safe. */
final class Pace {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    // A machine that stood still drops what it would have said,
    // as a sound card does: a burst would test socket buffers.
    private static final long MOST_BEHIND_NANOS = 20_000_000;

    private final long interval;
    private long next;

    /** @param now when the first beat is due */
    Pace(int beatsPerSecond, long now) {
        this.interval = NANOS_PER_SECOND / beatsPerSecond;
        this.next = now;
    }

    /** Nanoseconds until the next beat; at 0 or less it is due, and counts as made. */
    long left(long now) {
        long left = next - now;
        if (left <= 0) {
            // a beat that came a little late is made up for, so that the rate holds
            next = Math.max(next + interval, now - MOST_BEHIND_NANOS);
        }
        return left;
    }
}
