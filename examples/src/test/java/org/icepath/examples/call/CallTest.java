// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final StringWriter said = new StringWriter();

    @ParameterizedTest
    @ValueSource(ints = {50, 1000})
    void promotionFromRelayToDirectLosesAndDoublesNoPacket(int packetsSecond) throws Exception {
        CallOutcome outcome = call(Scenario.HOME, packetsSecond, Duration.ofMillis(2_500));

        assertThat(outcome.lost()).isZero();
        assertThat(outcome.duplicated()).isZero();
        assertThat(outcome.way()).isEqualTo("direct");
        assertThat(said.toString())
                .contains("early media goes by relay")
                .contains("the firewall opens")
                .contains("media promoted: direct");
        assertThat(outcome.directions())
                .allSatisfy(direction -> assertThat(direction.sent()).isGreaterThan(packetsSecond));
    }

    @Test
    void phonesOnOneLanNeedNoRelay() throws Exception {
        CallOutcome outcome = call(Scenario.LAN, 50, Duration.ofMillis(300));

        assertThat(outcome.clean()).isTrue();
        assertThat(outcome.way()).isEqualTo("direct");
        assertThat(said.toString()).contains("early media goes direct").doesNotContain("by relay");
    }

    @Test
    void aHomeAndAnEnterpriseTalkByRelay() throws Exception {
        CallOutcome outcome = call(Scenario.ENTERPRISE, 50, Duration.ofMillis(300));

        assertThat(outcome.clean()).isTrue();
        assertThat(outcome.way()).isEqualTo("by relay");
    }

    @Test
    void withoutAPathBothGiveUpWhenPatienceEndsAndSayWhy() throws Exception {
        CallPlan plan = new CallPlan(
                Scenario.NO_PATH, 50, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofMillis(1_500));

        CallOutcome outcome = Call.run(plan, new Timeline(new PrintWriter(said)));

        assertThat(outcome.connected()).isFalse();
        assertThat(outcome.clean()).isFalse();
        assertThat(said.toString()).contains("knows so far").contains("gives up");
        assertThat(outcome.report().verdict()).isNotBlank();
    }

    private CallOutcome call(Scenario scenario, int packetsSecond, Duration talk) throws Exception {
        CallPlan plan =
                new CallPlan(scenario, packetsSecond, Duration.ofMillis(100), Duration.ofMillis(300), talk, PATIENCE);
        return Call.run(plan, new Timeline(new PrintWriter(said)));
    }
}
