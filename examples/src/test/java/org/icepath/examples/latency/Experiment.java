// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.latency;

import java.util.List;

/**
 * Calls of one kind.
 *
 * @param name for the table
 * @param roundTripMillis of the network, 0 for a LAN
 * @param taMillis what both sides propose
 * @param addresses of each side; a packet gets through between the last two alone
 * @param dataMillis the most that the median may be until data has arrived both ways
 * @param selectedMillis the most that the median may be until both have selected
 */
record Experiment(
        String name, int roundTripMillis, int taMillis, int addresses, double dataMillis, double selectedMillis) {

    private static final int RTT = 50;
    private static final int FAST = 5;
    private static final int STANDARD = 50;
    private static final int MANY = 8;
    private static final double DEAD_PAIRS_MILLIS = 435;

    /** What both Java machines are warmed up with. */
    static Experiment warmUp() {
        return lan(FAST);
    }

    /** What is measured. */
    static List<Experiment> all() {
        return List.of(
                lan(FAST),
                lan(STANDARD),
                new Experiment("RTT 50 ms, Ta 5 ms", RTT, FAST, 1, 1.5 * RTT + 5, 2 * RTT + 5),
                new Experiment(
                        "RTT 50 ms, Ta 50 ms",
                        RTT,
                        STANDARD,
                        1,
                        1.5 * RTT + 5,
                        RTT + Math.max(RTT, STANDARD) + STANDARD + 5),
                new Experiment("63 dead pairs, LAN, Ta 5 ms", 0, FAST, MANY, DEAD_PAIRS_MILLIS, DEAD_PAIRS_MILLIS),
                new Experiment(
                        "63 dead pairs, RTT 50 ms, Ta 5 ms",
                        RTT,
                        FAST,
                        MANY,
                        DEAD_PAIRS_MILLIS + RTT,
                        DEAD_PAIRS_MILLIS + RTT));
    }

    private static Experiment lan(int ta) {
        return new Experiment("LAN, Ta " + ta + " ms", 0, ta, 1, 1, ta + 2);
    }
}
