// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VainTest {

    @ParameterizedTest
    @CsvSource({"39500, 10000", "20000, 10000", "19998, 9999", "1500, 750"})
    void aliceTellsWhatSheKnowsAfterTenSecondsOrHalfHerPatience(long patience, long told) {
        assertThat(Vain.untilInterim(Duration.ofMillis(patience))).hasMillis(told);
    }

    // his checks begin when he answers, hers when she hears of it: here not before he has given up
    @Test
    void theDiagnosisIsMadeWhenAliceHasGivenUpThoughBobDidSoBefore() throws Exception {
        CallPlan plan = new CallPlan(
                Scenario.NO_PATH, 50, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofMillis(1_500));
        HeldAnswer said = new HeldAnswer();

        CallOutcome outcome = Call.run(plan, new Timeline(said));

        assertThat(said.toString()).containsSubsequence("bob     gives up", "alice   gives up");
        assertThat(outcome.connected()).isFalse();
        assertThat(outcome.report().verdict()).startsWith("No path: ");
    }

    /** A timeline's paper that, when bob has answered, lets the call go on only after he has given up. */
    private static final class HeldAnswer extends PrintWriter {

        private boolean gaveUp;

        HeldAnswer() {
            super(new StringWriter());
        }

        /** Under the lock of the timeline, which waiting gives back. */
        @Override
        public synchronized void println(String line) {
            super.println(line);
            if (line.contains("bob     gives up")) {
                gaveUp = true;
                notifyAll();
            } else if (line.contains("bob     183")) {
                awaitEnd();
            }
        }

        private synchronized void awaitEnd() {
            try {
                while (!gaveUp) {
                    wait();
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public String toString() {
            return out.toString();
        }
    }
}
