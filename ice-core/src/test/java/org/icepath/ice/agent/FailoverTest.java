// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.MS;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;
import static org.icepath.ice.agent.Bench.of;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PathChange;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.testkit.network.Block;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.VirtualNat;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.Zone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A path breaks in the midst of a call, and another one carries on. */
class FailoverTest {

    private static final Duration PACKET = Duration.ofMillis(20);

    /** Two sides with an address in the LAN and one in a VPN each, the LAN first. */
    private static final class Scene {
        final VirtualNetwork net;
        final Zone lan;
        final Zone vpn;
        final Side alice;
        final Side bob;

        Scene(long seed) {
            net = new VirtualNetwork(seed, -Duration.ofHours(1).toNanos());
            lan = net.zone("lan", LinkConditions.ofMillis(1));
            vpn = net.zone("vpn", LinkConditions.ofMillis(5));
            alice = new Side(lan.host("alice", "192.168.1.1").attach(vpn, "10.8.0.1"), IceRole.CONTROLLING, seed, 1);
            bob = new Side(lan.host("bob", "192.168.1.2").attach(vpn, "10.8.0.2"), IceRole.CONTROLLED, seed + 1, 1);
        }

        /** Alice behind a NAT, Bob in the internet. */
        Scene(long seed, VirtualNetwork net, VirtualNat nat, boolean aliceControls) {
            this.net = net;
            this.lan = nat.inside();
            this.vpn = net.internet();
            IceRole role = aliceControls ? IceRole.CONTROLLING : IceRole.CONTROLLED;
            alice = new Side(lan.host("alice", "192.168.1.1"), role, seed, 1);
            bob = new Side(net.internet().host("bob", "198.51.100.1"), role.other(), seed + 1, 1);
        }

        Scene connected() {
            alice.hostCandidates().run();
            bob.hostCandidates().run();
            bob.learn(alice);
            alice.learn(bob);
            talk(Duration.ofSeconds(2));
            assertThat(alice.state()).isEqualTo(IceState.COMPLETED);
            assertThat(isOn("192.168.1.1", "192.168.1.2")).isTrue();
            return this;
        }

        boolean isOn(String alices, String bobs) {
            return alice.current(0, 1).base().address().getHostString().equals(alices)
                    && bob.current(0, 1).base().address().getHostString().equals(bobs);
        }

        /** Media both ways; the longest time that either side heard nothing. */
        Duration talk(Duration time) {
            long longest = 0;
            long end = net.now() + time.toNanos();
            long[] heard = {net.now(), net.now()};
            int[] count = {alice.peer().received.size(), bob.peer().received.size()};
            while (net.now() < end) {
                if (alice.agent().current(0, 1).isPresent()) {
                    alice.send("a");
                }
                if (bob.agent().current(0, 1).isPresent()) {
                    bob.send("b");
                }
                net.runFor(PACKET);
                List<Side> sides = List.of(alice, bob);
                for (int i = 0; i < 2; i++) {
                    int received = sides.get(i).peer().received.size();
                    if (received != count[i]) {
                        count[i] = received;
                        heard[i] = net.now();
                    }
                    longest = Math.max(longest, net.now() - heard[i]);
                }
            }
            return Duration.ofNanos(longest);
        }

        List<PathChange> causes(Side side) {
            return side.events(AgentEvent.PathChanged.class).stream()
                    .map(AgentEvent.PathChanged::cause)
                    .toList();
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    // The cut comes at any time between two consent checks
    @ParameterizedTest
    @MethodSource("seeds")
    void aSilentCutIsOverInSixSecondsWhereDataFlows(long seed) {
        Scene scene = new Scene(seed).connected();
        scene.talk(Duration.ofMillis(10_000 + 157 * seed));
        scene.lan.block(Block.of("192.168.1.1"));

        Duration silence = scene.talk(Duration.ofSeconds(10));

        assertThat(silence).isLessThan(Duration.ofSeconds(6));
        assertThat(scene.isOn("10.8.0.1", "10.8.0.2")).isTrue();
        assertThat(scene.causes(scene.alice)).endsWith(PathChange.FAILOVER);
        assertThat(scene.causes(scene.bob)).endsWith(PathChange.FAILOVER);
    }

    // An interface that vanishes is known at once to its side; the other side sees its data come another way
    @ParameterizedTest
    @MethodSource("seeds")
    void aLostInterfaceIsReplacedOnBothSidesWithinHalfASecond(long seed) {
        Scene scene = new Scene(seed).connected();
        scene.talk(Duration.ofMillis(10_000 + 157 * seed));
        scene.lan.block(Block.of("192.168.1.1"));
        Base lost = scene.alice.current(0, 1).base();
        scene.alice.act(
                (now, peer) -> peer.agent.baseLost(now, lost, new Cause(Cause.Kind.LOCAL_GONE, "eth0 went down")));

        Duration silence = scene.talk(Duration.ofSeconds(8));

        assertThat(silence).isLessThan(Duration.ofMillis(500));
        assertThat(scene.isOn("10.8.0.1", "10.8.0.2")).isTrue();
        assertThat(scene.causes(scene.alice)).endsWith(PathChange.FAILOVER);
    }

    @Test
    void aQuickNominationLeavesReservesThatAreCheckedAfterwards() {
        Scene scene = new Scene(3).connected();

        scene.talk(Duration.ofMillis(500));

        assertThat(scene.alice.pairs())
                .filteredOn(PairSnapshot::valid)
                .extracting(pair -> pair.pair().local().address().host())
                .containsExactlyInAnyOrder("192.168.1.1", "10.8.0.1");
    }

    @Test
    void mediaComesBackToTheNominatedPairWhenTheCutIsMended() {
        Scene scene = new Scene(5).connected();
        scene.talk(Duration.ofSeconds(7));
        Block cut = scene.lan.block(Block.of("192.168.1.1"));
        scene.talk(Duration.ofSeconds(8));
        assertThat(scene.isOn("10.8.0.1", "10.8.0.2")).isTrue();

        cut.lift();
        Duration silence = scene.talk(Duration.ofSeconds(20));

        assertThat(silence).isLessThan(Duration.ofMillis(100));
        assertThat(scene.isOn("192.168.1.1", "192.168.1.2")).isTrue();
    }

    // Where all is away for a while nothing is given up; what
    // answers first carries the data until the nominated pair does
    @Test
    void aPauseOfTheWholeNetworkEndsOnTheNominatedPairAgain() {
        Scene scene = new Scene(5).connected();
        scene.talk(Duration.ofSeconds(7));
        Block lan = scene.lan.block(packet -> true);
        Block vpn = scene.vpn.block(packet -> true);
        scene.talk(Duration.ofSeconds(15));
        assertThat(scene.isOn("192.168.1.1", "192.168.1.2")).isTrue();

        lan.lift();
        vpn.lift();
        scene.talk(Duration.ofSeconds(20));

        assertThat(scene.isOn("192.168.1.1", "192.168.1.2")).isTrue();
        assertThat(scene.alice.events(AgentEvent.ConsentLost.class)).isEmpty();
    }

    private static List<String> probed(Bench bench) {
        return bench.sent.stream()
                .filter(Bench.Sent::isRequest)
                .map(sent -> sent.to().getAddress().getHostAddress())
                .distinct()
                .toList();
    }

    private static Bench completed(List<Candidate> remotes) {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        Base base = bench.local("192.0.2.1", 1);
        bench.remote(bench.description(remotes));
        for (int i = 0; i < remotes.size(); i++) {
            bench.answer(bench.lastRequest());
            bench.advance(Duration.ofMillis(50));
        }
        bench.check(base, at("198.51.100.1", 6001), true);
        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
        bench.sent.clear();
        return bench;
    }

    // Policy KEEP_ONE: the relay is worth a slot, though host pairs come before it
    @Test
    void oneOfTheTwoReservesIsRelayed() {
        Bench bench = completed(List.of(
                host("198.51.100.1", 6001, 1, "1", 65535),
                host("198.51.100.2", 6001, 1, "2", 65534),
                host("198.51.100.3", 6001, 1, "3", 65533),
                of(CandidateType.RELAYED, "203.0.113.9", 7001, 1, "4")));

        bench.advance(Duration.ofSeconds(18));

        assertThat(probed(bench)).containsExactlyInAnyOrder("198.51.100.1", "198.51.100.2", "203.0.113.9");
    }

    @Test
    void aReserveOnAnotherInterfaceIsKeptRatherThanABetterOneOnTheSame() {
        Bench bench = completed(List.of(
                host("198.51.100.1", 6001, 1, "1", 65535),
                host("198.51.100.1", 6002, 1, "2", 65534),
                host("198.51.100.1", 6003, 1, "3", 65533),
                host("198.51.100.4", 6001, 1, "4", 65532)));

        assertThat(bench.pairTo("198.51.100.4").valid()).isTrue();
        assertThat(bench.pairs()).filteredOn(PairSnapshot::valid).hasSize(3);
    }

    // RFC 7675 §5.1: no retransmission, and at least 4 s between
    // checks; the two that follow a late answer are connectivity checks
    @Test
    void aLateAnswerIsFollowedByTwoChecksHalfASecondApartAndNoMore() {
        Bench bench = completed(List.of(host("198.51.100.1", 6001, 1, "1", 65535)));

        bench.advance(Duration.ofSeconds(8));

        List<Long> gaps = new ArrayList<>();
        for (int i = 1; i < bench.requests().size(); i++) {
            gaps.add((bench.requests().get(i).at() - bench.requests().get(i - 1).at()) / MS);
        }
        assertThat(gaps.subList(0, 2)).containsExactly(500L, 500L);
        assertThat(gaps.subList(2, gaps.size())).allMatch(gap -> gap >= 4000);
    }

    // Pauses of the talker must not turn into a stream of checks
    @Test
    void dataThatPausesEverySecondHastensNoCheckBelowFourSeconds() {
        Bench bench = completed(List.of(host("198.51.100.1", 6001, 1, "1", 65535)));
        Base base = Bench.base("192.0.2.1", 5001);
        for (int i = 0; i < 600; i++) {
            if (i % 15 == 0) {
                bench.input(() -> bench.agent.dataArrived(bench.now, base, at("198.51.100.1", 6001), 1));
            }
            bench.advance(Duration.ofMillis(100));
            bench.requests().forEach(bench::answer);
        }

        for (int i = 1; i < bench.requests().size(); i++) {
            assertThat(bench.requests().get(i).at()
                            - bench.requests().get(i - 1).at())
                    .isGreaterThanOrEqualTo(4000 * MS);
        }
        assertThat(bench.requests()).hasSizeGreaterThan(11);
    }

    @Test
    void aStormOfSendErrorsOnTheOnlyPairDoesNotCauseAStormOfChecks() {
        Bench bench = completed(List.of(host("198.51.100.1", 6001, 1, "1", 65535)));

        for (int i = 0; i < 500; i++) {
            bench.input(() -> bench.agent.sendFailed(
                    bench.now,
                    Bench.base("192.0.2.1", 5001),
                    at("198.51.100.1", 6001),
                    new Cause(Cause.Kind.UNREACHABLE, "host unreachable")));
            bench.advance(Duration.ofMillis(2));
        }

        assertThat(bench.requests()).hasSizeBetween(1, 3);
    }

    private static final List<Candidate> DIRECT_AND_RELAY =
            List.of(host("198.51.100.1", 6001, 1, "1", 65535), of(CandidateType.RELAYED, "203.0.113.9", 7001, 1, "2"));

    // Anyone can forge an ICMP error (RFC 8445 §7.2.5.2.2): the pair is left, and asked whether it was true
    @Test
    void aFailedSendHasTheNominatedPairAskedAtOnceAndMediaIsBackWithItsAnswer() {
        Bench bench = completed(DIRECT_AND_RELAY);

        unreachable(bench);
        assertThat(bench.current()).isEqualTo(at("203.0.113.9", 7001));
        bench.advance(Duration.ofMillis(1));
        bench.answer(bench.requestTo("198.51.100.1"));

        assertThat(bench.current()).isEqualTo(at("198.51.100.1", 6001));
    }

    // Each answer brings media back, and each error takes it away again
    @Test
    void aStormOfSendErrorsAsksAPairThatAnswersOnceASecond() {
        Bench bench = completed(DIRECT_AND_RELAY);
        long end = bench.now + 10_000 * MS;

        while (bench.now < end) {
            unreachable(bench);
            bench.advanceAnswering(Duration.ofMillis(20), request -> true);
        }

        assertThat(bench.requests())
                .filteredOn(request -> request.goesTo("198.51.100.1"))
                .hasSizeBetween(9, 11);
    }

    // Data is not authenticated, no more than an ICMP error is
    @Test
    void dataThatComesAnotherWayHasTheNominatedPairAskedAtOnceAndMediaIsBackWithItsAnswer() {
        Bench bench = completed(DIRECT_AND_RELAY);
        Base base = Bench.base("192.0.2.1", 5001);
        bench.input(() -> bench.agent.dataArrived(bench.now, base, at("198.51.100.1", 6001), 1));
        bench.advance(Duration.ofMillis(400));

        bench.input(() -> bench.agent.dataArrived(bench.now, base, at("203.0.113.9", 7001), 1));
        assertThat(bench.current()).isEqualTo(at("203.0.113.9", 7001));
        bench.advance(Duration.ofMillis(1));
        bench.answer(bench.requestTo("198.51.100.1"));

        assertThat(bench.current()).isEqualTo(at("198.51.100.1", 6001));
    }

    private static void unreachable(Bench bench) {
        bench.input(() -> bench.agent.sendFailed(
                bench.now,
                Bench.base("192.0.2.1", 5001),
                at("198.51.100.1", 6001),
                new Cause(Cause.Kind.UNREACHABLE, "host unreachable")));
    }

    static LongStream rebinds() {
        return LongStream.range(0, 20);
    }

    // The NAT gives Alice another port: Bob learns it from her checks (RFC 8445 §7.3.1.3), whichever side controls
    @ParameterizedTest
    @MethodSource("rebinds")
    void aNatThatRebindsInTheMidstOfACallIsFollowedWithinTenSeconds(long seed) {
        VirtualNetwork net = new VirtualNetwork(seed, -Duration.ofHours(1).toNanos());
        VirtualNat nat = net.internet().nat("nat", "203.0.113.1", NatBehaviour.SYMMETRIC);
        boolean aliceControls = seed % 2 == 0;
        Scene scene = new Scene(seed, net, nat, aliceControls);
        scene.alice.hostCandidates().run();
        scene.bob.hostCandidates().run();
        scene.bob.learn(scene.alice);
        scene.alice.learn(scene.bob);
        scene.talk(Duration.ofMillis(8_000 + 211 * seed));
        assertThat(scene.bob.state()).isEqualTo(IceState.COMPLETED);

        nat.rebind();
        Duration silence = scene.talk(Duration.ofSeconds(15));

        assertThat(silence).isLessThan(Duration.ofSeconds(10));
        assertThat(scene.talk(Duration.ofSeconds(60))).isLessThan(Duration.ofMillis(100));
        assertThat(scene.alice.events(AgentEvent.ConsentLost.class)).isEmpty();
        assertThat(scene.alice.state()).isEqualTo(IceState.COMPLETED);
        assertThat(scene.bob.state()).isEqualTo(IceState.COMPLETED);
    }
}
