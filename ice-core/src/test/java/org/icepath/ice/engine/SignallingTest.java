// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withStun;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PendingOffer;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.turn.ServerAddress;
import org.junit.jupiter.api.Test;

/** What offers, answers and trickled candidates do to a session. */
class SignallingTest {

    private final CallScene scene = new CallScene(5);

    private static byte[] packet(int firstByte, int secondByte) {
        byte[] packet = new byte[20];
        packet[0] = (byte) firstByte;
        packet[1] = (byte) secondByte;
        return packet;
    }

    // RFC 8445 §7.3: checks may come before the answer; they are answered at once and count later
    @Test
    void checksThatComeBeforeTheAnswerMakeThePathReadyAsSoonAsItComes() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", audio());
        VirtualCall call = VirtualCall.start(scene.network(), alice, bob, Duration.ofSeconds(1));

        scene.network().runFor(Duration.ofMillis(1500));
        assertThat(call.callerPeer()).isZero();
        assertThat(alice.heard(IceEvent.FirstCheckReceived.class)).hasSize(1);
        assertThat(bob.heard(IceEvent.PathReady.class)).hasSize(1);

        scene.network().runUntil(() -> call.callerPeer() != 0, Duration.ofSeconds(1));
        long answered = scene.network().now();
        scene.network().runUntil(() -> !alice.heard(IceEvent.PathReady.class).isEmpty(), Duration.ofSeconds(1));

        // one round trip: no beat is lost
        assertThat(Duration.ofNanos(scene.network().now() - answered))
                .as(scene.network()::dump)
                .isLessThanOrEqualTo(Duration.ofMillis(41));
    }

    // RFC 8445 §12.2: we receive from the moment our description has gone out
    @Test
    void packetsThatComeBeforeTheAnswerArriveOnceItIsThere() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", audio());
        VirtualCall call = VirtualCall.start(scene.network(), alice, bob, Duration.ofSeconds(1));
        scene.network().runUntil(() -> !bob.heard(IceEvent.PathReady.class).isEmpty(), Duration.ofSeconds(2));

        for (int i = 0; i < 3; i++) {
            assertThat(bob.send(call.calleePeer(), 0, 1, ByteBuffer.wrap(packet(0x80, i))))
                    .isTrue();
            scene.network().runFor(Duration.ofMillis(20));
        }
        assertThat(call.callerPeer()).isZero();
        assertThat(alice.received()).isEmpty();
        scene.network().runUntil(() -> call.callerPeer() != 0, Duration.ofSeconds(2));
        scene.network().runFor(Duration.ofMillis(1));

        assertThat(alice.received())
                .extracting(received -> (int) received.packet().get(1))
                .containsExactly(0, 1, 2);
    }

    // RFC 8445 §12.2: who has sent no authenticated check and is not signalled sends us nothing
    @Test
    void packetsOfStrangersAreNotKept() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", audio());
        VirtualCall call = VirtualCall.start(scene.network(), alice, bob, Duration.ofSeconds(1));
        scene.network().runUntil(() -> !bob.heard(IceEvent.PathReady.class).isEmpty(), Duration.ofSeconds(2));
        InetSocketAddress stranger = new InetSocketAddress("198.51.100.66", 6666);
        alice.perform(now ->
                alice.engine().handle(now, alice.bases().get(0).base(), stranger, ByteBuffer.wrap(packet(0x80, 9))));

        scene.network().runUntil(() -> call.callerPeer() != 0, Duration.ofSeconds(2));
        scene.network().runFor(Duration.ofMillis(1));

        assertThat(alice.received()).isEmpty();
    }

    // RFC 8838: the description goes out at once, the reflexive candidates follow
    @Test
    void trickledCandidatesConnectTwoHomes() {
        IceConfig config = withStun(audio()).trickle();
        VirtualPhone alice =
                scene.behind(scene.nat("203.0.113.1", NatBehaviour.PORT_RESTRICTED), "alice", "192.168.1.10", config);
        VirtualPhone bob =
                scene.behind(scene.nat("203.0.113.2", NatBehaviour.PORT_RESTRICTED), "bob", "10.0.0.5", config);
        VirtualCall call = scene.call(alice, bob);
        scene.network().runFor(Duration.ofMillis(1));
        assertThat(alice.described()).as("at once").isTrue();

        assertThat(call.runUntilCompleted(Duration.ofSeconds(5)))
                .as(scene.network()::dump)
                .isTrue();
    }

    @Test
    void aLateCandidateThatEqualsOneThatWasToldMakesNoOfferPending() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio().stunServer("stun.slow.test"));
        VirtualPhone silent = scene.publicly("bob", "198.51.100.11", audio());
        silent.gather();
        alice.gather();
        scene.network().runFor(Duration.ofMillis(501));
        alice.describe();
        int peer = alice.accept(VirtualCall.travelled(silent.describe()), IceRole.CONTROLLING);
        silent.node().kill();

        alice.perform(now -> {
            alice.engine()
                    .network()
                    .stunServerResolved(
                            now, 0, List.of(ServerAddress.udp(new InetSocketAddress(CallScene.SERVER, 3478))));
            return true;
        });
        scene.network().runFor(Duration.ofMillis(100));

        // no NAT: the reflexive candidate is the host candidate, and nothing is new
        assertThat(alice.engine().signalling().pendingOffer(peer)).isEmpty();
    }

    @Test
    void aLateRelayMakesAnOfferPendingUntilADescriptionWentOut() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", withTurn(audio()));
        VirtualPhone silent = scene.publicly("bob", "198.51.100.11", audio());
        scene.edge().faults().silent(true);
        silent.gather();
        alice.gather();
        scene.network().runFor(Duration.ofMillis(501));
        alice.describe();
        int peer = alice.accept(VirtualCall.travelled(silent.describe()), IceRole.CONTROLLING);
        silent.node().kill();
        scene.edge().faults().silent(false);
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(alice.engine().signalling().pendingOffer(peer))
                .contains(new PendingOffer(PendingOffer.Reason.NEW_CANDIDATES, false));
        IceDescription offer = alice.perform(now -> alice.engine().signalling().describe(now, peer));

        assertThat(offer.streams().get(0).candidates())
                .extracting(Candidate::type)
                .contains(CandidateType.RELAYED);
        assertThat(alice.engine().signalling().pendingOffer(peer)).isEmpty();
    }

    // RFC 8839 §4.4.1.2.2: without ice2 the controlling side tells what was selected, and only that
    @Test
    void theControllingSideOwesAnOfferWhenTheSelectedPairIsNotTheDefaultAndThePeerLacksIce2() {
        IceConfig config = withTurn(audio());
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", config);
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", config);
        alice.gather();
        bob.gather();
        scene.network().runFor(Duration.ofSeconds(1));
        int fromBob = bob.accept(VirtualCall.travelled(alice.describe()), IceRole.CONTROLLED);
        IceDescription answer = VirtualCall.travelled(bob.describe());
        int fromAlice = alice.accept(withoutOptions(answer), IceRole.CONTROLLING);
        scene.network().runFor(Duration.ofSeconds(4));

        assertThat(alice.engine().signalling().pendingOffer(fromAlice))
                .contains(new PendingOffer(PendingOffer.Reason.SELECTED_DIFFERS_FROM_DEFAULT, true));
        assertThat(bob.engine().signalling().pendingOffer(fromBob))
                .as("controlled")
                .isEmpty();
        StreamDescription offer = alice.perform(
                        now -> alice.engine().signalling().describe(now, fromAlice))
                .streams()
                .get(0);
        assertThat(offer.candidates()).hasSize(1);
        assertThat(offer.destination()).contains(offer.candidates().get(0).address());
        assertThat(offer.remoteCandidates()).hasSize(1);
    }

    private static IceDescription withoutOptions(IceDescription description) {
        IceDescription.Builder bare = IceDescription.builder();
        description.streams().forEach(bare::stream);
        return bare.build();
    }

    // RFC 3261 §13.2.2.4 (forking): one offer, two answers, two peers with paths of their own
    @Test
    void twoAnswersToOneOfferMakeTwoPeers() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", audio());
        VirtualPhone carol = scene.publicly("carol", "198.51.100.12", audio());
        List.of(alice, bob, carol).forEach(VirtualPhone::gather);
        IceDescription offer = VirtualCall.travelled(alice.describe());
        int bobsAlice = bob.accept(offer, IceRole.CONTROLLED);
        int carolsAlice = carol.accept(offer, IceRole.CONTROLLED);
        int toBob = alice.accept(VirtualCall.travelled(bob.describe()), IceRole.CONTROLLING);
        int toCarol = alice.accept(VirtualCall.travelled(carol.describe()), IceRole.CONTROLLING);
        scene.network().runFor(Duration.ofSeconds(2));

        bob.send(bobsAlice, 0, 1, ByteBuffer.wrap(packet(0x80, 1)));
        carol.send(carolsAlice, 0, 1, ByteBuffer.wrap(packet(0x80, 2)));
        scene.network().runFor(Duration.ofMillis(100));

        assertThat(List.of(alice.state(toBob), alice.state(toCarol))).containsOnly(IceState.COMPLETED);
        assertThat(alice.received())
                .extracting(VirtualPhone.Received::peer, received -> received.packet()
                        .get(1))
                .containsExactlyInAnyOrder(tuple(toBob, (byte) 1), tuple(toCarol, (byte) 2));
    }

    // RFC 5761 §5.1.1: when both say rtcp-mux, component 2 is gone and RTCP travels with RTP
    @Test
    void multiplexedRtcpTravelsOnThePathOfRtp() {
        IceConfig config = IceConfig.create().stream("audio", 1, 2).rtcpMux("audio");
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", config);
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", config);
        VirtualCall call = scene.call(alice, bob);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(2)))
                .as(scene.network()::dump)
                .isTrue();

        alice.send(call.callerPeer(), 0, 2, ByteBuffer.wrap(packet(0x80, 200)));
        alice.send(call.callerPeer(), 0, 1, ByteBuffer.wrap(packet(0x80, 0)));
        scene.network().runFor(Duration.ofMillis(100));

        assertThat(bob.received()).extracting(VirtualPhone.Received::component).containsExactly(2, 1);
        assertThat(bob.received())
                .extracting(VirtualPhone.Received::from)
                .as("one port")
                .containsOnly(alice.bases().get(0).base().address());
    }

    @Test
    void theSocketsAndRelaysOfMultiplexedRtcpAreGivenUp() {
        IceConfig config = withTurn(IceConfig.create().stream("audio", 1, 2).rtcpMux("audio"));
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", config);
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", config);
        VirtualCall call = scene.call(alice, bob);
        call.runUntilCompleted(Duration.ofSeconds(2));
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(alice.node().events(EngineEvent.BaseUnused.class))
                .extracting(EngineEvent.BaseUnused::base)
                .containsExactly(alice.bases().get(1).base());
        assertThat(scene.edge().allocationCount()).as("one each, for RTP").isEqualTo(2);
    }

    @Test
    void withoutMultiplexingRtcpHasAPathOfItsOwn() {
        IceConfig config = IceConfig.create().stream("audio", 1, 2).rtcpMux("audio");
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", config);
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", IceConfig.create().stream("audio", 1, 2));
        VirtualCall call = scene.call(alice, bob);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(3)))
                .as(scene.network()::dump)
                .isTrue();

        alice.send(call.callerPeer(), 0, 2, ByteBuffer.wrap(packet(0x80, 200)));
        scene.network().runFor(Duration.ofMillis(100));

        assertThat(bob.received().get(0).component()).isEqualTo(2);
        assertThat(bob.received().get(0).from())
                .isEqualTo(alice.bases().get(1).base().address());
    }

    // RFC 8828 §5.2 mode 4: the peer learns no address of ours, the related one included
    @Test
    void relayOnlyTellsNothingOfOurAddressesAndConnects() {
        IceConfig config = withTurn(audio()).relayOnly();
        VirtualPhone alice =
                scene.behind(scene.nat("203.0.113.1", NatBehaviour.PORT_RESTRICTED), "alice", "192.168.1.10", config);
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", audio());
        VirtualCall call = scene.call(alice, bob);

        assertThat(call.runUntilCompleted(Duration.ofSeconds(5)))
                .as(scene.network()::dump)
                .isTrue();

        List<Candidate> told = alice.describe().streams().get(0).candidates();
        assertThat(told).extracting(Candidate::type).containsOnly(CandidateType.RELAYED);
        assertThat(told.get(0).relatedAddress()).contains(CandidateAddress.of("0.0.0.0", 9));
        PacketFlow flow = call.toCaller(Duration.ofMillis(20));
        scene.network().runFor(Duration.ofSeconds(2));
        flow.stop();
        scene.network().runFor(Duration.ofSeconds(1));
        assertThat(flow.lost()).isZero();
    }

    // A name server is asked for what the peer names: the peer must not make us ask it for everything
    @Test
    void noMoreThanTenNamesOfAPeerAreAskedFor() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", audio());
        alice.gather();
        bob.gather();
        IceDescription answer = VirtualCall.travelled(bob.describe());

        alice.accept(named(answer, "bob"), IceRole.CONTROLLING);

        assertThat(alice.node().events(EngineEvent.ResolveName.class)).hasSize(10);
    }

    // a browser has other names after each restart: what it named before must not stand in their way
    @Test
    void aRestartMayNameTenMore() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", audio());
        alice.gather();
        bob.gather();
        int peer = alice.accept(named(VirtualCall.travelled(bob.describe()), "first"), IceRole.CONTROLLED);
        alice.describe();

        for (int restart = 1; restart <= 3; restart++) {
            IceDescription named = named(VirtualCall.travelled(bob.describe()), "restart" + restart);
            StreamDescription renewed = named.streams().get(0).toBuilder()
                    .credentials(new IceCredentials("bob" + restart + "x", "aPasswordOfBobsOwnIsLong" + restart))
                    .build();
            IceDescription offer = named.toBuilder().replaceStream(renewed).build();
            alice.perform(now -> alice.engine().signalling().answer(now, peer, offer));
            assertThat(alice.node().events(EngineEvent.ResolveName.class)).hasSize(10 + 10 * restart);
        }
    }

    /** The same with 15 names in place of the candidate. */
    private static IceDescription named(IceDescription description, String name) {
        Candidate real = description.streams().get(0).candidates().get(0);
        StreamDescription.Builder stream =
                description.streams().get(0).toBuilder().clearCandidates();
        for (int i = 0; i < 15; i++) {
            stream.candidate(real.withAddress(CandidateAddress.of(name + i + ".example.test", 5000 + i)));
        }
        return description.toBuilder().replaceStream(stream.build()).build();
    }

    @Test
    void aRemoteNameIsAskedForAndUsedWhenResolved() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", audio());
        alice.gather();
        bob.gather();
        bob.accept(VirtualCall.travelled(alice.describe()), IceRole.CONTROLLED);
        IceDescription answer = VirtualCall.travelled(bob.describe());
        Candidate real = answer.streams().get(0).candidates().get(0);
        Candidate named = real.withAddress(
                CandidateAddress.of("bob.example.test", real.address().port()));
        StreamDescription stream = answer.streams().get(0).toBuilder()
                .clearCandidates()
                .candidate(named)
                .build();
        int peer = alice.accept(answer.toBuilder().replaceStream(stream).build(), IceRole.CONTROLLING);

        EngineEvent.ResolveName asked =
                alice.node().events(EngineEvent.ResolveName.class).get(0);
        assertThat(asked.candidate()).isEqualTo(named);
        alice.perform(now -> {
            alice.engine()
                    .trickle()
                    .remoteResolved(
                            now,
                            asked,
                            real.address().socketAddress().orElseThrow().getAddress());
            return true;
        });
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(alice.state(peer)).isEqualTo(IceState.COMPLETED);
    }
}
