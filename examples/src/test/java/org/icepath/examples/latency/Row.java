// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.latency;

import java.util.Locale;

/**
 * A line of the table; times in milliseconds.
 *
 * @param what was measured
 * @param times how many there are
 * @param bar the most that the median of a latency may be, 0 where nothing was promised; the least that a distance may be
 * @param held whether it was
 */
record Row(
        String what,
        int times,
        double least,
        double p1,
        double median,
        double p99,
        double most,
        double bar,
        boolean held) {

    /**
     * Packets are stamped with nanoseconds by the clock that pacing goes by, when the system takes them, which is before the sender's
     * call returns. So no distance may be shorter at all but for what the clocks of two processors may differ by: a microsecond.
     */
    private static final double CLOCKS_MILLIS = 0.001;

    private static final double NANOS = 1e6;

    /**
     * A latency: its median counts.
     *
     * @param nanos in ascending order, not empty
     */
    static Row of(String what, long[] nanos, double bar) {
        return of(what, nanos, bar, bar == 0 || at(nanos, 0.5) <= bar);
    }

    /**
     * A distance that is to be kept: the least one counts.
     *
     * @param nanos in ascending order, not empty
     */
    static Row least(String what, long[] nanos, double bar) {
        return of(what, nanos, bar, at(nanos, 0) >= bar - CLOCKS_MILLIS);
    }

    private static Row of(String what, long[] nanos, double bar, boolean held) {
        return new Row(
                what,
                nanos.length,
                at(nanos, 0),
                at(nanos, 0.01),
                at(nanos, 0.5),
                at(nanos, 0.99),
                at(nanos, 1),
                bar,
                held);
    }

    private static double at(long[] nanos, double share) {
        int index = (int) Math.ceil(share * nanos.length) - 1;
        return nanos[Math.max(0, index)] / NANOS;
    }

    static String header() {
        return String.format(
                Locale.ROOT,
                "%-56s %6s %9s %9s %9s %9s %9s %8s %s",
                "milliseconds",
                "times",
                "least",
                "1%",
                "median",
                "99%",
                "most",
                "bar",
                "held");
    }

    @Override
    public String toString() {
        String promise = bar == 0 ? "" : String.format(Locale.ROOT, "%.1f", bar);
        String kept = bar == 0 ? "" : held ? "yes" : "NO";
        return String.format(
                Locale.ROOT,
                "%-56s %6d %9.3f %9.3f %9.3f %9.3f %9.3f %8s %s",
                what,
                times,
                least,
                p1,
                median,
                p99,
                most,
                promise,
                kept);
    }
}
