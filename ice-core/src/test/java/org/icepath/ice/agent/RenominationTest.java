// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;
import static org.icepath.ice.agent.Bench.of;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceRole;
import org.icepath.ice.PathChange;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nominating more than once, where both sides have agreed to (draft-thatcher-ice-renomination-01). */
class RenominationTest {

    private static final String DIRECT = "198.51.100.1";
    private static final String RELAYED = "203.0.113.9";
    private static final List<Candidate> CANDIDATES =
            List.of(host(DIRECT, 6001, 1, "1", 65535), of(CandidateType.RELAYED, RELAYED, 7001, 1, "2"));

    private static Bench bench(IceRole role, boolean weOffer, boolean peerOffers) {
        Bench bench = new Bench(role, settings -> weOffer ? Tuned.renomination(settings) : settings, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.describe(
                builder -> {
                    if (peerOffers) {
                        builder.option(IceDescription.RENOMINATION);
                    }
                },
                CANDIDATES));
        return bench;
    }

    private static long number(Bench.Sent nomination) {
        return nomination.message().uint32(Attributes.NOMINATION, -1);
    }

    /** The peer answers whatever comes to the relayed candidate; what goes to the host candidate is lost. */
    private static void relayAnswers(Bench bench, Duration time) {
        answers(bench, time, RELAYED);
    }

    private static void answers(Bench bench, Duration time, String... addresses) {
        bench.advanceAnswering(time, sent -> Stream.of(addresses).anyMatch(sent::goesTo));
    }

    /** Controlling, and nominated by patience: the relay. */
    private static Bench nominatedRelay(boolean weOffer, boolean peerOffers) {
        Bench bench = bench(IceRole.CONTROLLING, weOffer, peerOffers);
        relayAnswers(bench, Duration.ofMillis(3_500));
        assertThat(bench.current()).isEqualTo(at(RELAYED, 7001));
        assertThat(bench.events(AgentEvent.Selected.class)).hasSize(1);
        return bench;
    }

    @Test
    void nominationsAreNumberedFromOneWhereBothSidesOfferIt() {
        Bench bench = nominatedRelay(true, true);

        assertThat(bench.nominations()).extracting(RenominationTest::number).containsExactly(1L);
    }

    @Test
    void nominationsHaveNoNumberWhereOneSideDoesNotOfferIt() {
        assertThat(nominatedRelay(true, false).nominations().get(0).message().has(Attributes.NOMINATION))
                .isFalse();
        assertThat(nominatedRelay(false, true).nominations().get(0).message().has(Attributes.NOMINATION))
                .isFalse();
    }

    @Test
    void aBetterPairIsNominatedUnderTheNextNumberOnceItHasBeenBetterForASecond() {
        Bench bench = nominatedRelay(true, true);
        bench.answer(bench.requestTo(DIRECT));

        answers(bench, Duration.ofMillis(900), RELAYED, DIRECT);
        assertThat(bench.nominations()).hasSize(1);
        answers(bench, Duration.ofMillis(200), RELAYED, DIRECT);

        assertThat(bench.nominations()).extracting(RenominationTest::number).containsExactly(1L, 2L);
        assertThat(bench.nominations().get(1).to()).isEqualTo(at(DIRECT, 6001));
        assertThat(bench.current()).isEqualTo(at(DIRECT, 6001));
        assertThat(bench.events(AgentEvent.PathChanged.class))
                .extracting(AgentEvent.PathChanged::cause)
                .containsExactly(PathChange.EARLY_MEDIA, PathChange.PROMOTED);
        assertThat(bench.events(AgentEvent.Selected.class)).hasSize(1);
        assertThat(bench.events(AgentEvent.RestartWished.class)).isEmpty();
        assertThat(bench.pairTo(RELAYED).nominated()).isFalse();
    }

    // RFC 8445 §8.1.1: without the agreement there is one nomination; a better pair is then worth a restart
    @Test
    void withoutTheAgreementABetterPairIsAWishForARestart() {
        Bench bench = nominatedRelay(true, false);
        bench.answer(bench.requestTo(DIRECT));

        answers(bench, Duration.ofSeconds(20), RELAYED, DIRECT);

        assertThat(bench.nominations()).hasSize(1);
        assertThat(bench.current()).isEqualTo(at(RELAYED, 7001));
        assertThat(bench.events(AgentEvent.RestartWished.class)).containsExactly(new AgentEvent.RestartWished(0, true));
    }

    // Both peers knock again, because a way may open later: also when the first checks were given up
    @Test
    void aBetterPairThatFailedIsTriedAgainAndAgainButEverLessOften() {
        Bench bench = nominatedRelay(true, true);
        relayAnswers(bench, Duration.ofMinutes(5));
        long tries = bench.requests().stream()
                .filter(sent -> sent.to().equals(at(DIRECT, 6001)))
                .count();

        relayAnswers(bench, Duration.ofMinutes(10));
        long more = bench.requests().stream()
                        .filter(sent -> sent.to().equals(at(DIRECT, 6001)))
                        .count()
                - tries;
        answers(bench, Duration.ofMinutes(10), RELAYED, DIRECT);

        assertThat(tries).isBetween(4L * 6, 6L * 7);
        assertThat(more).isBetween(6L, 2L * 7);
        assertThat(bench.current()).isEqualTo(at(DIRECT, 6001));
    }

    // Hysteresis: promotions in a row have ever longer pauses between them
    @Test
    void aPathThatComesAndGoesDoesNotMakeMediaFlutter() {
        Bench bench = nominatedRelay(true, true);
        for (int i = 0; i < 30; i++) {
            answers(bench, Duration.ofSeconds(10), RELAYED, DIRECT);
            relayAnswers(bench, Duration.ofSeconds(10));
        }

        assertThat(bench.nominations().stream().map(RenominationTest::number).distinct())
                .hasSizeBetween(3, 20);
    }

    private static void peerNominates(Bench bench, Base base, InetSocketAddress from, int number) {
        StunWriter writer = bench.check(bench.agent.role().other(), 1).put(Attributes.USE_CANDIDATE);
        writer.putUint32(Attributes.NOMINATION, number);
        assertThat(bench.receive(base, from, bench.sealed(writer))).isTrue();
    }

    private static Bench controlled(boolean weOffer, boolean peerOffers) {
        Bench bench = bench(IceRole.CONTROLLED, weOffer, peerOffers);
        bench.answer(bench.requestTo(DIRECT));
        answers(bench, Duration.ofMillis(200), RELAYED, DIRECT);
        return bench;
    }

    private static final Base BASE = Bench.base("192.0.2.1", 5001);

    @Test
    void theControlledSideObeysTheHighestNumberWhateverThePriorities() {
        Bench bench = controlled(true, true);

        peerNominates(bench, BASE, at(DIRECT, 6001), 3);
        peerNominates(bench, BASE, at(RELAYED, 7001), 5);
        assertThat(bench.current()).isEqualTo(at(RELAYED, 7001));
        peerNominates(bench, BASE, at(DIRECT, 6001), 4);

        assertThat(bench.current()).isEqualTo(at(RELAYED, 7001));
        peerNominates(bench, BASE, at(DIRECT, 6001), 6);
        assertThat(bench.current()).isEqualTo(at(DIRECT, 6001));
        assertThat(bench.events(AgentEvent.PathChanged.class))
                .extracting(AgentEvent.PathChanged::cause)
                .containsExactly(PathChange.EARLY_MEDIA, PathChange.PROMOTED, PathChange.PROMOTED);
    }

    // §8.1.1: a number that was not agreed upon says nothing
    @Test
    void withoutTheAgreementTheHighestPriorityStays() {
        Bench bench = controlled(true, false);

        peerNominates(bench, BASE, at(DIRECT, 6001), 3);
        peerNominates(bench, BASE, at(RELAYED, 7001), 5);

        assertThat(bench.current()).isEqualTo(at(DIRECT, 6001));
    }

    // A nomination that overtakes the check that makes its pair valid
    @Test
    void aNumberIsRememberedUntilThePairIsValid() {
        Bench bench = bench(IceRole.CONTROLLED, true, true);
        answers(bench, Duration.ofMillis(200), RELAYED);
        peerNominates(bench, BASE, at(DIRECT, 6001), 2);
        peerNominates(bench, BASE, at(RELAYED, 7001), 3);
        assertThat(bench.current()).isEqualTo(at(RELAYED, 7001));

        answers(bench, Duration.ofSeconds(3), RELAYED, DIRECT);

        assertThat(bench.current()).isEqualTo(at(RELAYED, 7001));
    }

    // The upper eight bits of NOMINATION are no part of the number
    @Test
    void aNumberHas24Bits() {
        Bench bench = controlled(true, true);

        peerNominates(bench, BASE, at(DIRECT, 6001), 2);
        peerNominates(bench, BASE, at(RELAYED, 7001), 0x7F000001);

        assertThat(bench.current()).isEqualTo(at(DIRECT, 6001));
    }

    // After a failover the controlling side makes the path in use the agreed one
    @Test
    void whenMediaHasLeftTheNominatedPairTheOneInUseIsNominated() {
        Bench bench = bench(IceRole.CONTROLLING, true, true);
        bench.answer(bench.requestTo(DIRECT));
        answers(bench, Duration.ofSeconds(1), RELAYED, DIRECT);
        assertThat(bench.current()).isEqualTo(at(DIRECT, 6001));

        relayAnswers(bench, Duration.ofSeconds(12));

        assertThat(bench.nominations().get(bench.nominations().size() - 1).to()).isEqualTo(at(RELAYED, 7001));
        assertThat(bench.pairTo(RELAYED).nominated()).isTrue();
    }

    static LongStream momentsBetweenConsentChecks() {
        return LongStream.range(0, 60).map(tenth -> 100 * tenth);
    }

    // Anyone can forge an ICMP error (RFC 8445 §7.2.5.2.2), and choose when: also just after a consent check
    @ParameterizedTest
    @MethodSource("momentsBetweenConsentChecks")
    void aSingleSendErrorMovesNoNomination(long millis) {
        Bench bench = bench(IceRole.CONTROLLING, true, true);
        bench.answer(bench.requestTo(DIRECT));
        answers(bench, Duration.ofMillis(6_000 + millis), RELAYED, DIRECT);
        assertThat(bench.current()).isEqualTo(at(DIRECT, 6001));

        unreachable(bench);
        assertThat(bench.current()).isEqualTo(at(RELAYED, 7001));
        answers(bench, Duration.ofSeconds(10), RELAYED, DIRECT);

        assertThat(bench.nominations()).hasSize(1);
        assertThat(bench.current()).isEqualTo(at(DIRECT, 6001));
    }

    // ... and what is true of it is found out at once, too
    @Test
    void aSendErrorOnAPairThatDoesNotAnswerMovesTheNominationAfterASecond() {
        Bench bench = bench(IceRole.CONTROLLING, true, true);
        bench.answer(bench.requestTo(DIRECT));
        answers(bench, Duration.ofSeconds(6), RELAYED, DIRECT);

        unreachable(bench);
        relayAnswers(bench, Duration.ofMillis(900));
        assertThat(bench.nominations()).hasSize(1);
        relayAnswers(bench, Duration.ofMillis(200));

        assertThat(bench.nominations()).hasSize(2);
        assertThat(bench.nominations().get(1).to()).isEqualTo(at(RELAYED, 7001));
    }

    private static void unreachable(Bench bench) {
        bench.input(() -> bench.agent.sendFailed(
                bench.now, BASE, at(DIRECT, 6001), new Cause(Cause.Kind.UNREACHABLE, "host unreachable")));
    }

    // The peer knocks where a better way would be: it may just have opened, and our own next try is far away
    @Test
    void aCheckOfThePeerOnABetterPairTriggersOursAfterTheNomination() {
        Bench bench = nominatedRelay(true, true);
        relayAnswers(bench, Duration.ofMinutes(5));
        bench.sent.clear();

        bench.check(BASE, at(DIRECT, 6001), false);
        answers(bench, Duration.ofSeconds(2), RELAYED, DIRECT);

        assertThat(bench.current()).isEqualTo(at(DIRECT, 6001));
    }
}
