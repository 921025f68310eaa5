// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withStun;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.InterfaceKind;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceException;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PathChange;
import org.icepath.ice.PendingOffer;
import org.icepath.sdp.IceSdp;
import org.icepath.stun.StunMethod;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers without ICE are daily life in SIP: plain UDP to the default destination (RFC 8839 §4.2.5.2). */
class PlainPeerTest {

    private static final ByteBuffer PACKET = ByteBuffer.wrap(new byte[] {(byte) 0x80, 0, 0, 1});

    private final CallScene scene = new CallScene(9);
    private final VirtualHost machine = scene.network().internet().host("gateway", "198.51.100.20");
    private final VirtualSocket gateway = machine.socket(5004);

    private static IceDescription sdp(String address, int port, String more) {
        return IceSdp.parse("v=0\r\no=- 1 1 IN IP4 " + address + "\r\ns=-\r\nc=IN IP4 " + address
                        + "\r\nt=0 0\r\nm=audio " + port + " RTP/AVP 0\r\n" + more)
                .description();
    }

    @Test
    void packetsGoToTheDefaultDestinationAndComeBack() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        alice.gather();

        int peer = alice.accept(sdp("198.51.100.20", 5004, ""), IceRole.CONTROLLING);
        assertThat(alice.send(peer, 0, 1, PACKET)).isTrue();
        assertThat(alice.report(-1).verdict()).endsWith("No packet of the peer's has come so far for audio/1.");
        gateway.send(alice.bases().get(0).base().address(), PACKET);
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(alice.state(peer)).isEqualTo(IceState.COMPLETED);
        assertThat(gateway.received()).hasSize(1);
        assertThat(alice.received()).hasSize(1);
        assertThat(alice.report(-1).candidates())
                .anySatisfy(entry -> assertThat(entry.outcome()).contains("without ICE"));
        assertThat(alice.report(-1).verdict())
                .startsWith("Connected: audio/1 directly")
                .doesNotContain("No packet");
        assertThat(alice.heard(IceEvent.PathChanged.class))
                .extracting(IceEvent.PathChanged::cause)
                .containsExactly(PathChange.WITHOUT_ICE);
    }

    // RFC 3264 §5.1: media may come before the answer; without ICE no check tells whose it is
    @Test
    void packetsThatOvertakeTheAnswerAreHeardOnceItIsHere() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        alice.gather();
        VirtualSocket stranger =
                scene.network().internet().host("stranger", "198.51.100.66").socket(5004);
        gateway.send(alice.bases().get(0).base().address(), PACKET);
        stranger.send(alice.bases().get(0).base().address(), PACKET);
        scene.network().runFor(Duration.ofMillis(200));
        assertThat(alice.received()).isEmpty();

        alice.accept(sdp("198.51.100.20", 5004, ""), IceRole.CONTROLLING);

        assertThat(alice.received()).hasSize(1);
    }

    @Test
    void packetsOfNobodyWhoIsDescribedAreForgottenAndHarmNoLaterOnes() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        alice.gather();
        for (int i = 0; i <= EarlyPackets.MOST_KEPT; i++) {
            gateway.send(alice.bases().get(0).base().address(), PACKET);
        }
        scene.network().runFor(Duration.ofMillis(200));

        alice.accept(sdp("198.51.100.66", 5004, ""), IceRole.CONTROLLING);
        alice.accept(sdp("198.51.100.20", 5004, ""), IceRole.CONTROLLING);

        assertThat(alice.received()).as("the first description was of another").isEmpty();
    }

    // Without ICE nobody is asked whether he wants the packets
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "224.2.1.1", "255.255.255.255"})
    void nothingIsSentToACrowdNorToOurselves(String address) {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        alice.gather();

        int peer = alice.accept(sdp(address, 5004, ""), IceRole.CONTROLLING);

        assertThat(alice.send(peer, 0, 1, PACKET)).isFalse();
    }

    @Test
    void packetsOfStrangersDoNotReachTheApplication() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        alice.gather();
        alice.accept(sdp("198.51.100.20", 5004, ""), IceRole.CONTROLLING);

        scene.network()
                .internet()
                .host("stranger", "198.51.100.66")
                .socket(5004)
                .send(alice.bases().get(0).base().address(), PACKET);
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(alice.received()).isEmpty();
        assertThat(alice.report(-1).verdict())
                .endsWith(
                        "No packet of the peer's has come so far for audio/1, but 1 packet came from addresses that no"
                                + " peer is known by, the last from 198.51.100.66:5004: if that is the peer, it sends from"
                                + " elsewhere than its description says.");
    }

    // forks behind one gateway: ringing tone, an announcement, the phone that answers
    @Test
    void eachForkBehindOneAddressHearsItsOwnPackets() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        alice.gather();
        InetSocketAddress place = alice.bases().get(0).base().address();
        int one = alice.accept(sdp("198.51.100.20", 5004, ""), IceRole.CONTROLLING);
        int two = alice.accept(sdp("198.51.100.20", 5006, ""), IceRole.CONTROLLING);

        machine.socket(5006).send(place, PACKET);
        gateway.send(place, PACKET);
        machine.socket(6000).send(place, PACKET);
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(alice.received())
                .extracting(VirtualPhone.Received::peer)
                .as("each by its port; from a port that nobody named, the latest")
                .containsExactlyInAnyOrder(two, one, two);
    }

    @Test
    void aForkWithIceHearsItsPacketsBesideOneWithoutOnTheSameMachine() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", audio());
        VirtualCall call = scene.call(alice, bob);
        scene.network().runUntil(alice::described, Duration.ofSeconds(1));
        alice.accept(sdp("198.51.100.11", 5004, ""), IceRole.CONTROLLING);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();

        bob.send(call.calleePeer(), 0, 1, PACKET);
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(alice.received()).extracting(VirtualPhone.Received::peer).containsExactly(call.callerPeer());
    }

    // RFC 8445 §11: a microphone that is off, an announcement that is listened to; NATs forget after two minutes
    @Test
    void aNatStaysOpenForAPeerWithoutIceThatIsOnlyListenedTo() {
        VirtualPhone alice = scene.behind(
                scene.nat("203.0.113.1", NatBehaviour.PORT_RESTRICTED), "alice", "192.168.1.10", withStun(audio()));
        alice.gather();
        scene.network().runUntil(alice::described, Duration.ofSeconds(1));
        InetSocketAddress outside = alice.describe()
                .streams()
                .get(0)
                .destination()
                .flatMap(CandidateAddress::socketAddress)
                .orElseThrow();
        int peer = alice.accept(sdp("198.51.100.20", 5004, ""), IceRole.CONTROLLING);
        alice.send(peer, 0, 1, PACKET);

        scene.network().runFor(Duration.ofMinutes(10));
        gateway.send(outside, PACKET);
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(alice.received()).hasSize(1);
        assertThat(gateway.received()).hasSizeBetween(35, 45); // one in 15 s, and the packet
    }

    // our default destination is the relay (RFC 8445 §5.1.4), so that is where a peer without ICE sends, and what it
    // must hear from
    @Test
    void behindANatThePeerWithoutIceIsReachedOverTheRelay() {
        VirtualPhone alice = scene.behind(
                scene.nat("203.0.113.1", NatBehaviour.SYMMETRIC), "alice", "192.168.1.10", withTurn(audio()));
        alice.gather();
        scene.network().runUntil(alice::described, Duration.ofSeconds(1));
        IceDescription offer = alice.describe();
        int peer = alice.accept(sdp("198.51.100.20", 5004, ""), IceRole.CONTROLLING);
        scene.network().runFor(Duration.ofMillis(200));

        alice.send(peer, 0, 1, PACKET);
        gateway.send(
                offer.streams()
                        .get(0)
                        .destination()
                        .orElseThrow()
                        .socketAddress()
                        .orElseThrow(),
                PACKET);
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(gateway.received()).hasSize(1);
        assertThat(gateway.received().get(0).from().getAddress().getHostAddress())
                .isEqualTo(CallScene.SERVER);
        assertThat(alice.received()).hasSize(1);
    }

    // RFC 8839 §3.2.5: something on the way rewrote the m= line
    @Test
    void aRewrittenDefaultDestinationIsUsedWithoutIceAndAnsweredWithMismatch() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        alice.gather();
        IceDescription rewritten = sdp(
                "198.51.100.20",
                5004,
                "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n"
                        + "a=candidate:1 1 UDP 2130706431 10.1.1.1 4000 typ host\r\n");

        int peer = alice.accept(rewritten, IceRole.CONTROLLED);
        alice.send(peer, 0, 1, PACKET);
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(gateway.received()).hasSize(1);
        IceDescription answer = alice.perform(now -> alice.engine().signalling().describe(now, peer));
        assertThat(answer.streams().get(0).iceMismatch()).isTrue();
    }

    @Test
    void aRejectedStreamCannotBeUsed() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        alice.gather();

        assertThatThrownBy(() -> alice.accept(sdp("198.51.100.20", 0, ""), IceRole.CONTROLLING))
                .isInstanceOf(IceException.class);
    }

    @Test
    void aSecondRejectedStreamLeavesTheFirstOneWorking() {
        IceConfig config = audio().stream("video", 1);
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", config);
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", audio());
        VirtualCall call = scene.call(alice, bob);

        assertThat(call.runUntilCompleted(Duration.ofSeconds(2)))
                .as(scene.network()::dump)
                .isTrue();
        assertThat(alice.send(call.callerPeer(), 1, 1, PACKET)).isFalse();
    }

    // RFC 4566 §5.7: the c= line may hold a name
    @Test
    void aDefaultDestinationWithANameIsUsedWhenItIsResolved() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        alice.gather();
        int peer = alice.accept(sdp("gateway.example.test", 5004, ""), IceRole.CONTROLLING);
        assertThat(alice.send(peer, 0, 1, PACKET)).isFalse();

        EngineEvent.ResolveName asked =
                alice.node().events(EngineEvent.ResolveName.class).get(0);
        alice.perform(now -> {
            alice.engine()
                    .trickle()
                    .remoteResolved(
                            now,
                            asked,
                            CandidateAddress.of("198.51.100.20", 5004)
                                    .socketAddress()
                                    .orElseThrow()
                                    .getAddress());
            return true;
        });
        alice.send(peer, 0, 1, PACKET);
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(gateway.received()).hasSize(1);
        assertThat(alice.state(peer)).isEqualTo(IceState.COMPLETED);
    }

    // RFC 3264 §8.4: a stream on hold has nowhere to go, until a further description takes it off
    @Test
    void aStreamOnHoldIsTakenUpByAFurtherDescription() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        alice.gather();
        int peer = alice.accept(sdp("0.0.0.0", 5004, ""), IceRole.CONTROLLING);
        assertThat(alice.send(peer, 0, 1, PACKET)).isFalse();

        alice.perform(now -> {
            alice.engine().signalling().update(now, peer, sdp("198.51.100.20", 5004, ""));
            return true;
        });
        alice.send(peer, 0, 1, PACKET);
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(gateway.received()).hasSize(1);
    }

    // RFC 3264 §8.4: nothing is sent to who is on hold the old way; the music that it plays is heard all the same
    @Test
    void aCallThatIsHeldSendsNothingUntilItIsResumed() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        alice.gather();
        int peer = alice.accept(sdp("198.51.100.20", 5004, ""), IceRole.CONTROLLING);
        assertThat(alice.send(peer, 0, 1, PACKET)).isTrue();

        answer(alice, peer, sdp("0.0.0.0", 5004, ""));
        assertThat(alice.send(peer, 0, 1, PACKET)).isFalse();
        gateway.send(alice.bases().get(0).base().address(), PACKET);
        scene.network().runFor(Duration.ofSeconds(1));
        assertThat(alice.received()).as("music on hold").hasSize(1);
        assertThat(alice.state(peer)).isEqualTo(IceState.COMPLETED);

        answer(alice, peer, sdp("198.51.100.20", 5004, ""));
        assertThat(alice.send(peer, 0, 1, PACKET)).isTrue();
        scene.network().runFor(Duration.ofSeconds(1));
        assertThat(gateway.received()).hasSize(2);
    }

    // RFC 3264 §8.3.1: media may move to another machine
    @Test
    void aFurtherDescriptionMovesThePath() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        alice.gather();
        int peer = alice.accept(sdp("198.51.100.20", 5004, ""), IceRole.CONTROLLING);
        VirtualSocket other =
                scene.network().internet().host("other", "198.51.100.21").socket(5004);

        IceDescription answer = answer(alice, peer, sdp("198.51.100.21", 5004, ""));
        alice.send(peer, 0, 1, PACKET);
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(answer.hasIce()).isFalse();
        assertThat(other.received()).hasSize(1);
        assertThat(gateway.received()).isEmpty();
    }

    /** Alice has two ways to the gateway, and talks to it over the first. */
    private VirtualPhone withTwoInterfaces(IceConfig config) {
        VirtualHost host = scene.network()
                .internet()
                .host("alice", "198.51.100.10")
                .attach(scene.network().internet(), "198.51.100.30");
        VirtualPhone alice = new VirtualPhone(scene.network(), host, config);
        alice.gather();
        alice.describe();
        return alice;
    }

    // A call of two halves: that one of them is in trouble must not be lost in the other's success
    @Test
    void theTroubleOfAStreamWithoutIceIsToldBesideAStreamWithIce() {
        IceConfig both = audio().stream("video", 1);
        VirtualPhone alice = withTwoInterfaces(both);
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", both);
        bob.gather();
        IceDescription bobs = VirtualCall.travelled(bob.describe());
        IceDescription half = bobs.toBuilder()
                .replaceStream(StreamDescription.builder(1)
                        .mediaLine(bobs.streams().get(1).mediaLine())
                        .destination(CandidateAddress.of("198.51.100.20", 5004))
                        .build())
                .build();
        bob.accept(VirtualCall.travelled(alice.describe()), IceRole.CONTROLLED);
        int peer = alice.accept(half, IceRole.CONTROLLING);
        scene.network().runFor(Duration.ofSeconds(2));
        assertThat(alice.report(-1).verdict()).startsWith("Connected: ").doesNotContain("Without ICE");

        alice.host().detach("198.51.100.10");
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(alice.report(peer).verdict())
                .contains("audio/1 directly")
                .contains(" Without ICE: video/1 left host 198.51.100.10");
    }

    /** Alice talks to Bob with ICE over IPv6, and to the gateway without it over IPv4. */
    private VirtualPhone inTwoHalves() {
        IceConfig both = audio().stream("video", 1).patience(Duration.ofSeconds(10));
        VirtualHost host = scene.network()
                .internet()
                .host("alice", "2001:db8::10")
                .attach(scene.network().internet(), "198.51.100.10");
        VirtualPhone alice = new VirtualPhone(scene.network(), host, both);
        alice.gather();
        VirtualPhone bob = scene.publicly("bob", "2001:db8::11", both);
        bob.gather();
        IceDescription bobs = VirtualCall.travelled(bob.describe());
        bob.accept(VirtualCall.travelled(alice.describe()), IceRole.CONTROLLED);
        alice.accept(
                bobs.toBuilder()
                        .replaceStream(StreamDescription.builder(1)
                                .mediaLine(bobs.streams().get(1).mediaLine())
                                .destination(CandidateAddress.of("198.51.100.20", 5004))
                                .build())
                        .build(),
                IceRole.CONTROLLING);
        scene.network().runFor(Duration.ofSeconds(2));
        return alice;
    }

    @Test
    void aStreamWithoutIceBesideOneWithItIsSelectedAsSoonAsItSends() {
        VirtualPhone alice = inTwoHalves();

        assertThat(alice.heard(IceEvent.StreamSelected.class))
                .containsExactlyInAnyOrder(new IceEvent.StreamSelected("audio"), new IceEvent.StreamSelected("video"));
        assertThat(alice.state(1)).isEqualTo(IceState.COMPLETED);
        assertThat(alice.engine().signalling().pendingOffer(1)).isEmpty();
    }

    @Test
    void aStreamWithoutIceThatIsLostBesideOneWithItIsInTheStateAsInTheVerdict() {
        VirtualPhone alice = inTwoHalves();

        alice.host().detach("198.51.100.10");
        scene.network().runFor(Duration.ofSeconds(1));
        assertThat(alice.state(1)).isEqualTo(IceState.DISCONNECTED);
        assertThat(alice.report(1).verdict())
                .startsWith("Connected in part: audio/1 directly")
                .contains(" Without ICE: video/1 left host 198.51.100.10");

        scene.network().runFor(Duration.ofSeconds(10));
        assertThat(alice.state(1)).as("what works goes on").isEqualTo(IceState.COMPLETED);
        assertThat(alice.heard(IceEvent.Failed.class)).singleElement().satisfies(failed -> {
            assertThat(failed.failure().stream()).isEqualTo("video");
            assertThat(failed.failure().explanation()).startsWith("video/1 left host 198.51.100.10");
        });
        alice.attach(scene.network().internet(), "2001:db8::30", InterfaceKind.WIRED);
        scene.network().runFor(Duration.ofMinutes(1));
        assertThat(alice.heard(IceEvent.Failed.class)).as("it does not help").hasSize(1);
        assertThat(alice.state(1)).isEqualTo(IceState.COMPLETED);

        alice.attach(scene.network().internet(), "198.51.100.30", InterfaceKind.WIRED);
        scene.network().runFor(Duration.ofSeconds(1));
        assertThat(alice.send(1, 1, 1, PACKET)).isTrue();
        assertThat(alice.state(1)).isEqualTo(IceState.COMPLETED);
    }

    @Test
    void aStreamWithoutIceThatComesBackBesideOneWithItIsConnectedAgain() {
        VirtualPhone alice = inTwoHalves();
        alice.host().detach("198.51.100.10");
        scene.network().runFor(Duration.ofSeconds(1));

        alice.attach(scene.network().internet(), "198.51.100.30", InterfaceKind.WIRED);
        scene.network().runFor(Duration.ofSeconds(20));

        assertThat(alice.state(1)).isEqualTo(IceState.COMPLETED);
        assertThat(alice.heard(IceEvent.Failed.class)).isEmpty();
    }

    // RFC 8863 has patience for checks; a place that cannot be reached is waited for as long
    @Test
    void aPeerWithoutIceThatNamesNoPlaceWithinReachFailsWhenPatienceEnds() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio().patience(Duration.ofSeconds(10)));
        alice.gather();
        alice.describe();
        int peer = alice.accept(elsewhere(), IceRole.CONTROLLING);

        scene.network().runFor(Duration.ofSeconds(9));
        assertThat(alice.state(peer)).isEqualTo(IceState.CHECKING);
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(alice.state(peer)).isEqualTo(IceState.FAILED);
        assertThat(alice.heard(IceEvent.Failed.class)).singleElement().satisfies(failed -> assertThat(
                        failed.failure().explanation())
                .contains("no place that packets can go"));
        assertThat(alice.report(peer).verdict()).startsWith("No path: the peer has no ICE, and it named no place");

        answer(alice, peer, sdp("198.51.100.20", 5004, ""));
        assertThat(alice.state(peer)).isEqualTo(IceState.COMPLETED);
    }

    private static IceDescription elsewhere() {
        IceDescription reachable = sdp("198.51.100.20", 5004, "");
        return reachable.toBuilder()
                .replaceStream(StreamDescription.builder(0)
                        .mediaLine(reachable.streams().get(0).mediaLine())
                        .destination(CandidateAddress.of("2001:db8::20", 5004))
                        .build())
                .build();
    }

    // Our interfaces may come later than the peer's description; once it is reached from another address, it must learn
    // of that
    @ParameterizedTest
    @ValueSource(ints = {1, 20})
    void aPlaceThatIsOutOfReachAtFirstIsReachedFromAnInterfaceThatComes(int afterSeconds) {
        VirtualSocket beyond = machine.attach(scene.network().internet(), "2001:db8::20")
                .socket(
                        CandidateAddress.of("2001:db8::20", 5004)
                                .socketAddress()
                                .orElseThrow()
                                .getAddress(),
                        5004);
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio().patience(Duration.ofSeconds(10)));
        alice.gather();
        alice.describe();
        int peer = alice.accept(elsewhere(), IceRole.CONTROLLING);
        scene.network().runFor(Duration.ofSeconds(afterSeconds));
        assertThat(alice.send(peer, 0, 1, PACKET)).isFalse();

        alice.attach(scene.network().internet(), "2001:db8::30", InterfaceKind.WIRED);

        assertThat(alice.send(peer, 0, 1, PACKET)).isTrue();
        scene.network().runFor(Duration.ofSeconds(20));
        assertThat(beyond.received()).isNotEmpty();
        assertThat(alice.state(peer)).isEqualTo(IceState.COMPLETED);
        assertThat(alice.heard(IceEvent.PathReady.class)).hasSize(1);
        assertThat(alice.heard(IceEvent.PathChanged.class))
                .extracting(IceEvent.PathChanged::cause)
                .containsExactly(PathChange.WITHOUT_ICE);
        assertThat(alice.engine().signalling().pendingOffer(peer))
                .hasValueSatisfying(due -> assertThat(due.required()).isTrue());
        assertThat(alice.report(-1).verdict()).startsWith("Connected: audio/1 directly");
    }

    // RFC 6157: a peer without ICE has one address family, and who has both must meet it there
    @Test
    void ofTwoFamiliesThatOfThePeerIsUsedAndAnswered() {
        VirtualHost both = scene.network()
                .internet()
                .host("alice", "198.51.100.10")
                .attach(scene.network().internet(), "2001:db8::30");
        machine.attach(scene.network().internet(), "2001:db8::20");
        VirtualPhone alice = new VirtualPhone(scene.network(), both, audio());
        alice.gather();
        int peer = alice.accept(elsewhere(), IceRole.CONTROLLED);
        scene.network().runFor(Duration.ofSeconds(1));

        IceDescription answer = alice.perform(now -> alice.engine().signalling().describe(now, peer));
        IceDescription offer = alice.perform(now -> alice.engine().signalling().offer(now, peer));

        assertThat(alice.send(peer, 0, 1, PACKET)).isTrue();
        CandidateAddress used =
                alice.heard(IceEvent.PathChanged.class).get(0).to().local().address();
        assertThat(used.host()).contains("2001:db8");
        assertThat(answer.streams().get(0).defaultDestination(1)).contains(used);
        assertThat(offer.streams().get(0).defaultDestination(1)).contains(used);
        assertThat(offer.streams().get(0).candidates())
                .as("ICE is offered again")
                .hasSize(2);
        assertThat(alice.engine().signalling().pendingOffer(peer)).isEmpty();
    }

    // One stream without a way takes none from another
    @Test
    void aPlaceOutOfReachLeavesTheOtherStreamConnected() {
        VirtualPhone alice = scene.publicly(
                "alice", "198.51.100.10", audio().stream("video", 1).patience(Duration.ofSeconds(10)));
        alice.gather();
        alice.describe();
        IceDescription both = sdp("198.51.100.20", 5004, "m=video 5006 RTP/AVP 31\r\nc=IN IP6 2001:db8::20\r\n");
        int peer = alice.accept(both, IceRole.CONTROLLING);

        scene.network().runFor(Duration.ofSeconds(20));

        assertThat(alice.state(peer)).isEqualTo(IceState.COMPLETED);
        assertThat(alice.send(peer, 0, 1, PACKET)).isTrue();
        assertThat(alice.send(peer, 1, 1, PACKET)).isFalse();
    }

    // RFC 3264 §8.4: nothing is to be sent, for as long as the peer wants
    @Test
    void aPeerWithoutIceThatIsOnHoldFromTheStartDoesNotFail() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio().patience(Duration.ofSeconds(10)));
        alice.gather();
        int peer = alice.accept(sdp("0.0.0.0", 5004, ""), IceRole.CONTROLLING);

        scene.network().runFor(Duration.ofMinutes(2));

        assertThat(alice.state(peer)).isNotEqualTo(IceState.FAILED);
        assertThat(alice.heard(IceEvent.Failed.class)).isEmpty();
    }

    private String addressOfLast() {
        return gateway.received()
                .get(gateway.received().size() - 1)
                .from()
                .getAddress()
                .getHostAddress();
    }

    @Test
    void whenItsInterfaceGoesThePathGoesOnFromAnotherAndAnOfferIsDue() {
        VirtualPhone alice = withTwoInterfaces(audio());
        int peer = alice.accept(sdp("198.51.100.20", 5004, ""), IceRole.CONTROLLING);
        alice.send(peer, 0, 1, PACKET);
        scene.network().runFor(Duration.ofMillis(100));
        assertThat(addressOfLast()).isEqualTo("198.51.100.10");

        alice.host().detach("198.51.100.10");
        scene.network().runFor(Duration.ofMillis(1));
        assertThat(alice.send(peer, 0, 1, PACKET)).isTrue();
        gateway.send(alice.bases().get(1).base().address(), PACKET);
        scene.network().runFor(Duration.ofMillis(100));

        assertThat(addressOfLast()).isEqualTo("198.51.100.30");
        assertThat(alice.received()).hasSize(1);
        assertThat(alice.state(peer)).isEqualTo(IceState.COMPLETED);
        assertThat(alice.heard(IceEvent.PathChanged.class)).last().satisfies(changed -> assertThat(changed.cause())
                .isEqualTo(PathChange.FAILOVER));
        assertThat(alice.engine().signalling().pendingOffer(peer))
                .contains(new PendingOffer(PendingOffer.Reason.SELECTED_DIFFERS_FROM_DEFAULT, true));
        assertThat(alice.report(-1).verdict())
                .startsWith("Connected: audio/1 directly (host 198.51.100.30")
                .contains("audio/1 left host 198.51.100.10")
                .contains("until an offer tells it better");
        assertThat(alice.report(-1).timeline())
                .anyMatch(moment -> moment.what().contains("leaves host 198.51.100.10")
                        && moment.what().contains("was taken away"));

        IceDescription offer = alice.perform(now -> alice.engine().signalling().offer(now, peer));
        assertThat(offer.streams().get(0).destination().orElseThrow().host()).isEqualTo("198.51.100.30");
        alice.perform(now -> {
            alice.engine().signalling().update(now, peer, sdp("198.51.100.20", 5004, ""));
            return true;
        });

        assertThat(alice.report(-1).verdict()).doesNotContain("until an offer");
    }

    // RFC 8863 has patience for checks; without them it is the next interface that is waited for
    @Test
    void withoutAnotherInterfaceThePathIsLostAndFailsWithAReasonUnlessOneComes() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio().patience(Duration.ofSeconds(10)));
        alice.gather();
        alice.describe();
        int peer = alice.accept(sdp("198.51.100.20", 5004, ""), IceRole.CONTROLLING);

        alice.host().detach("198.51.100.10");
        scene.network().runFor(Duration.ofMillis(1));
        assertThat(alice.send(peer, 0, 1, PACKET)).isFalse();
        assertThat(alice.state(peer)).isEqualTo(IceState.DISCONNECTED);
        assertThat(alice.report(-1).verdict())
                .startsWith("The path to a peer without ICE was lost: audio/1 left host 198.51.100.10");
        scene.network().runFor(Duration.ofSeconds(9));
        assertThat(alice.state(peer)).isEqualTo(IceState.DISCONNECTED);
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(alice.state(peer)).isEqualTo(IceState.FAILED);
        assertThat(alice.heard(IceEvent.Failed.class)).singleElement().satisfies(failed -> assertThat(
                        failed.failure().explanation())
                .contains("was taken away")
                .contains("no other address here leads to 198.51.100.20:5004"));
        assertThat(alice.report(-1).verdict()).startsWith("No path to a peer without ICE: audio/1 left host");

        alice.attach(scene.network().internet(), "198.51.100.30", InterfaceKind.WIRED);
        assertThat(alice.send(peer, 0, 1, PACKET)).isTrue();
        scene.network().runFor(Duration.ofSeconds(20));

        assertThat(alice.state(peer)).isEqualTo(IceState.COMPLETED);
        assertThat(addressOfLast()).isEqualTo("198.51.100.30");
        assertThat(alice.engine().signalling().pendingOffer(peer))
                .hasValueSatisfying(due -> assertThat(due.required()).isTrue());
    }

    // RFC 3264 §8.4
    @Test
    void aHoldOutlivesTheInterface() {
        VirtualPhone alice = withTwoInterfaces(audio());
        int peer = alice.accept(sdp("198.51.100.20", 5004, ""), IceRole.CONTROLLING);
        answer(alice, peer, sdp("0.0.0.0", 5004, ""));

        alice.host().detach("198.51.100.10");
        scene.network().runFor(Duration.ofMillis(1));
        gateway.send(alice.bases().get(1).base().address(), PACKET);
        scene.network().runFor(Duration.ofMillis(100));

        assertThat(alice.send(peer, 0, 1, PACKET)).isFalse();
        assertThat(alice.received()).as("music on hold").hasSize(1);
        assertThat(alice.state(peer)).isEqualTo(IceState.COMPLETED);
    }

    @Test
    void aRelayThatGoesLeavesThePathToASocket() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", withTurn(audio()));
        alice.gather();
        scene.network().runUntil(alice::described, Duration.ofSeconds(1));
        alice.describe();
        int peer = alice.accept(sdp("198.51.100.20", 5004, ""), IceRole.CONTROLLING);
        scene.network().runFor(Duration.ofMillis(200));
        alice.send(peer, 0, 1, PACKET);
        scene.network().runFor(Duration.ofMillis(200));
        assertThat(addressOfLast()).isEqualTo(CallScene.SERVER);

        scene.edge().faults().fail(StunMethod.REFRESH, 437, 1);
        scene.network().runUntil(() -> !alice.report(-1).verdict().contains("over our relay"), Duration.ofMinutes(20));
        alice.send(peer, 0, 1, PACKET);
        scene.network().runFor(Duration.ofMillis(200));

        assertThat(addressOfLast()).isEqualTo("198.51.100.10");
        assertThat(alice.report(-1).verdict()).contains("audio/1 left relay " + CallScene.SERVER);
    }

    // an ICMP error proves nothing, but without checks it is all that is known
    @Test
    void aPortThatNobodyListensOnIsInTheReport() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        alice.gather();
        scene.network().internet().host("dead gateway", "198.51.100.21").refuseClosedPorts(true);
        int peer = alice.accept(sdp("198.51.100.21", 5004, ""), IceRole.CONTROLLING);

        for (int i = 0; i < 3; i++) {
            alice.send(peer, 0, 1, PACKET);
            scene.network().runFor(Duration.ofMillis(100));
        }

        assertThat(alice.state(peer)).isEqualTo(IceState.COMPLETED);
        assertThat(alice.report(-1).verdict()).contains("but audio/1 is refused by the network (3 times, last:");
        assertThat(alice.report(-1).timeline())
                .filteredOn(moment ->
                        moment.what().contains("198.51.100.21") && moment.what().contains("network says"))
                .hasSize(1);
    }

    private static IceDescription answer(VirtualPhone phone, int peer, IceDescription offer) {
        return phone.perform(now -> phone.engine().signalling().answer(now, peer, offer));
    }
}
