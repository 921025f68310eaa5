// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
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

    /** So many that the shares of their kinds are those which the generator draws. */
    private static final int MANY = 1000;

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
        assertThatThereAre(calls, 0.05, "direct", call -> isOn(call, WorkingPath.Kind.DIRECT));
        assertThatThereAre(calls, 0.1, "translated", call -> isOn(call, WorkingPath.Kind.TRANSLATED));
        assertThatThereAre(
                calls,
                0.2,
                "by relay alone",
                call -> isOn(call, WorkingPath.Kind.ONE_RELAY) || isOn(call, WorkingPath.Kind.TWO_RELAYS));
        assertThatThereAre(calls, 0.1, "from relay to relay alone", call -> isOn(call, WorkingPath.Kind.TWO_RELAYS));
        assertThatThereAre(calls, 0.01, "without any path", call -> call.best().isEmpty());
        assertThatThereAre(calls, 0.1, "with more than ten candidates a side", RandomCall.Outcome::manyCandidates);
        assertThatThereAre(calls, 0.1, "with streams of two components", RandomCall.Outcome::twoComponents);
        assertThatThereAre(calls, 0.05, "restarted", call -> call.upheaval() == Upheaval.Kind.RESTART);
        assertThatThereAre(calls, 0.02, "losing an interface", call -> call.upheaval() == Upheaval.Kind.LOSS);
        assertThatThereAre(calls, 0.02, "getting an interface", call -> call.upheaval() == Upheaval.Kind.APPEARANCE);
    }

    /**
     * Of many calls so large a share is of this kind; of fewer as many as can be told from it: three standard deviations less, which a
     * generator that draws such a share falls below once in 700 samples.
     */
    private static void assertThatThereAre(
            List<RandomCall.Outcome> calls, double share, String what, Predicate<RandomCall.Outcome> kind) {
        int all = calls.size();
        double chance = all < MANY ? 3 * Math.sqrt(all * share * (1 - share)) : 0;
        long found = calls.stream().filter(kind).count();
        assertThat((double) found).as(what).isPositive().isGreaterThanOrEqualTo(all * share - chance);
    }

    private static boolean isOn(RandomCall.Outcome call, WorkingPath.Kind best) {
        return call.best().filter(best::equals).isPresent();
    }
}
