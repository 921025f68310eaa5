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

        assertThat(outcome.clean()).as(said::toString).isTrue();
        assertThat(outcome.way()).isEqualTo("direct");
        assertThat(said.toString()).contains("early media goes direct").doesNotContain("by relay");
    }

    @Test
    void aHomeAndAnEnterpriseTalkByRelay() throws Exception {
        CallOutcome outcome = call(Scenario.ENTERPRISE, 50, Duration.ofMillis(300));

        assertThat(outcome.clean()).as(said::toString).isTrue();
        assertThat(outcome.way()).isEqualTo("by relay");
    }

    // RFC 8445 §9: what was agreed is changed by an ICE restart, in a re-INVITE that the session wishes for
    @ParameterizedTest
    @ValueSource(ints = {50, 1000})
    void aRestartInAReinviteMovesTheCallFromTheRelayWithoutALoss(int packetsSecond) throws Exception {
        CallOutcome outcome = call(Scenario.RESTART, packetsSecond, Duration.ofMillis(500));

        assertThat(outcome.lost()).isZero();
        assertThat(outcome.duplicated()).isZero();
        assertThat(outcome.way()).isEqualTo("direct");
        assertThat(said.toString())
                .contains("wishes to offer an ICE restart")
                .contains("re-INVITE")
                .contains("media moves to the pair of the ICE restart: direct");
    }

    // draft-thatcher-ice-renomination
    @Test
    void phonesThatAgreeToNominateAgainNeedNoReinvite() throws Exception {
        CallOutcome outcome = Call.run(plan(Scenario.RESTART, 1000, Duration.ofMillis(500), true), timeline());

        assertThat(outcome.clean()).as(said::toString).isTrue();
        assertThat(outcome.way()).isEqualTo("direct");
        assertThat(said.toString()).contains("media promoted: direct").doesNotContain("re-INVITE");
    }

    @Test
    void aCallLeavesTheVpnWhenABetterWayOpens() throws Exception {
        CallOutcome outcome = Call.run(plan(Scenario.VPN, 50, Duration.ofMillis(500), true), timeline());

        assertThat(outcome.clean()).as(said::toString).isTrue();
        assertThat(outcome.way()).isEqualTo("direct");
        assertThat(said.toString()).contains("goes over the VPN").contains("media promoted: direct");
    }

    // The path is cut in silence: only unanswered checks say so
    @Test
    void aRelayInReserveSavesACallWhoseDirectPathIsCut() throws Exception {
        CallOutcome outcome = call(Scenario.FAILOVER, 50, Duration.ofMillis(1_500));

        assertThat(outcome.survived(Scenario.FAILOVER.longestSilence()))
                .as(said::toString)
                .isTrue();
        assertThat(outcome.way()).isEqualTo("by relay");
        assertThat(said.toString())
                .contains("goes direct")
                .contains("the firewall shuts")
                .contains("media saved: by relay")
                .contains("why: audio/1 leaves srflx")
                .contains("heard nothing of bob for");
    }

    // RFC 7675 §5.1, RFC 8445 §9: what consent has left is found again by a restart, which the session wishes for
    @Test
    void anOutageIsMendedByARestartInAReinvite() throws Exception {
        Duration moment = Duration.ofMillis(300);
        CallPlan plan = new CallPlan(Scenario.OUTAGE, 50, moment, moment, moment, Duration.ofMinutes(2));

        CallOutcome outcome = Call.run(plan, timeline());

        assertThat(outcome.connected()).as(said::toString).isTrue();
        assertThat(outcome.duplicated()).isZero();
        assertThat(outcome.way()).isEqualTo("direct");
        assertThat(outcome.report().pairs()).anyMatch(pair -> pair.generation() == 1);
        assertThat(said.toString())
                .containsSubsequence(
                        "the firewall shuts",
                        "consent lost on ",
                        "has lost all paths, and wishes to offer an ICE restart",
                        "re-INVITE",
                        "the firewall opens",
                        "alice   BYE")
                .doesNotContain("no path within", "gives up");
        // bob is controlled: he leaves the first word to alice for 4 s, and needs none of his own after hers
        if (said.toString().contains("bob     re-INVITE")) {
            assertThat(secondsOf("bob     re-INVITE") - secondsOf("bob     has lost all paths"))
                    .isGreaterThan(3.99);
        }
    }

    private double secondsOf(String moment) {
        String line = said.toString()
                .lines()
                .filter(each -> each.contains(moment))
                .findFirst()
                .orElseThrow();
        return Double.parseDouble(line.substring(0, 10).trim());
    }

    // RFC 8839 §4.4.1.1.1: a hold is no restart, not even the one of old
    @Test
    void aCallThatIsHeldGoesOnOnTheSamePath() throws Exception {
        CallOutcome outcome = call(Scenario.HOLD, 50, Duration.ofMillis(1_200));

        assertThat(outcome.clean()).as(said::toString).isTrue();
        assertThat(said.toString())
                .contains("re-INVITE, a=inactive: hold")
                .contains("re-INVITE, c=0.0.0.0: hold")
                .contains("the path stands, direct, generation 0")
                .doesNotContain("restart")
                .doesNotContain("consent lost");
    }

    // RFC 8839 §4.2.5.2
    @Test
    void aPhoneWithoutIceIsSpokenToAllTheSame() throws Exception {
        CallOutcome outcome = call(Scenario.NO_ICE, 50, Duration.ofMillis(300));

        assertThat(outcome.clean()).as(said::toString).isTrue();
        assertThat(outcome.way()).isEqualTo("direct");
        assertThat(outcome.report().pairs()).isEmpty();
        assertThat(outcome.report().text()).contains("the peer offers no ICE");
    }

    // RFC 3261 §13.2.2.4: one INVITE, two dialogs
    @Test
    void anInviteThatRingsTwoPhonesHearsBothAndTalksToTheOneThatAnswers() throws Exception {
        CallOutcome outcome = call(Scenario.FORK, 50, Duration.ofMillis(500));

        assertThat(outcome.clean()).as(said::toString).isTrue();
        assertThat(outcome.directions())
                .extracting(direction -> direction.from() + direction.to())
                .containsExactly("alicecarol", "carolalice", "bobalice");
        assertThat(said.toString()).contains("hears the early media of both");
    }

    // MS-ICE2 and MS-TURN: promotion before the final offer, which has exactly the selected candidates
    @ParameterizedTest
    @ValueSource(ints = {50, 1000})
    void aCallOfTheVendorsDialectIsPromotedFromItsRelayAndEndsWithAFinalOffer(int packetsSecond) throws Exception {
        CallOutcome outcome = call(CallProfile.MS_ICE2, Scenario.HOME, packetsSecond);

        assertThat(outcome.clean()).as(said::toString).isTrue();
        assertThat(outcome.way()).isEqualTo("direct");
        assertThat(said.toString())
                .contains("early media goes by relay")
                .contains("media promoted: direct")
                .contains("active destination of")
                .contains("final offer and answer have exactly the selected candidates");
    }

    @Test
    void aCallOfTheVendorsDialectStaysOnItsRelayWhereNothingElseConnects() throws Exception {
        CallOutcome outcome = call(CallProfile.MS_ICE2, Scenario.ENTERPRISE, 50);

        assertThat(outcome.clean()).as(said::toString).isTrue();
        assertThat(outcome.way()).isEqualTo("by relay");
        assertThat(said.toString())
                .contains("active destination of")
                .contains("final offer and answer have exactly the selected candidates");
        assertFailsWithoutItsFinalExchange(outcome);
    }

    /** The exit status rests on it: that packets arrive is not all that a call in this dialect has to do. */
    private static void assertFailsWithoutItsFinalExchange(CallOutcome whole) {
        CallOutcome without =
                new CallOutcome(whole.connected(), false, whole.way(), whole.directions(), whole.report());
        assertThat(whole.agreed()).isTrue();
        assertThat(without.clean()).isFalse();
        assertThat(without.survived(Scenario.FAILOVER.longestSilence())).isFalse();
    }

    @Test
    void phonesOfTwoDialectsAreJoinedByOneWhoFindsOut() throws Exception {
        CallOutcome outcome = call(CallProfile.MIXED, Scenario.LAN, 50);

        assertThat(outcome.clean()).isTrue();
        assertThat(said.toString()).contains("200 OK to a final offer of exactly the selected candidate");
    }

    private CallOutcome call(CallProfile profile, Scenario scenario, int packetsSecond) throws Exception {
        CallPlan plan = new CallPlan(
                scenario,
                packetsSecond,
                Duration.ofMillis(100),
                Duration.ofMillis(300),
                Duration.ofMillis(300),
                PATIENCE,
                false,
                profile);
        return Call.run(plan, timeline());
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
        return Call.run(plan(scenario, packetsSecond, talk, false), timeline());
    }

    private Timeline timeline() {
        return new Timeline(new PrintWriter(said));
    }

    private static CallPlan plan(Scenario scenario, int packetsSecond, Duration talk, boolean renomination) {
        return new CallPlan(
                scenario, packetsSecond, Duration.ofMillis(100), Duration.ofMillis(300), talk, PATIENCE, renomination);
    }
}
