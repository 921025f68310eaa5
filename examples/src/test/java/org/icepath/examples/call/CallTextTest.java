// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceState;
import org.icepath.ice.PairState;
import org.junit.jupiter.api.Test;

class CallTextTest {

    @Test
    void everyVoiceHasARowOfItsOwn() {
        assertThat(CallText.after(Outcomes.of(Outcomes.alice(7, 1, 20))))
                .containsSequence(
                        "  Packets             sent  received   lost  duplicated  overtaken",
                        "  alice → bob           10         7      3           1          2",
                        "  bob → alice           10        10      0           0          0",
                        "  Lost from alice to bob: 7-9",
                        "",
                        "  3 lost, 1 duplicated. The call ended direct.");
    }

    @Test
    void whatIsNotLostIsNotNamed() {
        assertThat(CallText.after(Outcomes.whole()))
                .contains("  0 lost, 0 duplicated. The call ended direct.")
                .noneMatch(line -> line.contains("Lost from"));
    }

    @Test
    void figuresAreOfNoLanguage() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(CallText.after(Outcomes.whole()))
                    .contains(
                            "  bob → alice           10        10      0           0          0",
                            "  0 lost, 0 duplicated. The call ended direct.");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aCallThatCameToNothingSaysWhy() {
        assertThat(CallText.after(Outcomes.silent()))
                .contains("    no pair could be formed", "  No call. Nobody answered.");
    }

    @Test
    void aFinalExchangeThatIsMissingIsTold() {
        assertThat(CallText.after(Outcomes.disagreed()))
                .contains("  0 lost, 0 duplicated. The call ended direct, without a final exchange as it should be.");
    }

    @Test
    void everyPairIsTold() {
        IceReport.PairEntry pair =
                new IceReport.PairEntry(1, 0, "audio", 1, "host to host", PairState.SUCCEEDED, "answered after 2 ms");
        IceReport report = new IceReport(
                "ice-1", IceState.CLOSED, List.of(), List.of(pair), List.of(), List.of(), "It connected.");

        assertThat(CallText.after(Outcomes.with(report)))
                .containsSequence("  What alice tried", "    host to host: answered after 2 ms", "")
                .doesNotContain("    no pair could be formed");
    }

    @Test
    void aPairIsToldWithTheRestartThatItIsOf() {
        assertThat(CallText.line(new IceReport.PairEntry(
                        1, 2, "audio", 1, "host to host", PairState.SUCCEEDED, "answered after 2 ms")))
                .isEqualTo("host to host in generation 2: answered after 2 ms");
    }

    // a telephone that knows no ICE is no call that has failed
    @Test
    void aCallWithoutIceHasNothingToTry() {
        IceReport report =
                new IceReport("ice-1", IceState.CLOSED, List.of(), List.of(), List.of(), List.of(), "Connected.");

        assertThat(CallText.after(Outcomes.with(report)))
                .anyMatch(line -> line.startsWith("    nothing: without ICE"))
                .doesNotContain("    no pair could be formed");
    }

    @Test
    void whatIsToHappenStandsBeforeIt() {
        CallPlan plan =
                new CallPlan(Scenario.LAN, 250, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1));

        assertThat(CallText.before(plan))
                .isEqualTo(List.of(
                        "",
                        "  alice calls bob · lan · 250 packets a second each way",
                        "  " + Scenario.LAN.story(),
                        ""));
    }
}
