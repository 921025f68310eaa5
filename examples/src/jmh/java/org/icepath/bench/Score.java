// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/**
 * What one benchmark cost.
 *
 * @param nanos of one operation, in the best fork
 * @param bytes allocated by one operation, in the middle one of that fork's iterations: to the last of them JMH also counts what
 *     closing allocates once
 */
record Score(double nanos, double bytes) {

    private static final String ALLOCATION = "gc.alloc.rate.norm";

    /** What a run of one fork cost. */
    static Score of(RunResult run) {
        BenchmarkResult fork = run.getBenchmarkResults().iterator().next();
        return new Score(fork.getPrimaryResult().getScore(), allocation(fork));
    }

    /** The cheaper of two: noise of a shared machine only ever adds. */
    Score better(Score other) {
        return other.nanos < nanos ? other : this;
    }

    private static double allocation(BenchmarkResult fork) {
        double[] iterations = fork.getIterationResults().stream()
                .mapToDouble(Score::allocation)
                .sorted()
                .toArray();
        return iterations[iterations.length / 2];
    }

    // JMH declares the results raw.
    @SuppressWarnings("rawtypes")
    private static double allocation(IterationResult iteration) {
        for (var secondary : iteration.getSecondaryResults().values()) {
            if (secondary.getLabel().endsWith(ALLOCATION)) {
                return secondary.getScore();
            }
        }
        throw new IllegalStateException("nothing was counted of " + ALLOCATION);
    }
}
