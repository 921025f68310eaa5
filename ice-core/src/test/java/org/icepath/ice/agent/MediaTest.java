// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;
import static org.icepath.ice.agent.Bench.of;

import java.time.Duration;
import java.util.List;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PathChange;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.testkit.network.Block;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.Zone;
import org.junit.jupiter.api.Test;

/** RFC 8445 §12: where data goes, before and after nomination. */
class MediaTest {

    private static List<PathChange> causes(Bench bench) {
        return bench.events(AgentEvent.PathChanged.class).stream()
                .map(AgentEvent.PathChanged::cause)
                .toList();
    }

    /** Controlled, with a relayed and a host candidate of the peer, both valid, the relayed first. */
    private static Bench promoted() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(
                host("198.51.100.1", 6001, 1, "1", 65535), of(CandidateType.RELAYED, "203.0.113.9", 7001, 1, "2"))));
        bench.advance(Duration.ofMillis(50));
        bench.answer(bench.requestTo("203.0.113.9"));
        bench.answer(bench.requestTo("198.51.100.1"));
        return bench;
    }

    // §12.1: data may be sent on any valid pair
    @Test
    void theFirstAnsweredPairCarriesEarlyMediaAndABetterOneTakesOver() {
        Bench bench = promoted();

        assertThat(causes(bench)).containsExactly(PathChange.EARLY_MEDIA, PathChange.PROMOTED);
        assertThat(bench.events(AgentEvent.Ready.class)).hasSize(1);
        assertThat(bench.current()).isEqualTo(at("198.51.100.1", 6001));
    }

    @Test
    void aWorsePairDoesNotTakeOver() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(
                host("198.51.100.1", 6001, 1, "1", 65535), of(CandidateType.RELAYED, "203.0.113.9", 7001, 1, "2"))));
        bench.advance(Duration.ofMillis(50));

        bench.answer(bench.requestTo("198.51.100.1"));
        bench.answer(bench.requestTo("203.0.113.9"));

        assertThat(causes(bench)).containsExactly(PathChange.EARLY_MEDIA);
    }

    @Test
    void aFailedSendMovesMediaToAnotherValidPairAndAsksTheOldOneAtOnce() {
        Bench bench = promoted();
        bench.sent.clear();

        bench.input(() -> bench.agent.sendFailed(
                bench.now,
                Bench.base("192.0.2.1", 5001),
                at("198.51.100.1", 6001),
                new Cause(Cause.Kind.UNREACHABLE, "host unreachable")));
        bench.advance(Duration.ofMillis(1));

        assertThat(causes(bench)).endsWith(PathChange.FAILOVER);
        assertThat(bench.current()).isEqualTo(at("203.0.113.9", 7001));
        assertThat(bench.pairTo("198.51.100.1").valid()).isTrue(); // suspected, not lost
        assertThat(bench.requests())
                .filteredOn(request -> request.goesTo("198.51.100.1"))
                .hasSize(1);
    }

    @Test
    void aFailedSendMovesNothingWhereNothingElseIsValid() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        bench.answer(bench.lastRequest());
        bench.sent.clear();

        bench.input(() -> bench.agent.sendFailed(
                bench.now,
                Bench.base("192.0.2.1", 5001),
                at("198.51.100.1", 6001),
                new Cause(Cause.Kind.UNREACHABLE, "host unreachable")));
        bench.advance(Duration.ofMillis(1));

        assertThat(causes(bench)).containsExactly(PathChange.EARLY_MEDIA);
        assertThat(bench.agent.current(0, 1)).isPresent();
        assertThat(bench.requests()).hasSize(1); // a consent check, at once
    }

    @Test
    void aStormOfSendErrorsDoesNotCauseAStormOfChecks() {
        Bench bench = promoted();
        bench.sent.clear();

        for (int i = 0; i < 500; i++) {
            bench.input(() -> bench.agent.sendFailed(
                    bench.now,
                    Bench.base("192.0.2.1", 5001),
                    at("198.51.100.1", 6001),
                    new Cause(Cause.Kind.UNREACHABLE, "host unreachable")));
            bench.advance(Duration.ofMillis(2));
        }

        assertThat(bench.requests()).hasSizeLessThan(5);
    }

    @Test
    void aStormOfSendErrorsOnTheOnlyPairAsksItOnceASecond() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        bench.answer(bench.lastRequest());
        bench.sent.clear();

        for (int i = 0; i < 500; i++) {
            bench.input(() -> bench.agent.sendFailed(
                    bench.now,
                    Bench.base("192.0.2.1", 5001),
                    at("198.51.100.1", 6001),
                    new Cause(Cause.Kind.UNREACHABLE, "host unreachable")));
            bench.advance(Duration.ofMillis(20));
        }

        // for ten seconds
        assertThat(bench.requests()).hasSizeBetween(9, 11);
    }

    @Test
    void aCongestedQueueOrATooBigPacketIsNoFailure() {
        Bench bench = promoted();

        for (Cause.Kind kind : List.of(Cause.Kind.CONGESTED, Cause.Kind.TOO_BIG)) {
            bench.input(() -> bench.agent.sendFailed(
                    bench.now, Bench.base("192.0.2.1", 5001), at("198.51.100.1", 6001), new Cause(kind, "")));
        }

        assertThat(causes(bench)).containsExactly(PathChange.EARLY_MEDIA, PathChange.PROMOTED);
    }

    @Test
    void aLostBaseTakesItsPairsAlongAndMediaMovesToTheOtherBase() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        Base wifi = bench.local(0, "192.0.2.1", 5001, 1, "wifi", 65535);
        Base cellular = bench.local(0, "192.0.2.99", 5002, 1, "cellular", 65000);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        bench.answer(bench.lastRequest());
        bench.advance(Duration.ofMillis(50));
        bench.answer(bench.lastRequest());
        assertThat(bench.agent.current(0, 1).orElseThrow().base()).isEqualTo(wifi);

        bench.input(() -> bench.agent.baseLost(bench.now, wifi, new Cause(Cause.Kind.LOCAL_GONE, "wlan0 went down")));

        assertThat(causes(bench)).endsWith(PathChange.FAILOVER);
        assertThat(bench.agent.current(0, 1).orElseThrow().base()).isEqualTo(cellular);
        assertThat(bench.agent.componentOf(wifi, at("198.51.100.1", 6001))).isEqualTo(IceAgent.NOBODY);
    }

    // The whole of it: early media through the relay while the direct path is blocked, promotion without a lost packet
    @Test
    void promotionLosesAndDoublesNothing() {
        VirtualNetwork net = new VirtualNetwork(3);
        Zone internet = net.internet();
        Side alice = new Side(internet.host("alice", "192.0.2.1", "192.0.2.201"), IceRole.CONTROLLING, 1, 1);
        alice.add(0, alice.hostCandidate(alice.host.bind("192.0.2.1", 0), 1, 65535));
        alice.relayedCandidates(alice.host.addresses().get(1));
        Side bob = new Side(internet.host("bob", "198.51.100.1"), IceRole.CONTROLLED, 2, 1).hostCandidates();
        Block firewall = internet.block(Block.between("192.0.2.1", "198.51.100.1"));
        firewall.liftAfter(Duration.ofMillis(1200));
        alice.run();
        bob.run();
        bob.learn(alice);
        alice.learn(bob);

        int sent = 0;
        for (int i = 0; i < 1000; i++) {
            net.runFor(Duration.ofMillis(5));
            if (alice.agent().current(0, 1).isPresent()
                    && bob.agent().current(0, 1).isPresent()) {
                alice.send("a" + i);
                bob.send("b" + i);
                sent++;
            }
        }
        net.runFor(Duration.ofMillis(100));

        assertThat(alice.events(AgentEvent.PathChanged.class))
                .extracting(AgentEvent.PathChanged::cause)
                .containsExactly(PathChange.EARLY_MEDIA, PathChange.PROMOTED);
        assertThat(alice.current(0, 1).base().address().getHostString()).isEqualTo("192.0.2.1");
        assertThat(alice.state()).isEqualTo(IceState.COMPLETED);
        assertThat(sent).isGreaterThan(900);
        assertThat(bob.peer().received).hasSize(sent);
        assertThat(alice.peer().received).hasSize(sent);
    }

    // Receiving before validity: media that arrives before any of our checks succeeded is let in
    @Test
    void earlyDataOfThePeerIsLetInBeforeAnyPairIsValidHere() {
        VirtualNetwork net = new VirtualNetwork(3);
        Zone lan = net.zone("lan", LinkConditions.ofMillis(20));
        Side alice = new Side(lan.host("alice", "192.168.1.1"), IceRole.CONTROLLING, 1, 1).hostCandidates();
        Side bob = new Side(lan.host("bob", "192.168.1.2"), IceRole.CONTROLLED, 2, 1).hostCandidates();
        alice.run();
        bob.run();
        bob.learn(alice);
        net.runUntil(() -> bob.agent().current(0, 1).isPresent(), Duration.ofSeconds(1));
        assertThat(alice.agent().current(0, 1)).isEmpty();

        alice.learn(bob);
        bob.send("early");
        net.runFor(Duration.ofMillis(41));

        assertThat(alice.peer().received).hasSize(1);
        assertThat(alice.agent().current(0, 1)).isEmpty();
    }
}
