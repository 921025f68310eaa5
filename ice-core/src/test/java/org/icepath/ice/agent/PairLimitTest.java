// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;
import static org.icepath.ice.agent.Bench.of;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.IceRole;
import org.icepath.ice.PairState;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.junit.jupiter.api.Test;

/** Which pairs make room when there are more than the limit of RFC 8445 §6.1.2.5, once checks are on their way. */
class PairLimitTest {

    private static final int LIMIT = 100;
    private static final int MANY = 10;
    private static final int SOURCES = 100;

    /** Until each of a hundred pairs was checked once, 50 ms apart, and the last check is an RTO old. */
    private static final Duration ALL_TRIED = Duration.ofMillis(6000);

    private static final Cause GONE = new Cause(Cause.Kind.LOCAL_GONE, "eth0 went down");

    private final Bench bench = new Bench(IceRole.CONTROLLING, 1);
    private final List<Base> bases = new ArrayList<>();

    /** As many pairs as there may be, and nobody answers. */
    private void fillWithDeadPairs(Duration time) {
        List<Candidate> remote = new ArrayList<>();
        for (int i = 1; i <= MANY; i++) {
            bases.add(bench.local(0, "192.0.2." + i, 5001, 1, "L" + i, 65535 - i));
            remote.add(host("198.51.100." + i, 6001, 1, "r" + i, 65535 - i));
        }
        bench.remote(bench.description(remote));
        bench.advance(time);
        assertThat(bench.pairs()).hasSize(LIMIT); // control
    }

    private void trickle(Candidate candidate) {
        bench.input(() -> bench.agent.addRemote(bench.now, 0, candidate));
    }

    private List<Bench.Sent> requests(Predicate<Bench.Sent> which) {
        return bench.requests().stream().filter(which).toList();
    }

    /** The pairs that are checked now; others are remembered. */
    private long checked() {
        return bench.pairs().stream().filter(pair -> pair.lastError().isEmpty()).count();
    }

    // Two hosts with many dead addresses, a VPN between them appears: at either of them the new pairs were cut at once
    @Test
    void anInterfaceThatAppearsIsTriedThoughTheListIsFullOfDeadPairs() {
        fillWithDeadPairs(ALL_TRIED);

        Base appeared = bench.local(0, "10.8.0.2", 5001, 1, "L77", 1000);
        trickle(host("10.8.0.3", 6001, 1, "r77", 1000));
        bench.advance(Duration.ofSeconds(2));

        List<Bench.Sent> between = requests(sent -> sent.base().equals(appeared) && sent.goesTo("10.8.0.3"));
        assertThat(between).isNotEmpty();
        assertThat(checked()).isEqualTo(LIMIT);
        bench.answer(between.get(0));
        assertThat(bench.current().getHostString()).isEqualTo("10.8.0.3");
    }

    @Test
    void thoseOfLowestPriorityMakeRoomForNewerPairs() {
        fillWithDeadPairs(ALL_TRIED);

        trickle(of(CandidateType.RELAYED, "203.0.113.9", 7001, 1, "relay"));
        bench.advance(Duration.ofSeconds(2));

        assertThat(requests(sent -> sent.goesTo("203.0.113.9")).stream()
                        .map(Bench.Sent::base)
                        .distinct())
                .hasSize(MANY);
        assertThat(bench.pairs())
                .filteredOn(pair -> pair.lastError().equals("made room for newer pairs"))
                .hasSize(MANY)
                .allMatch(pair -> pair.pair().local().address().host().equals("192.0.2." + MANY)
                        || pair.pair().remote().address().host().equals("198.51.100." + MANY));
    }

    @Test
    void aCheckThatMadeRoomIsNotSentAgainButItsAnswerIsGood() {
        fillWithDeadPairs(ALL_TRIED);
        trickle(of(CandidateType.RELAYED, "203.0.113.9", 7001, 1, "relay"));
        Predicate<Bench.Sent> toTheLast =
                sent -> sent.base().equals(bases.get(MANY - 1)) && sent.goesTo("198.51.100." + MANY);
        List<Bench.Sent> before = requests(toTheLast);
        bench.advance(Duration.ofSeconds(10));
        assertThat(requests(toTheLast)).hasSameSizeAs(before);

        bench.answer(before.get(before.size() - 1));

        assertThat(bench.agent.current(0, 1)).isPresent();
    }

    // RFC 8445 §7.3.1.4: the peer's check has come through, only our answers are missing
    @Test
    void aPairThatThePeerHasCheckedMakesNoRoom() {
        fillWithDeadPairs(ALL_TRIED);
        bench.check(bases.get(MANY - 1), at("198.51.100." + MANY, 6001), false);
        bench.advance(Duration.ofSeconds(1));

        trickle(of(CandidateType.RELAYED, "203.0.113.9", 7001, 1, "relay"));

        assertThat(bench.pairs())
                .filteredOn(pair -> pair.traffic().requestsReceived() > 0)
                .singleElement()
                .matches(pair -> pair.state() == PairState.IN_PROGRESS
                        && pair.lastError().isEmpty());
    }

    // Answers may need half a second
    @Test
    void aCheckThatHasJustLeftMakesNoRoom() {
        fillWithDeadPairs(Duration.ofMillis(300));

        trickle(of(CandidateType.RELAYED, "203.0.113.9", 7001, 1, "relay"));

        assertThat(bench.pairs()).hasSize(LIMIT);
        assertThat(bench.pairs())
                .filteredOn(pair -> pair.checksSent() > 0)
                .hasSize(bench.requests().size())
                .allMatch(pair -> pair.lastError().isEmpty());
    }

    // The peer's check brings back what made room
    @Test
    void aCheckOfThePeerBringsBackAPairThatMadeRoom() {
        fillWithDeadPairs(ALL_TRIED);
        trickle(of(CandidateType.RELAYED, "203.0.113.9", 7001, 1, "relay"));
        bench.sent.clear();

        bench.check(bases.get(MANY - 1), at("198.51.100." + MANY, 6001), false);
        bench.advance(Duration.ofSeconds(1));

        assertThat(requests(sent -> sent.base().equals(bases.get(MANY - 1)) && sent.goesTo("198.51.100." + MANY)))
                .isNotEmpty();
    }

    // Of two interfaces the better one has nearly all the pairs, and goes
    @Test
    void whenASocketGoesThePairsThatTheLimitCutAreFormedAgain() {
        Bench bench = new Bench(IceRole.CONTROLLING, settings -> Tuned.maxPairs(settings, 2 * MANY), 1);
        Base better = bench.local(0, "192.0.2.1", 5001, 1, "L1", 65535);
        Base worse = bench.local(0, "192.0.2.2", 5001, 1, "L2", 1000);
        List<Candidate> remote = new ArrayList<>();
        for (int i = 1; i <= 2 * MANY; i++) {
            remote.add(host("198.51.100." + i, 6001, 1, "r" + i, 65535 - i));
        }
        bench.remote(bench.description(remote));
        assertThat(pairsOf(bench, worse)).isLessThan(2 * MANY); // control

        bench.input(() -> bench.agent.baseLost(bench.now, better, GONE));

        assertThat(pairsOf(bench, worse)).isEqualTo(2 * MANY);
    }

    private static Bench limitedTo(int limit) {
        Bench bench = new Bench(IceRole.CONTROLLED, settings -> Tuned.maxPairs(settings, limit), 1);
        bench.local(0, "192.0.2.1", 5001, 1, "L1", 65535);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "r1", 1000))));
        return bench;
    }

    private static InetSocketAddress source(int number) {
        return at("203.0.113.5", 7000 + number);
    }

    /** Has the peer come to each of five more sockets from as many sources as there is room for. */
    private static void comeFromManySources(Bench bench, Duration betweenSockets) {
        for (int i = 0; i < SOURCES; i += 20) {
            Base base = bench.local(0, "192.0.2." + (2 + i / 20), 5001, 1, "L2" + i, 65000);
            for (int j = 0; j < 20; j++) {
                bench.check(base, source(i + j), false);
            }
            bench.advance(betweenSockets);
        }
        assertThat(IntStream.range(0, SOURCES)
                        .filter(i ->
                                bench.agent.componentOf(Bench.base("192.0.2.1", 5001), source(i)) != IceAgent.NOBODY))
                .as("control: all are known")
                .hasSize(SOURCES);
        bench.sent.clear();
    }

    // A peer may come to each socket from twenty sources, and each of them may be tried from an interface that appears
    @Test
    void sourcesOfThePeerDoNotFillTheListWhenAnInterfaceAppears() {
        int limit = 10;
        Bench bench = limitedTo(limit);
        comeFromManySources(bench, Duration.ofMinutes(1));

        bench.local(0, "192.0.2.77", 5001, 1, "L77", 65534);
        bench.advance(Duration.ofMinutes(1));

        assertThat(bench.requests().stream().map(Bench.Sent::to).distinct())
                .hasSize(limit)
                .contains(at("198.51.100.1", 6001));
        assertThat(bench.requests()).hasSizeLessThanOrEqualTo(7 * limit); // RFC 8489 §6.2.1: Rc
    }

    // RFC 8445 §8.1.2: once the pair is nominated they wait for the day that it breaks
    @Test
    void sourcesOfThePeerAreNoMoreThanSparesOnceThePairIsNominated() {
        int limit = 10;
        Bench bench = limitedTo(limit);
        bench.check(Bench.base("192.0.2.1", 5001), at("198.51.100.1", 6001), true);
        bench.advanceAnswering(Duration.ofSeconds(1), sent -> true);
        assertThat(bench.events(AgentEvent.Selected.class)).hasSize(1); // control
        comeFromManySources(bench, Duration.ZERO);

        Base appeared = bench.local(0, "192.0.2.77", 5001, 1, "L77", 65534);
        bench.advanceAnswering(Duration.ofMinutes(1), sent -> sent.goesTo("198.51.100.1"));

        assertThat(pairsOf(bench, appeared)).isPositive().isLessThanOrEqualTo(limit);
        assertThat(bench.pairs()).hasSizeLessThanOrEqualTo(2 * limit);
        assertThat(bench.requests().stream().map(Bench.Sent::to).distinct())
                .as("the pair in use and its reserves")
                .hasSizeLessThan(limit);
    }

    private static long pairsOf(Bench bench, Base base) {
        return bench.pairs().stream().filter(pair -> pair.base().equals(base)).count();
    }
}
