// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import org.icepath.bench.scale.ScaleComparison;

/**
 * A line of the table.
 *
 * @param name what was measured
 * @param ns nanoseconds of one operation
 * @param bytes allocated by one operation
 * @param opponent what it is compared with
 * @param opponentNs nanoseconds of one operation there
 * @param opponentBytes allocated by one operation there
 * @param ratio {@code ns} as a multiple of {@code opponentNs}
 * @param bar the most that the ratio may be
 * @param held whether ratio and bytes are within what was promised
 */
record Row(
        String name,
        double ns,
        double bytes,
        String opponent,
        double opponentNs,
        double opponentBytes,
        double ratio,
        double bar,
        boolean held) {

    private static final double CROWD_RATIO = 0.25;
    private static final long CROWD_HEAP = 16 * 1024;
    private static final double CROWD_THREADS = 0.01; // the event loops, none for an agent

    static Row of(Bar bar, Score ours, Score other) {
        return of(bar, ours, other, ours.nanos() / other.nanos());
    }

    /** With a ratio of its own: the median of many is not the ratio of medians. */
    static Row of(Bar bar, Score ours, Score other, double ratio) {
        double counted = bar.bytesOverOpponent() ? ours.bytes() - other.bytes() : ours.bytes();
        return new Row(
                bar.name(),
                ours.nanos(),
                ours.bytes(),
                bar.opponent().isEmpty() ? "limit" : bar.opponent(),
                other.nanos(),
                other.bytes(),
                ratio,
                bar.ratio(),
                ratio <= bar.ratio() && counted < bar.bytes());
    }

    /** Connecting in a crowd: CPU time of a pair, heap and threads of an agent. */
    static Row of(String name, ScaleComparison crowds, String opponent) {
        boolean held =
                crowds.ratio() <= CROWD_RATIO && crowds.ourHeap() <= CROWD_HEAP && crowds.ourThreads() < CROWD_THREADS;
        return new Row(
                name,
                crowds.ourNanos(),
                crowds.ourHeap(),
                opponent,
                crowds.theirNanos(),
                crowds.theirHeap(),
                crowds.ratio(),
                CROWD_RATIO,
                held);
    }

    static String header() {
        return "%-44s %9s %8s   %-34s %9s %8s %7s %6s %s"
                .formatted("what", "ns", "B", "against", "ns", "B", "ratio", "bar", "held");
    }

    @Override
    public String toString() {
        return "%-44s %9.1f %8.3f   %-34s %9.1f %8.3f %7.3f %6.2f %s"
                .formatted(name, ns, bytes, opponent, opponentNs, opponentBytes, ratio, bar, held ? "yes" : "NO");
    }
}
