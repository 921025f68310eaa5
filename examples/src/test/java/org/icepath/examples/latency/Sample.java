// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.latency;

/**
 * One call, in nanoseconds since the later of both remote descriptions.
 *
 * @param data until both sides had received a packet
 * @param selected until both sides had selected their pair
 */
record Sample(long data, long selected) {

    /** The two sides' answers to {@code result}. */
    static Sample of(String[] one, String[] other) {
        return new Sample(since(one, other, 1), since(one, other, 2));
    }

    private static long since(String[] one, String[] other, int index) {
        return later(one, other, index) - later(one, other, 0);
    }

    private static long later(String[] one, String[] other, int index) {
        return Math.max(Long.parseLong(one[index]), Long.parseLong(other[index]));
    }
}
