// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.Priority;
import org.icepath.candidate.StreamDescription;
import org.icepath.candidate.TransportType;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.Zone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How fast two agents are, in virtual time: what the algorithm costs, without processors and systems. */
class TimingTest {

    private record Times(double validAlice, double validBob, double selectedAlice, double selectedBob) {

        double valid() {
            return Math.max(validAlice, validBob);
        }

        double selected() {
            return Math.max(selectedAlice, selectedBob);
        }
    }

    /** Two hosts whose round trip is {@code rttMillis}; both learn the other's description at 0. */
    private static Times connect(long seed, double rttMillis, double loss, Function<Side, Side> alice, Duration ta) {
        VirtualNetwork net = new VirtualNetwork(seed);
        LinkConditions link = LinkConditions.of(Duration.ofNanos((long) (rttMillis * 1e6 / 4)));
        Zone zone = net.zone("zone", link.withLoss(loss));
        Side one = alice.apply(new Side(zone.host("alice", "192.168.1.1"), IceRole.CONTROLLING, seed, 1));
        Side other = new Side(zone.host("bob", "192.168.1.2"), IceRole.CONTROLLED, seed + 1, 1).hostCandidates();
        for (Side side : List.of(one, other)) {
            side.tuned(settings -> Tuned.timings(settings, settings.timings().withTa(ta)));
            side.describing(builder -> builder.pacing(ta));
        }
        one.run();
        other.run();
        other.learn(one);
        one.learn(other);
        net.runUntil(
                () -> one.state() == IceState.COMPLETED && other.state() == IceState.COMPLETED, Duration.ofMinutes(1));
        return new Times(
                millis(one.at(AgentEvent.Ready.class)),
                millis(other.at(AgentEvent.Ready.class)),
                millis(one.at(AgentEvent.Selected.class)),
                millis(other.at(AgentEvent.Selected.class)));
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    private static Function<Side, Side> plain() {
        return Side::hostCandidates;
    }

    // A valid pair on both sides after one round trip, whatever Ta is; selected one beat later
    @Test
    void aLanIsReadyAfterOneRoundTripAndSelectedOneBeatLater() {
        Times times = connect(1, 0.2, 0, plain(), Duration.ofMillis(50));

        assertThat(times.valid()).isLessThanOrEqualTo(0.21);
        assertThat(times.selected()).isLessThanOrEqualTo(51);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 16})
    void nominationTakesTwoRoundTripsOrABeat(int candidates) {
        Times times = connect(
                1, 50, 0, side -> withDead(side.hostCandidates(), candidates - 1, false), Duration.ofMillis(50));

        assertThat(times.valid()).isLessThanOrEqualTo(51);
        assertThat(times.selected()).isLessThanOrEqualTo(102);
    }

    /** Candidates of alice that nobody answers on, told before or after the good one. */
    private static Side withDead(Side side, int count, boolean ahead) {
        return side.describing(builder -> {
            StreamDescription.Builder stream = StreamDescription.builder(0);
            for (int i = 0; i < count; i++) {
                stream.candidate(Candidate.host(
                        new Foundation("dead" + i),
                        1,
                        TransportType.UDP,
                        Priority.of(CandidateType.HOST, ahead ? 65535 - i : 1000 - i, 1),
                        new InetSocketAddress("203.0.113." + (i + 1), 5000)));
            }
            long good = Priority.of(CandidateType.HOST, ahead ? 30000 : 65535, 1);
            side.candidates(0).forEach(each -> stream.candidate(each.candidate().withPriority(good)));
            return builder.replaceStream(stream.build());
        });
    }

    // k dead pairs ahead cost k beats at most: neither retransmissions nor anything else takes one
    @Test
    void deadPairsAheadCostABeatEach() {
        int dead = 19;
        VirtualNetwork net = new VirtualNetwork(1);
        Zone zone = net.zone("zone", LinkConditions.of(Duration.ofNanos(12_500_000)));
        Side alice = new Side(zone.host("alice", "192.168.1.1"), IceRole.CONTROLLED, 1, 1).hostCandidates();
        Side bob = new Side(zone.host("bob", "192.168.1.2"), IceRole.CONTROLLING, 2, 1).hostCandidates();
        withDead(alice, dead, true);
        for (Side side : List.of(alice, bob)) {
            side.tuned(settings -> Tuned.timings(settings, settings.timings().withTa(Duration.ofMillis(5))));
            side.describing(builder -> builder.pacing(Duration.ofMillis(5)));
        }
        alice.run();
        bob.run();
        bob.learn(alice); // bob alone checks: alice has not learnt of him yet
        net.runUntil(() -> bob.agent().current(0, 1).isPresent(), Duration.ofSeconds(10));

        assertThat(millis(bob.at(AgentEvent.Ready.class))).isLessThanOrEqualTo(dead * 5 + 50 + 0.1);
    }

    // A lost packet costs a retransmission only if the peer's own check is lost, too
    @Test
    void tenPerCentLossHardlyDelaysTheFirstValidPair() {
        List<Double> valid = new ArrayList<>();
        List<Double> selected = new ArrayList<>();
        for (long seed = 1; seed <= 200; seed++) {
            // each packet passes two links
            Times times = connect(seed, 50, 0.05, plain(), Duration.ofMillis(50));
            valid.add(times.valid());
            selected.add(times.selected());
        }
        Collections.sort(valid);
        Collections.sort(selected);

        assertThat(valid.get(100)).isLessThanOrEqualTo(51);
        assertThat(valid.get(180)).isLessThanOrEqualTo(2 * 50 + 20);
        assertThat(selected.get(100)).isLessThanOrEqualTo(2 * 50 + 5);
        assertThat(selected.get(180)).isLessThanOrEqualTo(2 * 50 + 530);
    }
}
