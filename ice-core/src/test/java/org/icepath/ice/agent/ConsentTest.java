// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.MS;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PathChange;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunWriter;
import org.icepath.testkit.network.Block;
import org.icepath.testkit.network.VirtualNetwork;
import org.junit.jupiter.api.Test;

/** RFC 7675: nothing is sent to who does not want it; RFC 8445 §11: bindings are kept alive. */
class ConsentTest {

    private static List<Candidate> candidates(int count) {
        List<Candidate> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(host("198.51.100." + (i + 1), 6001, 1, "r" + i, 65535 - i));
        }
        return made;
    }

    /** Controlled, all pairs valid, the first nominated. */
    private static Bench completed(int pairs) {
        return completed(7, pairs);
    }

    private static Bench completed(long seed, int pairs) {
        Bench bench = valid(seed, pairs);
        bench.check(Bench.base("192.0.2.1", 5001), at("198.51.100.1", 6001), true);
        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
        bench.sent.clear();
        return bench;
    }

    /** Controlled, all pairs valid, none nominated. */
    private static Bench valid(long seed, int pairs) {
        Bench bench = new Bench(seed, IceRole.CONTROLLED, settings -> settings, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(candidates(pairs)));
        for (int i = 0; i < pairs; i++) {
            bench.answer(bench.lastRequest());
            bench.advance(Duration.ofMillis(50));
        }
        bench.sent.clear();
        return bench;
    }

    /** Lets time pass while the peer answers what comes to {@code address}; the others are silent. */
    private static void answering(Bench bench, String address, Duration time) {
        long end = bench.now + time.toNanos();
        while (bench.now < end) {
            int before = bench.sent.size();
            bench.advance(Duration.ofMillis(100));
            for (Bench.Sent sent : List.copyOf(bench.sent.subList(before, bench.sent.size()))) {
                if (sent.isRequest() && sent.to().getAddress().getHostAddress().equals(address)) {
                    bench.answer(sent);
                }
            }
        }
    }

    private static List<Bench.Sent> to(Bench bench, String address) {
        return bench.sent.stream()
                .filter(sent -> sent.to().getAddress().getHostAddress().equals(address))
                .toList();
    }

    // RFC 7675 §5.1: every 5 s, each interval between 0.8 and 1.2 of that
    @Test
    void consentIsRenewedEveryFiveSecondsGiveOrTakeAFifth() {
        Bench bench = completed(1);

        answering(bench, "198.51.100.1", Duration.ofMinutes(20));

        List<Long> gaps = new ArrayList<>();
        for (int i = 1; i < bench.requests().size(); i++) {
            gaps.add((bench.requests().get(i).at() - bench.requests().get(i - 1).at()) / MS);
        }
        assertThat(gaps).hasSizeGreaterThan(200).allMatch(gap -> gap >= 4000 && gap <= 6000);
        assertThat(gaps.stream().distinct().count()).isGreaterThan(100);
        assertThat(gaps.stream().mapToLong(gap -> gap).average().orElseThrow()).isBetween(4800.0, 5200.0);
        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
    }

    // RFC 7675 §5.1: a consent check is not retransmitted and has a transaction of its own each time
    @Test
    void aConsentCheckIsSentOnce() {
        Bench bench = completed(1);

        bench.advance(Duration.ofSeconds(25));

        assertThat(bench.requests().stream()
                        .map(sent -> sent.message().transactionId())
                        .distinct())
                .hasSameSizeAs(bench.requests());
        assertThat(bench.requests()).hasSizeBetween(4, 6);
    }

    // RFC 7675 §5.1: 30 s after the last answer sending ends
    @Test
    void consentExpiresThirtySecondsAfterTheLastAnswer() {
        Bench bench = completed(1);
        long lastAnswer = bench.now;

        bench.advance(Duration.ofNanos(lastAnswer + 29_900 * MS - bench.now));
        assertThat(bench.agent.current(0, 1)).isPresent();
        bench.advance(Duration.ofMillis(101));

        assertThat(bench.events(AgentEvent.ConsentLost.class)).hasSize(1);
        assertThat(bench.events(AgentEvent.NoPath.class)).containsExactly(new AgentEvent.NoPath(0, 1));
        assertThat(bench.agent.current(0, 1)).isEmpty();
        assertThat(bench.agent.state()).isEqualTo(IceState.DISCONNECTED);
        assertThat(bench.pairs().get(0).outcome()).contains("consent expired");
    }

    @Test
    void oneAnswerInThirtySecondsKeepsConsent() {
        Bench bench = completed(1);
        bench.advance(Duration.ofSeconds(25));
        bench.answer(bench.lastRequest());

        bench.advance(Duration.ofSeconds(20));

        assertThat(bench.events(AgentEvent.ConsentLost.class)).isEmpty();
    }

    // An answer that does not authenticate is no consent
    @Test
    void forgedAnswersRenewNothing() {
        Bench bench = completed(1);
        for (int i = 0; i < 6; i++) {
            bench.advance(Duration.ofSeconds(5));
            Bench.Sent request = bench.lastRequest();
            bench.receive(
                    request.base(),
                    request.to(),
                    StunWriter.into(ByteBuffer.allocate(200))
                            .respond(StunClass.SUCCESS, request.message())
                            .put(Attributes.XOR_MAPPED_ADDRESS, request.base().address())
                            .fingerprint()
                            .finish());
        }

        bench.advance(Duration.ofMillis(200));

        assertThat(bench.events(AgentEvent.ConsentLost.class)).hasSize(1);
    }

    // RFC 7675 §5.2
    @Test
    void a403RevokesConsentAtOnce() {
        Bench bench = completed(1);
        bench.advance(Duration.ofSeconds(6));

        bench.refuse(bench.lastRequest(), 403);

        assertThat(bench.events(AgentEvent.ConsentLost.class)).hasSize(1);
        assertThat(bench.agent.state()).isEqualTo(IceState.DISCONNECTED);
    }

    @Test
    void aForged403RevokesNothing() {
        Bench bench = completed(1);
        bench.advance(Duration.ofSeconds(6));
        Bench.Sent request = bench.lastRequest();

        bench.receive(
                request.base(),
                request.to(),
                StunWriter.into(ByteBuffer.allocate(200))
                        .errorResponse(request.message(), 403, "forged")
                        .finish());

        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
    }

    // RFC 7675 §5.1: credentials whose consent was lost are not used on that 5-tuple again
    @Test
    void aPairThatLostConsentIsNeverUsedAgain() {
        Bench bench = completed(1);
        bench.advance(Duration.ofSeconds(31));
        bench.sent.clear();

        bench.check(Bench.base("192.0.2.1", 5001), at("198.51.100.1", 6001), true);
        bench.advance(Duration.ofSeconds(5));

        assertThat(bench.isOurs(bench.sent.get(0), StunClass.SUCCESS)).isTrue(); // answered, as ever
        assertThat(bench.requests()).isEmpty();
        assertThat(bench.agent.current(0, 1)).isEmpty();
    }

    @Test
    void anAnswerThatComesAfterConsentWasLostDoesNotBringItBack() {
        Bench bench = completed(1);
        bench.advance(Duration.ofSeconds(29));
        Bench.Sent late = bench.lastRequest();
        bench.advance(Duration.ofMillis(1100));
        assertThat(bench.events(AgentEvent.ConsentLost.class)).hasSize(1);

        bench.answer(late);

        assertThat(bench.agent.current(0, 1)).isEmpty();
        assertThat(bench.pairs().get(0).valid()).isFalse();
    }

    // If the whole network is away, media must not wear out the consent on every reserve
    @Test
    void aTotalOutageLeavesTheReserveToBeCheckedAgain() {
        for (long seed = 1; seed <= 40; seed++) {
            Bench bench = completed(seed, 2);
            bench.advance(Duration.ofSeconds(40));
            assertThat(bench.events(AgentEvent.ConsentLost.class))
                    .as("seed " + seed)
                    .hasSize(1);
            assertThat(bench.agent.state()).isEqualTo(IceState.DISCONNECTED);

            answering(bench, "198.51.100.2", Duration.ofSeconds(20));

            assertThat(bench.agent.current(0, 1).orElseThrow().remote()).isEqualTo(at("198.51.100.2", 6001));
            assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
        }
    }

    @Test
    void threeLostConsentChecksMoveMediaToAReserve() {
        Bench bench = completed(2);

        answering(bench, "198.51.100.2", Duration.ofSeconds(29));

        assertThat(bench.events(AgentEvent.PathChanged.class))
                .extracting(AgentEvent.PathChanged::cause)
                .endsWith(PathChange.FAILOVER);
        assertThat(bench.agent.current(0, 1).orElseThrow().remote()).isEqualTo(at("198.51.100.2", 6001));
        assertThat(bench.events(AgentEvent.ConsentLost.class)).isEmpty();
        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
    }

    // RFC 8445 §12.1: the selected pair carries data as long as it works
    @Test
    void mediaReturnsToTheNominatedPairWhenItAnswersAgain() {
        Bench bench = completed(2);
        answering(bench, "198.51.100.2", Duration.ofSeconds(22));
        assertThat(bench.agent.current(0, 1).orElseThrow().remote()).isEqualTo(at("198.51.100.2", 6001));

        Bench.Sent late =
                to(bench, "198.51.100.1").get(to(bench, "198.51.100.1").size() - 1);
        bench.answer(late);

        assertThat(bench.agent.current(0, 1).orElseThrow().remote()).isEqualTo(at("198.51.100.1", 6001));
        assertThat(bench.events(AgentEvent.PathChanged.class))
                .extracting(AgentEvent.PathChanged::cause)
                .endsWith(PathChange.FAILOVER, PathChange.NOMINATED);
    }

    // Two reserves a component are asked every 15 s give or take a fifth; a third one is not kept
    @Test
    void twoReservesAreProbedAndNoMore() {
        Bench bench = completed(4);

        long start = bench.now;
        for (int i = 0; i < 600; i++) {
            answering(bench, "198.51.100.1", Duration.ofMillis(100));
            List.copyOf(bench.sent.subList(Math.max(0, bench.sent.size() - 3), bench.sent.size())).stream()
                    .filter(sent -> sent.isRequest() && sent.at() > bench.now - 100 * MS)
                    .filter(sent -> !sent.to().getAddress().getHostAddress().equals("198.51.100.1"))
                    .forEach(bench::answer);
        }

        assertThat(bench.now - start).isEqualTo(60_000 * MS);
        assertThat(to(bench, "198.51.100.2")).hasSizeBetween(3, 5);
        assertThat(to(bench, "198.51.100.3")).hasSizeBetween(3, 5);
        assertThat(to(bench, "198.51.100.4")).isEmpty();
        assertThat(bench.pairTo("198.51.100.3").valid()).isTrue();
        assertThat(bench.pairTo("198.51.100.4").valid()).isFalse();
    }

    // A broken reserve is no reserve, and before the selection there are others
    @Test
    void anotherValidPairTakesThePlaceOfASilentReserve() {
        Bench bench = valid(7, 4);

        answering(bench, "198.51.100.1", Duration.ofSeconds(25));
        assertThat(to(bench, "198.51.100.2")).isNotEmpty(); // control
        answering(bench, "198.51.100.1", Duration.ofSeconds(15));

        assertThat(to(bench, "198.51.100.4")).anyMatch(Bench.Sent::isRequest);
    }

    // RFC 8445 §11: before selection, valid pairs beyond that are kept open with indications, Tr apart at least
    @Test
    void beforeSelectionSpareValidPairsGetIndications() {
        Bench bench = valid(7, 4);

        for (int i = 0; i < 200; i++) {
            int before = bench.sent.size();
            bench.advance(Duration.ofMillis(100));
            // the pair in use and its reserves: another one would take the place of a reserve that is silent
            List.copyOf(bench.sent.subList(before, bench.sent.size())).stream()
                    .filter(Bench.Sent::isRequest)
                    .forEach(bench::answer);
        }

        List<Bench.Sent> kept = to(bench, "198.51.100.4");
        assertThat(kept).hasSize(1);
        assertThat(kept.get(0).message().messageClass()).isEqualTo(StunClass.INDICATION);
        assertThat(kept.get(0).message().has(Attributes.MESSAGE_INTEGRITY)).isFalse();
        assertThat(kept.get(0).message().fingerprintMatches()).isTrue();
        assertThat(kept.get(0).at()).isGreaterThanOrEqualTo(15_000 * MS);
    }

    // After the loss checks go on, and a path that comes back is used
    @Test
    void aPathThatComesBackIsUsedAgain() {
        VirtualNetwork net = new VirtualNetwork(5);
        Side alice = new Side(net.internet().host("alice", "192.0.2.1", "192.0.2.2"), IceRole.CONTROLLING, 1, 1)
                .hostCandidates();
        Side bob = new Side(net.internet().host("bob", "198.51.100.1"), IceRole.CONTROLLED, 2, 1).hostCandidates();
        alice.run();
        bob.run();
        bob.learn(alice);
        alice.learn(bob);
        net.runUntil(() -> alice.state() == IceState.COMPLETED, Duration.ofSeconds(5));
        net.runFor(Duration.ofSeconds(5));

        Block both = net.internet().block(Block.of("198.51.100.1"));
        net.runFor(Duration.ofSeconds(40));
        assertThat(alice.state()).isEqualTo(IceState.DISCONNECTED);
        assertThat(bob.state()).isEqualTo(IceState.DISCONNECTED);
        both.lift();
        net.internet().block(Block.between("192.0.2.1", "198.51.100.1"));
        boolean back = net.runUntil(
                () -> alice.agent().current(0, 1).isPresent()
                        && bob.agent().current(0, 1).isPresent(),
                Duration.ofSeconds(30));

        assertThat(back).isTrue();
        assertThat(alice.current(0, 1).base().address().getHostString()).isEqualTo("192.0.2.2");
        assertThat(alice.events(AgentEvent.PathChanged.class))
                .extracting(AgentEvent.PathChanged::cause)
                .endsWith(PathChange.FAILOVER);
    }

    @Test
    void aLossThatLastsEndsInFailure() {
        Bench bench = completed(1);

        bench.advance(Duration.ofSeconds(75));

        assertThat(bench.agent.state()).isEqualTo(IceState.FAILED);
        assertThat(bench.events(AgentEvent.Failed.class).get(0).failure().kind())
                .isEqualTo(IceFailure.Kind.CONSENT_LOST);
        assertThat(bench.nanosToTimeout()).isEqualTo(-1);
    }
}
