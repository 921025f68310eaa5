// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Promotion after the nomination on real sockets: a relay 100 ms away, a direct way of 5 ms, a thousand packets a second each way, counted
 * by number where they arrive. {@code -Dicepath.promotions=50} makes it fifty calls each; one if absent.
 */
class PromotionsTest {

    private static final int PACKETS_SECOND = 1000;
    private static final int CALLS = Integer.getInteger("icepath.promotions", 1);

    @ParameterizedTest(name = "renomination {0}")
    @ValueSource(booleans = {true, false})
    void noPromotionLosesOrDoublesAPacket(boolean renomination) throws Exception {
        List<String> faults = new ArrayList<>();
        long packets = 0;
        for (int i = 0; i < CALLS; i++) {
            StringWriter said = new StringWriter();
            CallOutcome outcome = Call.run(plan(renomination), new Timeline(new PrintWriter(said)));
            packets += outcome.directions().stream()
                    .mapToLong(CallOutcome.Direction::received)
                    .sum();
            if (!outcome.clean() || !outcome.way().equals("direct")) {
                faults.add("call " + i + ": " + CallText.after(outcome) + "\n" + said);
            }
        }

        System.out.printf(
                "%d promotions %s renomination, %d packets arrived, %d calls at fault%n",
                CALLS, renomination ? "with" : "without", packets, faults.size());
        assertThat(faults).isEmpty();
        assertThat(packets).isGreaterThan(CALLS * 2L * PACKETS_SECOND);
    }

    private static CallPlan plan(boolean renomination) {
        return new CallPlan(
                Scenario.RESTART,
                PACKETS_SECOND,
                Duration.ofMillis(100),
                Duration.ZERO,
                Duration.ofMillis(300),
                Duration.ofSeconds(30),
                renomination);
    }
}
