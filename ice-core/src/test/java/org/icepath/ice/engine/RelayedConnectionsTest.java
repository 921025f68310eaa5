// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withStun;
import static org.icepath.ice.engine.CallScene.withTurn;
import static org.icepath.ice.engine.CallScene.withTurnOverTcp;

import java.time.Duration;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.TcpType;
import org.icepath.candidate.TransportType;
import org.icepath.ice.CandidateFilter;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceState;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.Block;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TCP candidates on a relay (RFC 6544 §5.5, RFC 6062) in virtual time. */
class RelayedConnectionsTest {

    private static final String ALICE = "198.51.100.10";
    private static final String BOB = "198.51.100.20";

    private final CallScene scene = new CallScene(6062).serverOverTcp();

    @BeforeEach
    void nothingButTcpPasses() {
        scene.network().internet().block(Block.udp());
    }

    private VirtualPhone aliceBehindASymmetricNat(IceConfig config) {
        return scene.behind(scene.nat("203.0.113.1", NatBehaviour.SYMMETRIC), "alice", "192.168.1.10", config);
    }

    private VirtualPhone bobBehindASymmetricNat(IceConfig config) {
        return scene.behind(scene.nat("203.0.113.2", NatBehaviour.SYMMETRIC), "bob", "192.168.2.20", config);
    }

    private void talksBothWays(VirtualCall call) {
        PacketFlow there = call.toCallee(Duration.ofMillis(200));
        PacketFlow back = call.toCaller(Duration.ofMillis(200));
        scene.network().runFor(Duration.ofMinutes(12)); // refreshes and permissions
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofSeconds(2));
        assertThat(there.sent()).isGreaterThan(3_500);
        assertThat(there.lost()).isZero();
        assertThat(back.sent()).isGreaterThan(3_500);
        assertThat(back.lost()).isZero();
        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
    }

    private static List<String> inUse(VirtualPhone phone, int peer) {
        return phone.report(peer).pairs().stream()
                .filter(pair -> pair.outcome().contains("in use"))
                .map(IceReport.PairEntry::what)
                .toList();
    }

    // The peer connects to the relayed address: a ConnectionAttempt (RFC 6062 §4.4). His reflexive
    // address, which no peer can connect to behind this NAT, tells the relay whom to let in.
    @Test
    void aPeerConnectsToThePassiveRelayedCandidate() {
        VirtualCall call = scene.call(
                aliceBehindASymmetricNat(withTurnOverTcp(audio().tcpOnly())),
                bobBehindASymmetricNat(withStun(audio().tcpOnly())));

        assertThat(call.runUntilCompleted(Duration.ofSeconds(10)))
                .as(scene.network()::dump)
                .isTrue();

        assertThat(inUse(call.caller(), call.callerPeer())).singleElement().satisfies(what -> assertThat(what)
                .startsWith("relay 198.51.100.1:60000 tcp -> prflx"));
        talksBothWays(call);
        assertThat(scene.edge().connectionCount()).isEqualTo(1);
    }

    // The callee checks from the offer on, and the relay refuses him until the answer has told the caller of him.
    @ParameterizedTest
    @ValueSource(ints = {400, 3_000, 12_000})
    void aRelayThatDoesNotKnowThePeerYetIsAskedAgain(int signallingMillis) {
        VirtualCall call = VirtualCall.start(
                scene.network(),
                aliceBehindASymmetricNat(withTurnOverTcp(audio().tcpOnly())),
                bobBehindASymmetricNat(withStun(audio().tcpOnly())),
                Duration.ofMillis(signallingMillis));

        assertThat(call.runUntilCompleted(
                        Duration.ofMillis(2L * signallingMillis).plusSeconds(15)))
                .as(scene.network()::dump)
                .isTrue();
    }

    // As above, where what is refused comes from a relay, and nobody else connects.
    @ParameterizedTest
    @ValueSource(ints = {400, 3_000, 12_000})
    void aRelayAsksAnotherThatDoesNotKnowThePeerYetAgain(int signallingMillis) {
        IceConfig passive = audio().tcp(TcpType.PASSIVE).tcpOnly().relayOnly();
        IceConfig active = audio().tcp(TcpType.ACTIVE).tcpOnly().relayOnly();
        VirtualCall call = VirtualCall.start(
                scene.network(),
                aliceBehindASymmetricNat(withTurnOverTcp(passive)),
                bobBehindASymmetricNat(withTurnOverTcp(active)),
                Duration.ofMillis(signallingMillis));

        assertThat(call.runUntilCompleted(
                        Duration.ofMillis(2L * signallingMillis).plusSeconds(15)))
                .as(scene.network()::dump)
                .isTrue();
    }

    // The relay connects to the peer: Connect (RFC 6062 §4.3).
    @Test
    void theActiveRelayedCandidateConnectsToAPeer() {
        scene.network().internet().block(Block.between(ALICE, BOB));
        VirtualCall call = scene.call(
                scene.publicly("alice", ALICE, withTurnOverTcp(audio().tcpOnly())),
                scene.publicly("bob", BOB, audio().tcp(TcpType.PASSIVE).tcpOnly()));

        assertThat(call.runUntilCompleted(Duration.ofSeconds(10)))
                .as(scene.network()::dump)
                .isTrue();

        assertThat(inUse(call.caller(), call.callerPeer())).singleElement().satisfies(what -> assertThat(what)
                .startsWith("relay 198.51.100.1:9 tcp -> host"));
        talksBothWays(call);
    }

    // The peer sees the relayed address with a port, which is no candidate of ours: a relay it is all the same.
    @Test
    void whatARelayConnectsFromIsNoReflexiveAddress() {
        VirtualCall call = scene.call(
                scene.publicly(
                        "alice",
                        ALICE,
                        withTurnOverTcp(audio().tcp(TcpType.ACTIVE).tcpOnly()).relayOnly()),
                scene.publicly("bob", BOB, audio().tcp(TcpType.PASSIVE).tcpOnly()));

        assertThat(call.runUntilCompleted(Duration.ofSeconds(10))).isTrue();

        assertThat(inUse(call.caller(), call.callerPeer())).singleElement().satisfies(what -> assertThat(what)
                .startsWith("relay 198.51.100.1:9 tcp -> host"));
    }

    @Test
    void twoRelaysConnectToEachOther() {
        IceConfig relayOnly = withTurnOverTcp(audio().tcpOnly()).filter(CandidateFilter.relayOnly());
        VirtualCall call = scene.call(aliceBehindASymmetricNat(relayOnly), bobBehindASymmetricNat(relayOnly));

        assertThat(call.runUntilCompleted(Duration.ofSeconds(10)))
                .as(scene.network()::dump)
                .isTrue();
        talksBothWays(call);
    }

    // RFC 6544 §11.1: whoever has opened the connection opens another, over the relay, too.
    @Test
    void aRelayedConnectionThatEndsIsOpenedAgain() {
        scene.network().internet().block(Block.between(ALICE, BOB));
        VirtualPhone bob =
                scene.publicly("bob", BOB, audio().tcp(TcpType.PASSIVE).tcpOnly());
        VirtualCall call = scene.call(scene.publicly("alice", ALICE, withTurnOverTcp(audio().tcpOnly())), bob);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(10))).isTrue();
        PacketFlow there = call.toCallee(Duration.ofMillis(20));
        scene.network().runFor(Duration.ofSeconds(3));

        bob.host().resetConnections();
        assertThat(scene.network().runUntil(() -> there.refused() > 0, Duration.ofSeconds(2)))
                .isTrue();
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        long refused = there.refused();
        scene.network().runFor(Duration.ofSeconds(20));

        assertThat(there.refused()).isEqualTo(refused).isLessThan(100);
        assertThat(scene.edge().connectionCount()).isEqualTo(1);
        assertThat(scene.edge().allocationCount()).isEqualTo(1);
    }

    // An allocation has room for 64 connections: those that have ended take none of it.
    @Test
    void connectionsThatHaveEndedMakeRoom() {
        scene.network().internet().block(Block.between(ALICE, BOB));
        VirtualPhone bob =
                scene.publicly("bob", BOB, audio().tcp(TcpType.PASSIVE).tcpOnly());
        VirtualCall call = scene.call(scene.publicly("alice", ALICE, withTurnOverTcp(audio().tcpOnly())), bob);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(10))).isTrue();

        for (int i = 0; i < 70; i++) {
            scene.network().runFor(Duration.ofSeconds(2));
            bob.host().resetConnections();
        }
        scene.network().runFor(Duration.ofSeconds(3));

        assertThat(scene.edge().connectionCount()).isEqualTo(1);
        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
    }

    @Test
    void nothingIsLeftOfAClosedSession() {
        VirtualCall call = scene.call(
                aliceBehindASymmetricNat(withTurnOverTcp(audio().tcpOnly())),
                bobBehindASymmetricNat(withStun(audio().tcpOnly())));
        assertThat(call.runUntilCompleted(Duration.ofSeconds(10))).isTrue();

        List.of(call.caller(), call.callee())
                .forEach(phone -> phone.perform(now -> {
                    phone.engine().close(now);
                    return true;
                }));
        scene.network().runFor(Duration.ofSeconds(5));

        assertThat(scene.edge().allocationCount()).isZero();
        assertThat(scene.edge().connectionCount()).isZero();
        assertThat(call.caller().host().connections()).isZero();
        assertThat(call.callee().host().connections()).isZero();
        assertThat(call.caller().node().has(EngineEvent.Closed.class)).isTrue();
    }

    private static List<Candidate> relayed(VirtualPhone phone) {
        return phone.describe().streams().get(0).candidates().stream()
                .filter(candidate -> candidate.type() == CandidateType.RELAYED)
                .toList();
    }

    // The family of the relayed address is that of the server's: peers of the other have none to pair with.
    @Test
    void overIpv6TheRelayIsOfIpv6() {
        CallScene dual = new CallScene(6).serverAlsoAt("2001:db8:e::1").serverOverTcp();
        IceConfig overSix = audio().tcpOnly()
                .turnServer(TurnServer.parse("turn:[2001:db8:e::1]:3478?transport=tcp")
                        .credentials("alice", "secret"));
        VirtualCall call = dual.call(
                dual.publicly("alice", "2001:db8:a::1", overSix.relayOnly()),
                dual.publicly(
                        "bob", "2001:db8:b::2", audio().tcp(TcpType.PASSIVE).tcpOnly()));

        assertThat(call.runUntilCompleted(Duration.ofSeconds(10)))
                .as(dual.network()::dump)
                .isTrue();

        assertThat(relayed(call.caller()))
                .allSatisfy(each -> assertThat(each.address().host()).isEqualTo("2001:db8:e::1"));
    }

    // RFC 6544 §4.2 (priorities), §4.5 (port 9 of active candidates)
    @Test
    void oneAllocationYieldsAPassiveAndAnActiveCandidate() {
        VirtualPhone alice = aliceBehindASymmetricNat(withTurnOverTcp(audio().tcpOnly()));
        alice.gather();

        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(scene.edge().allocationCount()).isEqualTo(1);
        assertThat(relayed(alice))
                .extracting(Candidate::transport)
                .containsExactlyInAnyOrder(TransportType.TCP_ACTIVE, TransportType.TCP_PASSIVE);
        assertThat(relayed(alice)).allSatisfy(candidate -> {
            assertThat(candidate.address().host()).isEqualTo(CallScene.SERVER);
            assertThat(candidate.address().port() == 9)
                    .isEqualTo(candidate.transport().equals(TransportType.TCP_ACTIVE));
            assertThat(candidate.relatedAddress().orElseThrow().host()).isEqualTo("203.0.113.1");
        });
        assertThat(relayed(alice)).extracting(Candidate::priority).doesNotHaveDuplicates();
        assertThat(relayed(alice)).extracting(Candidate::foundation).doesNotHaveDuplicates();
    }

    // RFC 6062 §4.1: only what is reached over TCP or TLS relays TCP
    @Test
    void aServerOverUdpRelaysNoConnectionsAndTheReportSaysSo() {
        VirtualPhone alice = scene.publicly("alice", ALICE, withTurn(audio().tcp()));
        alice.gather();

        scene.network().runFor(Duration.ofSeconds(15));

        assertThat(alice.report(-1).text()).contains("relayed candidate from", "which relayed connections need");
    }

    // A UDP relay is asked for over the same server, and is another allocation.
    @Test
    void relaysOfBothTransportsStandSideBySide() {
        VirtualPhone alice = aliceBehindASymmetricNat(withTurnOverTcp(audio().tcp()));
        alice.gather();

        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(relayed(alice))
                .extracting(candidate -> candidate.transport().toString())
                .containsExactlyInAnyOrder("UDP", "TCP active", "TCP passive");
        assertThat(scene.edge().allocationCount()).isEqualTo(2);
    }

    @Test
    void aConnectionThatTheServerCannotMakeFailsItsPairAlone() {
        scene.network().internet().block(Block.between(ALICE, BOB));
        VirtualPhone bob =
                scene.publicly("bob", BOB, audio().tcp(TcpType.PASSIVE).tcpOnly());
        VirtualPhone alice = scene.publicly(
                "alice", ALICE, withTurnOverTcp(audio().tcp(TcpType.ACTIVE).tcpOnly()));
        VirtualCall call = scene.call(alice, bob);
        scene.network().runUntil(() -> bob.described(), Duration.ofSeconds(2));
        bob.bases().forEach(base -> bob.host().unlisten(base.base().address()));

        scene.network().runFor(Duration.ofSeconds(5));

        assertThat(alice.report(call.callerPeer()).pairs())
                .filteredOn(pair -> pair.what().contains("relay"))
                .singleElement()
                .satisfies(pair -> assertThat(pair.outcome()).contains("no connection: ", "447"));
        assertThat(scene.edge().allocationCount()).isEqualTo(1);
    }
}
