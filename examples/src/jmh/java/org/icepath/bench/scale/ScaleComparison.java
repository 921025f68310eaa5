// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench.scale;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What crowds of two implementations cost that took turns, a process for each turn.
 *
 * <p>Processor time swings from one process to the next, by half of itself with ice4j, and with what else the machine does. So the two of
 * a round are neighbours in time, and what counts is the median of the rounds' ratios. Heap and threads do not swing: the
 * worst round counts.
 */
public record ScaleComparison(List<Round> rounds) {

    /** One process each, one after the other. */
    public record Round(ScaleFigures ours, ScaleFigures theirs) {

        /** Our processor time of connecting a pair, as a multiple of theirs. */
        double ratio() {
            return (double) ours.connectNanos() / theirs.connectNanos();
        }
    }

    public ScaleComparison {
        rounds = List.copyOf(rounds);
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException("no rounds");
        }
    }

    /** The median of the rounds' ratios of processor time. */
    public double ratio() {
        return middle(Round::ratio);
    }

    /** Processor time of connecting one of our pairs in nanoseconds, in the middle round. */
    public double ourNanos() {
        return middle(round -> round.ours().connectNanos());
    }

    /** The same of theirs. */
    public double theirNanos() {
        return middle(round -> round.theirs().connectNanos());
    }

    /** The most bytes that one of our agents kept. */
    public long ourHeap() {
        return worst(round -> round.ours().heapBytes()).ours().heapBytes();
    }

    /** The least bytes that one of theirs kept. */
    public long theirHeap() {
        return worst(round -> -round.theirs().heapBytes()).theirs().heapBytes();
    }

    /** The most threads that were kept for one of our agents. */
    public double ourThreads() {
        return worst(round -> round.ours().threads()).ours().threads();
    }

    private Round worst(ToDoubleFunction<Round> figure) {
        return rounds.stream().max(Comparator.comparingDouble(figure)).orElseThrow();
    }

    private double middle(ToDoubleFunction<Round> figure) {
        double[] sorted = sorted(figure);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private double[] sorted(ToDoubleFunction<Round> figure) {
        return rounds.stream().mapToDouble(figure).sorted().toArray();
    }

    /** How far the rounds are apart. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d rounds: connect %s ms CPU a pair, ice4j %s ms, ratios %s",
                rounds.size(),
                spread(round -> round.ours().connectNanos() / 1e6),
                spread(round -> round.theirs().connectNanos() / 1e6),
                spread(Round::ratio));
    }

    private String spread(ToDoubleFunction<Round> figure) {
        double[] sorted = sorted(figure);
        return String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", middle(figure), sorted[0], sorted[sorted.length - 1]);
    }
}
