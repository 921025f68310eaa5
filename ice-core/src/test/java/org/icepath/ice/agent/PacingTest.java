// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.MS;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.ice.IceRole;
import org.icepath.ice.Pacer;
import org.icepath.ice.Timings;
import org.icepath.sansio.Base;
import org.junit.jupiter.api.Test;

/** RFC 8445 §14: when checks are sent. */
class PacingTest {

    static AgentSettings with(AgentSettings from, Timings timings, Pacer pacer) {
        return Tuned.pacer(Tuned.timings(from, timings), pacer);
    }

    private static Bench ta(Duration ta) {
        return new Bench(
                IceRole.CONTROLLING,
                settings -> with(settings, settings.timings().withTa(ta), settings.pacer()),
                1);
    }

    private static List<Candidate> dead(int count) {
        List<Candidate> dead = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            dead.add(host("198.51.100." + (i + 1), 6001, 1, "r" + i, 65535 - i));
        }
        return dead;
    }

    private static List<Long> millis(Bench bench) {
        return bench.requests().stream().map(sent -> sent.at() / MS).toList();
    }

    // §6.1.4.2: the first check waits for nothing; §14.2: the others are Ta apart
    @Test
    void theFirstCheckWaitsForNothingAndTheOthersForTa() {
        Bench bench = ta(Duration.ofMillis(50));
        bench.local("192.0.2.1", 1);

        bench.remote(bench.description(dead(4)));
        bench.advance(Duration.ofMillis(200));

        assertThat(millis(bench)).containsExactly(0L, 50L, 100L, 150L);
    }

    @Test
    void taIsCountedFromWhenTheCheckHasLeft() {
        Bench bench = ta(Duration.ofMillis(50));
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(dead(2)));

        bench.agent.transmitted(3 * MS);
        bench.advance(Duration.ofMillis(100));

        assertThat(millis(bench)).containsExactly(0L, 53L);
    }

    // RFC 8839 §5.5: who says nothing means 50 ms, and the longer of both counts
    @Test
    void taIsShorterThanFiftyOnlyIfBothSidesAskForIt() {
        Bench silent = ta(Duration.ofMillis(10));
        silent.local("192.0.2.1", 1);
        silent.remote(silent.description(dead(3)));
        silent.advance(Duration.ofMillis(110));

        Bench agreed = ta(Duration.ofMillis(10));
        agreed.local("192.0.2.1", 1);
        agreed.remote(agreed.describe(builder -> builder.pacing(Duration.ofMillis(20)), dead(3)));
        agreed.advance(Duration.ofMillis(110));

        assertThat(millis(silent)).containsExactly(0L, 50L, 100L);
        assertThat(millis(agreed)).containsExactly(0L, 20L, 40L);
    }

    @Test
    void aPeerCanSlowTheChecksDownButNotStopThem() {
        Bench bench = ta(Duration.ofMillis(50));
        bench.local("192.0.2.1", 1);

        bench.remote(bench.describe(builder -> builder.pacing(Duration.ofDays(1)), dead(2)));
        bench.advance(Duration.ofMillis(999));
        int before = bench.requests().size();
        bench.advance(Duration.ofMillis(2));

        assertThat(bench.requests().stream().map(sent -> sent.to()).distinct()).hasSize(2);
        assertThat(before).isEqualTo(2); // the first and its retransmission
    }

    // §14.2: all agents of one implementation share a beat of 5 ms
    @Test
    void agentsThatShareAPacerAreFiveMillisecondsApart() {
        Pacer shared = Pacer.shared();
        List<Bench> benches = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Bench bench = new Bench(IceRole.CONTROLLING, settings -> with(settings, settings.timings(), shared), 1);
            bench.local("192.0.2.1", 1);
            bench.remote(bench.description(dead(2)));
            benches.add(bench);
        }

        benches.forEach(bench -> bench.advance(Duration.ofMillis(40)));

        assertThat(benches).extracting(bench -> millis(bench).get(0)).containsExactly(0L, 5L, 10L, 15L);
    }

    // §14.3: RTO 500 ms, doubling; 7 requests in all (RFC 8489 §6.2.1). The RTO is spread by up to 10 %.
    @Test
    void aCheckIsRetransmittedSevenTimesInAllWithADoublingInterval() {
        Bench bench = ta(Duration.ofMillis(50));
        bench.local("192.0.2.1", 1);

        bench.remote(bench.description(dead(1)));
        bench.advance(Duration.ofSeconds(39));

        List<Long> sent = millis(bench);
        assertThat(sent).hasSize(7);
        long rto = sent.get(1);
        assertThat(rto).isBetween(500L, 550L);
        for (int i = 1; i < 7; i++) {
            assertThat(sent.get(i)).isBetween(((1L << i) - 1) * rto, ((1L << i) - 1) * (rto + 1));
        }
    }

    // A triggered check takes the next free beat, ahead of ordinary ones (§6.1.4.2 step 1)
    @Test
    void aTriggeredCheckGoesAheadOfOrdinaryOnes() {
        Bench bench = ta(Duration.ofMillis(50));
        Base base = bench.local("192.0.2.1", 1);
        bench.remote(bench.description(dead(10)));

        bench.check(base, at("198.51.100.9", 6001), false);
        bench.advance(Duration.ofMillis(50));

        assertThat(bench.requests().get(1).to()).isEqualTo(at("198.51.100.9", 6001));
        assertThat(bench.requests().get(1).at()).isEqualTo(50 * MS);
    }

    // Nomination goes to the head of the queue, also ahead of triggered checks
    @Test
    void aNominationGoesAheadOfTriggeredChecks() {
        Bench bench = ta(Duration.ofMillis(50));
        Base base = bench.local("192.0.2.1", 1);
        bench.remote(bench.description(dead(10)));
        bench.check(base, at("198.51.100.9", 6001), false);

        bench.answer(bench.requests().get(0));
        bench.advance(Duration.ofMillis(50));

        assertThat(bench.requests().get(1).nominates()).isTrue();
        assertThat(bench.requests().get(1).to()).isEqualTo(at("198.51.100.1", 6001));
    }

    // Retransmissions take no beat: pairs behind dead ones are reached at the pace of Ta alone
    @Test
    void deadPairsCostOneBeatEach() {
        Bench bench = ta(Duration.ofMillis(5));
        bench.local("192.0.2.1", 1);

        bench.remote(bench.describe(builder -> builder.pacing(Duration.ofMillis(5)), dead(20)));
        bench.advance(Duration.ofMillis(96));

        assertThat(millis(bench)).hasSize(20).last().isEqualTo(95L);
    }

    @Test
    void anIdleAgentWaitsForNoBeat() {
        Bench bench = ta(Duration.ofMillis(50));
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(dead(1)));

        bench.advance(Duration.ofMillis(100));

        // the retransmission, not a beat
        assertThat(bench.nanosToTimeout()).isBetween(390 * MS, 450 * MS);
    }
}
