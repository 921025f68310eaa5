// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.icepath.testkit.topology.WorkingPath;
import org.junit.jupiter.api.Test;

/**
 * Calls over random networks, each judged by what plain UDP can do there. A failure names its seed.
 *
 * <p>{@code -Dicepath.random.networks=1000 -Dicepath.random.seeds=20} runs more of them; {@code -Dicepath.random.first=17
 * -Dicepath.random.networks=1} runs one.
 */
class RandomNetworksTest {

    private static final long NETWORKS = Long.getLong("icepath.random.networks", 150);
    private static final long SEEDS = Long.getLong("icepath.random.seeds", 1);
    private static final long FIRST = Long.getLong("icepath.random.first", 1);

    /** Enough networks for their kinds to be worth counting. */
    private static final int WORTH_COUNTING = 100;

    @Test
    void everyCallTakesTheBestPathThereIsOrSaysWhyThereIsNone() {
        List<Throwable> failures = new ArrayList<>();
        List<RandomCall.Outcome> calls = new ArrayList<>();
        LongStream.range(FIRST, FIRST + NETWORKS * SEEDS).forEach(seed -> {
            try {
                calls.add(RandomCall.make(seed));
            } catch (AssertionError | RuntimeException e) {
                System.out.println("random network " + seed + " fails");
                failures.add(new AssertionError("random network " + seed, e));
            }
        });

        if (!failures.isEmpty()) {
            AssertionError first = new AssertionError(failures.size() + " of " + NETWORKS * SEEDS + " networks: "
                    + failures.stream().map(Throwable::getMessage).toList());
            failures.forEach(first::addSuppressed);
            throw first;
        }
        if (calls.size() >= WORTH_COUNTING) {
            assertThatAllKindsAreThere(calls);
        }
    }

    /** Control: a generator that draws easy networks alone would prove nothing. */
    private static void assertThatAllKindsAreThere(List<RandomCall.Outcome> calls) {
        int all = calls.size();
        assertThat(count(calls, WorkingPath.Kind.DIRECT)).as("direct").isGreaterThan(all / 20);
        assertThat(count(calls, WorkingPath.Kind.TRANSLATED)).as("translated").isGreaterThan(all / 10);
        assertThat(count(calls, WorkingPath.Kind.ONE_RELAY) + count(calls, WorkingPath.Kind.TWO_RELAYS))
                .as("by relay alone")
                .isGreaterThanOrEqualTo(all / 5);
        assertThat(count(calls, WorkingPath.Kind.TWO_RELAYS))
                .as("from relay to relay alone")
                .isGreaterThanOrEqualTo(all / 10);
        assertThat(calls.stream().filter(call -> call.best().isEmpty()).count())
                .as("without any path")
                .isPositive();
        assertThat(calls.stream().filter(RandomCall.Outcome::manyCandidates).count())
                .as("with more than ten candidates a side")
                .isGreaterThanOrEqualTo(all / 10);
        assertThat(calls.stream().filter(RandomCall.Outcome::twoComponents).count())
                .as("with streams of two components")
                .isGreaterThan(all / 10);
        assertThat(count(calls, Upheaval.Kind.RESTART)).as("restarted").isGreaterThan(all / 20);
        assertThat(count(calls, Upheaval.Kind.LOSS)).as("losing an interface").isGreaterThan(all / 50);
        assertThat(count(calls, Upheaval.Kind.APPEARANCE))
                .as("getting an interface")
                .isGreaterThan(all / 50);
    }

    private static long count(List<RandomCall.Outcome> calls, Upheaval.Kind kind) {
        return calls.stream().filter(call -> call.upheaval() == kind).count();
    }

    private static long count(List<RandomCall.Outcome> calls, WorkingPath.Kind kind) {
        return calls.stream()
                .filter(call -> call.best().filter(kind::equals).isPresent())
                .count();
    }
}
