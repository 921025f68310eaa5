// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withStun;

import java.time.Duration;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.TcpType;
import org.icepath.candidate.TransportType;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceState;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.Block;
import org.icepath.testkit.network.NatBehaviour;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Server-reflexive TCP candidates (RFC 6544 §5.2) in virtual time. */
class ReflexiveConnectionsTest {

    private final CallScene scene = new CallScene(65442);

    private VirtualPhone alice(NatBehaviour behaviour, IceConfig config) {
        return scene.behind(scene.nat("203.0.113.1", behaviour), "alice", "192.168.1.10", config);
    }

    private VirtualPhone bob(NatBehaviour behaviour, IceConfig config) {
        return scene.behind(scene.nat("203.0.113.2", behaviour), "bob", "192.168.2.20", config);
    }

    private static IceConfig simultaneous() {
        return withStun(audio().tcp(TcpType.SIMULTANEOUS_OPEN).tcpOnly());
    }

    private static List<Candidate> reflexive(VirtualPhone phone) {
        return phone.describe().streams().get(0).candidates().stream()
                .filter(candidate -> candidate.type() == CandidateType.SERVER_REFLEXIVE)
                .toList();
    }

    private void talksBothWays(VirtualCall call) {
        PacketFlow there = call.toCallee(Duration.ofMillis(20));
        PacketFlow back = call.toCaller(Duration.ofMillis(20));
        scene.network().runFor(Duration.ofSeconds(90));
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofSeconds(1));
        assertThat(there.sent()).isGreaterThan(4_000);
        assertThat(there.lost()).isZero();
        assertThat(back.lost()).isZero();
    }

    // RFC 6544 §3, RFC 5382 §4.2: both SYNs leave first, and each NAT lets in the answer to what it has seen leave.
    @ParameterizedTest
    @ValueSource(strings = {"FULL_CONE", "ADDRESS_RESTRICTED", "PORT_RESTRICTED"})
    void simultaneousOpenGoesThroughTwoNats(String kind) throws ReflectiveOperationException {
        scene.serverOverTcp();
        NatBehaviour behaviour =
                (NatBehaviour) NatBehaviour.class.getField(kind).get(null);
        VirtualCall call = scene.call(alice(behaviour, simultaneous()), bob(behaviour, simultaneous()));

        assertThat(call.runUntilCompleted(Duration.ofSeconds(10)))
                .as(scene.network()::dump)
                .isTrue();

        talksBothWays(call);
    }

    // Behind a NAT that maps by destination the port that the server saw is not the peer's to use.
    @Test
    void simultaneousOpenDoesNotGoThroughTwoSymmetricNats() {
        scene.serverOverTcp();
        VirtualCall call =
                scene.call(alice(NatBehaviour.SYMMETRIC, simultaneous()), bob(NatBehaviour.SYMMETRIC, simultaneous()));

        assertThat(call.runUntilCompleted(Duration.ofSeconds(30))).isFalse();
    }

    // An active peer reaches the reflexive passive candidate through a NAT that lets everybody in.
    @ParameterizedTest
    @CsvSource({"FULL_CONE, true", "PORT_RESTRICTED, false"})
    void aPassiveReflexiveCandidateIsReachedWhereTheNatFiltersNothing(String kind, boolean reached)
            throws ReflectiveOperationException {
        scene.serverOverTcp();
        NatBehaviour behaviour =
                (NatBehaviour) NatBehaviour.class.getField(kind).get(null);
        VirtualCall call = scene.call(
                alice(behaviour, withStun(audio().tcp(TcpType.PASSIVE).tcpOnly())),
                bob(NatBehaviour.SYMMETRIC, audio().tcp(TcpType.ACTIVE).tcpOnly()));

        assertThat(call.runUntilCompleted(Duration.ofSeconds(10))).isEqualTo(reached);
        if (reached) {
            talksBothWays(call);
        }
    }

    // RFC 6544 §4.2: simultaneous open first among reflexive candidates, then passive ones; active ones have none.
    @Test
    void candidatesSayWhatTheNatMakesOfTheirPorts() {
        scene.serverOverTcp();
        VirtualPhone alice = alice(
                NatBehaviour.PORT_RESTRICTED,
                withStun(audio().tcp(TcpType.ACTIVE, TcpType.PASSIVE, TcpType.SIMULTANEOUS_OPEN)
                        .tcpOnly()));
        alice.gather();
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(reflexive(alice))
                .extracting(Candidate::transport)
                .containsExactlyInAnyOrder(TransportType.TCP_PASSIVE, TransportType.TCP_SIMULTANEOUS_OPEN);
        for (Candidate candidate : reflexive(alice)) {
            Candidate host = host(alice, candidate.transport());
            assertThat(candidate.address().host()).isEqualTo("203.0.113.1");
            assertThat(candidate.relatedAddress()).contains(host.address());
            assertThat(candidate.priority()).isLessThan(host.priority());
        }
        assertThat(priority(alice, TransportType.TCP_SIMULTANEOUS_OPEN))
                .isGreaterThan(priority(alice, TransportType.TCP_PASSIVE));
        assertThat(alice.describe().streams().get(0).candidates())
                .extracting(Candidate::foundation)
                .doesNotHaveDuplicates();
    }

    private static Candidate host(VirtualPhone phone, TransportType transport) {
        return phone.describe().streams().get(0).candidates().stream()
                .filter(each ->
                        each.type() == CandidateType.HOST && each.transport().equals(transport))
                .findFirst()
                .orElseThrow();
    }

    private static long priority(VirtualPhone phone, TransportType transport) {
        return reflexive(phone).stream()
                .filter(each -> each.transport().equals(transport))
                .findFirst()
                .orElseThrow()
                .priority();
    }

    @Test
    void withoutANatTheHostCandidateIsEnough() {
        scene.serverOverTcp();
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", simultaneous());
        alice.gather();
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(reflexive(alice)).isEmpty();
        assertThat(alice.report(-1).text()).contains("there is no NAT on the way");
    }

    @Test
    void aServerThatTakesNoConnectionsIsReported() {
        VirtualPhone alice = alice(NatBehaviour.PORT_RESTRICTED, simultaneous());
        alice.gather();
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(reflexive(alice)).isEmpty();
        assertThat(alice.heard(IceEvent.GatheringCompleted.class)).hasSize(1);
        assertThat(alice.report(-1).text())
                .contains("server-reflexive candidate", "no answer over TCP: Connection refused");
    }

    @Test
    void aServerThatIsSilentCostsItsDeadlineAndNothingElse() {
        scene.serverOverTcp();
        scene.network().internet().block(Block.of(CallScene.SERVER));
        VirtualPhone alice = alice(NatBehaviour.PORT_RESTRICTED, simultaneous());
        alice.gather();
        scene.network().runFor(Duration.ofSeconds(1));
        assertThat(alice.described()).isTrue();
        scene.network().runFor(Duration.ofSeconds(10));

        assertThat(alice.heard(IceEvent.GatheringCompleted.class)).hasSize(1);
        assertThat(alice.report(-1).text()).contains("no answer over TCP within 9.5 s");
        assertThat(alice.host().connections()).isZero();
    }

    // RFC 6544 §11.2: the mapping hangs on the connection until ICE has concluded
    @Test
    void connectionsToTheServerEndWhenThePairsAreSelected() {
        scene.serverOverTcp();
        VirtualCall call = scene.call(
                alice(NatBehaviour.PORT_RESTRICTED, simultaneous()), bob(NatBehaviour.PORT_RESTRICTED, simultaneous()));
        scene.network().runUntil(() -> call.callee().described(), Duration.ofSeconds(5));
        scene.network()
                .runFor(Duration.ofMillis(20)); // the answer is on its way, and so are the last words of a handshake
        assertThat(scene.connectionsToServer()).isEqualTo(2);

        assertThat(call.runUntilCompleted(Duration.ofSeconds(10))).isTrue();
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(scene.connectionsToServer()).isZero();
        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
    }
}
