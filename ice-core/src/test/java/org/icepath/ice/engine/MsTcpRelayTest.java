// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.TcpType;
import org.icepath.candidate.TransportType;
import org.icepath.ice.CandidateFilter;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceProfile;
import org.icepath.ice.IceState;
import org.icepath.ice.ms.MsProfiles;
import org.icepath.sansio.Transport;
import org.icepath.sdp.IceSdp;
import org.icepath.sdp.SdpDialect;
import org.icepath.sdp.ms.MsPriority;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.testkit.edge.MsEdgeConfig;
import org.icepath.testkit.network.Block;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.VirtualNat;
import org.icepath.turn.ms.MsTurn;
import org.junit.jupiter.api.Test;

/** Edge servers that are asked over TCP relay TCP: one allocation is an active and a passive candidate ([MS-TURN], seen). */
class MsTcpRelayTest {

    private static final String ALICE = "198.51.100.10";
    private static final String BOB = "198.51.100.20";

    private final CallScene scene = new CallScene(
                    6062,
                    config -> config.withMs(
                            MsEdgeConfig.create().user("alice", "secret").user("bob", "secret")))
            .serverOverTcpInMs();

    private static IceConfig tcp() {
        return IceConfig.create().profile(MsProfiles.ICE2).tcpOnly().stream("audio", Candidate.RTP);
    }

    private static IceConfig withEdge(IceConfig config) {
        return config.turnServer(
                MsTurn.DEFAULT.server(CallScene.SERVER, 443, Transport.TCP, base64("alice"), base64("secret")));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private void talksBothWays(VirtualCall call) {
        PacketFlow there = call.toCallee(Duration.ofMillis(200));
        PacketFlow back = call.toCaller(Duration.ofMillis(200));
        scene.network().runFor(Duration.ofMinutes(5)); // ten refreshes
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofSeconds(2));
        assertThat(there.sent()).isGreaterThan(1_490);
        assertThat(there.lost()).isZero();
        assertThat(back.sent()).isGreaterThan(1_490);
        assertThat(back.lost()).isZero();
        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
    }

    @Test
    void oneAllocationIsAnActiveAndAPassiveCandidateAtOneAddress() {
        VirtualPhone alice = scene.publicly("alice", ALICE, withEdge(tcp())).gather();
        scene.network().runFor(Duration.ofSeconds(2));

        List<Candidate> relayed = alice.describe().streams().get(0).candidates().stream()
                .filter(candidate -> candidate.type() == CandidateType.RELAYED)
                .toList();

        assertThat(relayed)
                .extracting(Candidate::transport)
                .containsExactlyInAnyOrder(TransportType.TCP_ACTIVE, TransportType.TCP_PASSIVE);
        assertThat(relayed.get(0).address()).isEqualTo(relayed.get(1).address());
        assertThat(scene.edge().allocationCount()).isEqualTo(1);
        assertThat(IceSdp.format(alice.describe(), MsProfiles.ICE2.sdp(), 1, 1))
                .containsPattern("TCP-ACT \\d+ 198\\.51\\.100\\.1 \\d+ typ relay raddr")
                .containsPattern("TCP-PASS \\d+ 198\\.51\\.100\\.1 \\d+ typ relay raddr");
    }

    private static List<Candidate> reflexive(VirtualPhone phone) {
        return phone.describe().streams().get(0).candidates().stream()
                .filter(candidate -> candidate.type() == CandidateType.SERVER_REFLEXIVE)
                .toList();
    }

    // digest §5.2: TCP-ACT srflx, from the Allocate response, with the foundation's number in its priority
    @Test
    void whereConnectionsComeFromIsAnActiveReflexiveCandidate() {
        VirtualNat home = scene.network().internet().nat("home", "203.0.113.7", NatBehaviour.PORT_RESTRICTED);
        VirtualPhone alice =
                scene.behind(home, "alice", "192.168.1.10", withEdge(tcp())).gather();
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(reflexive(alice)).singleElement().satisfies(candidate -> {
            int number = Integer.parseInt(candidate.foundation().value());
            assertThat(candidate.transport()).isEqualTo(TransportType.TCP_ACTIVE);
            assertThat(candidate.address().host()).isEqualTo("203.0.113.7");
            assertThat(candidate.priority())
                    .isEqualTo(MsPriority.of(CandidateType.SERVER_REFLEXIVE, TransportType.TCP_ACTIVE, number, 1));
        });
        assertThat(IceSdp.format(alice.describe(), MsProfiles.ICE2.sdp(), 1, 1))
                .containsPattern(
                        "a=candidate:\\d+ 1 TCP-ACT 1684\\d{6} 203\\.0\\.113\\.7 \\d+ typ srflx raddr 192\\.168\\.1\\.10"
                                + " rport 9\r\n");
    }

    @Test
    void withoutANatItIsToldAllTheSameAndInNoOtherDialect() {
        VirtualPhone ms = scene.publicly("ms", ALICE, withEdge(tcp())).gather();
        VirtualPhone auto = scene.publicly("auto", BOB, withEdge(tcp().profile(IceProfile.auto())))
                .gather();
        VirtualPhone standard = scene.publicly("rfc", "198.51.100.30", withEdge(tcp().profile(IceProfile.RFC8445)))
                .gather();
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(reflexive(ms))
                .singleElement()
                .satisfies(candidate -> assertThat(candidate.address().host()).isEqualTo(ALICE));
        assertThat(reflexive(auto)).isEmpty();
        assertThat(reflexive(standard)).isEmpty();
    }

    // RFC 6544 §4.5: an Edge serves sessions of the standard, too
    @Test
    void inLinesOfTheStandardTheActiveOneHasThePortOfDiscard() {
        VirtualPhone alice = scene.publicly("alice", ALICE, withEdge(tcp().profile(IceProfile.RFC8445)))
                .gather();
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(IceSdp.format(alice.describe(), SdpDialect.RFC8839, 1, 1))
                .containsPattern("TCP \\d+ 198\\.51\\.100\\.1 9 typ relay [^\r]* tcptype active")
                .containsPattern("TCP \\d+ 198\\.51\\.100\\.1 \\d{4,5} typ relay [^\r]* tcptype passive");
    }

    @Test
    void twoRelaysOfOneEdgeConnect() {
        IceConfig relayOnly = withEdge(tcp()).filter(CandidateFilter.relayOnly());
        VirtualCall call = scene.call(scene.publicly("alice", ALICE, relayOnly), scene.publicly("bob", BOB, relayOnly));

        assertThat(call.runUntilCompleted(Duration.ofSeconds(12)))
                .as(scene.network()::dump)
                .isTrue();
        talksBothWays(call);
        assertThat(scene.server().events(EdgeEvent.DestinationSet.class)).hasSizeGreaterThanOrEqualTo(2);
        assertThat(List.of(call.caller(), call.callee())).allSatisfy(phone -> {
            Route route = CallScene.lastRoute(phone);
            assertThat(route.viaEngine()).isFalse();
            assertThat(route.base().transport()).isEqualTo(Transport.TCP);
            assertThat(route.destination().getPort()).isEqualTo(443);
            assertThat(route.envelope().orElseThrow().around(UTF_8.encode("RTP")))
                    .isEqualTo(ByteBuffer.wrap(new byte[] {3, 0, 0, 5, 0, 3, 'R', 'T', 'P'}));
        });
    }

    @Test
    void theEdgeConnectsToAPeerThatAccepts() {
        scene.network().internet().block(Block.between(ALICE, BOB));
        VirtualCall call = scene.call(
                scene.publicly("alice", ALICE, withEdge(tcp())),
                scene.publicly("bob", BOB, tcp().tcp(TcpType.PASSIVE).tcpOnly()));

        assertThat(call.runUntilCompleted(Duration.ofSeconds(12)))
                .as(scene.network()::dump)
                .isTrue();
        talksBothWays(call);
    }

    @Test
    void whatIsSelectedIsTheRelayInTheFinalOffer() {
        IceConfig relayOnly = withEdge(tcp()).filter(CandidateFilter.relayOnly());
        VirtualCall call = scene.call(scene.publicly("alice", ALICE, relayOnly), scene.publicly("bob", BOB, relayOnly))
                .offeringByHand();
        assertThat(call.runUntilCompleted(Duration.ofSeconds(12))).isTrue();
        scene.network().runFor(Duration.ofMillis(200));

        VirtualPhone alice = call.caller();
        VirtualPhone bob = call.callee();
        var offer = alice.perform(now -> alice.engine().signalling().offer(now, call.callerPeer()));
        var answer = bob.perform(now -> bob.engine().signalling().answer(now, call.calleePeer(), offer));

        for (var description : List.of(offer, answer)) {
            assertThat(description.streams().get(0).candidates())
                    .singleElement()
                    .satisfies(candidate -> {
                        assertThat(candidate.type()).isEqualTo(CandidateType.RELAYED);
                        assertThat(candidate.transport().isTcp()).isTrue();
                        assertThat(description.streams().get(0).destination())
                                .as("the m= and c= lines")
                                .contains(candidate.address());
                    });
        }
    }

    // Without TCP candidates there is no use for such a relay: it is not asked for, and the report says why
    @Test
    void datagramsAreNotRelayedByWhatIsAskedOverTcp() {
        VirtualPhone alice = scene.publicly(
                        "alice",
                        ALICE,
                        withEdge(IceConfig.create().profile(MsProfiles.ICE2).stream("audio", Candidate.RTP)))
                .gather();
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(scene.edge().allocationCount()).isZero();
        assertThat(alice.report(-1).text()).contains("the server relays TCP where it is asked over TCP");
    }

    @Test
    void aReleasedRelayLeavesNothing() {
        IceConfig relayOnly = withEdge(tcp()).filter(CandidateFilter.relayOnly());
        VirtualCall call = scene.call(scene.publicly("alice", ALICE, relayOnly), scene.publicly("bob", BOB, relayOnly));
        assertThat(call.runUntilCompleted(Duration.ofSeconds(12))).isTrue();
        scene.network().runFor(Duration.ofSeconds(1));

        for (VirtualPhone phone : List.of(call.caller(), call.callee())) {
            phone.perform(now -> {
                phone.engine().close(now);
                return true;
            });
        }
        scene.network().runFor(Duration.ofSeconds(5));

        assertThat(scene.edge().allocationCount()).isZero();
        assertThat(scene.connectionsToServer()).isZero();
    }
}
