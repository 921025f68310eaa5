// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.time.Duration;

/**
 * How a link treats the packets of one direction.
 *
 * <p>Packets keep their order, whatever the jitter, except those that {@code reordering} picks.
 *
 * @param latency time that every packet takes
 * @param jitter at most so much more, evenly distributed
 * @param loss probability that a packet vanishes, 0 to 1
 * @param duplication probability that a packet arrives twice, 0 to 1
 * @param reordering probability that a packet takes {@code reorderDelay} longer and is overtaken, 0 to 1
 * @param reorderDelay how much longer such a packet takes
 */
public record LinkConditions(
        Duration latency, Duration jitter, double loss, double duplication, double reordering, Duration reorderDelay) {

    /** No delay and no faults. */
    public static final LinkConditions PERFECT = of(Duration.ZERO);

    /** @throws IllegalArgumentException when a time is negative or a probability is not in [0, 1] */
    public LinkConditions {
        if (latency.isNegative() || jitter.isNegative() || reorderDelay.isNegative()) {
            throw new IllegalArgumentException("negative time: " + latency + ", " + jitter + ", " + reorderDelay);
        }
        checkProbability("loss", loss);
        checkProbability("duplication", duplication);
        checkProbability("reordering", reordering);
    }

    private static void checkProbability(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " " + value);
        }
    }

    /** A faultless link of the given latency. */
    public static LinkConditions of(Duration latency) {
        return new LinkConditions(latency, Duration.ZERO, 0, 0, 0, Duration.ZERO);
    }

    /** A faultless link of the given latency. */
    public static LinkConditions ofMillis(long latencyMillis) {
        return of(Duration.ofMillis(latencyMillis));
    }

    /** The same with another jitter. */
    public LinkConditions withJitter(Duration other) {
        return new LinkConditions(latency, other, loss, duplication, reordering, reorderDelay);
    }

    /** The same with another loss. */
    public LinkConditions withLoss(double other) {
        return new LinkConditions(latency, jitter, other, duplication, reordering, reorderDelay);
    }

    /** The same with another duplication. */
    public LinkConditions withDuplication(double other) {
        return new LinkConditions(latency, jitter, loss, other, reordering, reorderDelay);
    }

    /** The same with another reordering. */
    public LinkConditions withReordering(double other, Duration delay) {
        return new LinkConditions(latency, jitter, loss, duplication, other, delay);
    }
}
