// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

/**
 * A promise about one benchmark.
 *
 * @param name of what is promised
 * @param benchmark {@code Class.method}, and {@code :parameter} where there is one
 * @param opponent likewise; empty when {@code ratio} is against {@code limitNanos}
 * @param limitNanos an absolute limit in nanoseconds, 0 when there is an opponent
 * @param ratio the most that ours may cost, as a multiple of the opponent or the limit
 * @param bytes the most that one operation may allocate beyond the opponent where {@code bytesOverOpponent}, else at all
 * @param bytesOverOpponent how {@code bytes} is meant
 */
record Bar(
        String name,
        String benchmark,
        String opponent,
        double limitNanos,
        double ratio,
        double bytes,
        boolean bytesOverOpponent) {

    /**
     * What counts as nothing: what the measurement itself allocates, spread over the operations of a turn or an iteration, is never quite
     * 0. An object has 16 bytes at least, so this is less than one in 1,600 operations.
     */
    private static final double NOTHING = 0.01;

    /** At most {@code ratio} of the opponent, allocating nothing. */
    static Bar against(String opponent, double ratio, String name, String benchmark) {
        return new Bar(name, benchmark, opponent, 0, ratio, NOTHING, false);
    }

    /** At most {@code nanos}, allocating nothing. */
    static Bar within(double nanos, String name, String benchmark) {
        return new Bar(name, benchmark, "", nanos, 1, NOTHING, false);
    }

    /** At most {@code ratio} of the bare channel, allocating no more than it does. */
    static Bar overBare(String opponent, double ratio, String name, String benchmark) {
        return new Bar(name, benchmark, opponent, 0, ratio, NOTHING, true);
    }
}
