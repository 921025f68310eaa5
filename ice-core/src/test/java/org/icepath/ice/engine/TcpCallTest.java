// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.TcpType;
import org.icepath.candidate.TransportType;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.sdp.IceSdp;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.Block;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNat;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.VirtualStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls over TCP (RFC 6544) in virtual time. */
class TcpCallTest {

    private static final Duration SIGNALLING = Duration.ofMillis(50);
    private static final IceConfig AUDIO = IceConfig.create().stream("audio", Candidate.RTP);

    private final VirtualNetwork net = new VirtualNetwork(6544);

    private VirtualCall call(VirtualHost alice, IceConfig alices, VirtualHost bob, IceConfig bobs) {
        return VirtualCall.start(
                net, new VirtualPhone(net, alice, alices), new VirtualPhone(net, bob, bobs), SIGNALLING);
    }

    private VirtualCall onLan(IceConfig alices, IceConfig bobs) {
        return call(host("alice", "192.0.2.1"), alices, host("bob", "192.0.2.2"), bobs);
    }

    private VirtualHost host(String name, String address) {
        return net.internet().host(name, address);
    }

    @Test
    void aCallOverTcpAloneLosesNothing() {
        VirtualCall call = onLan(AUDIO.tcpOnly(), AUDIO.tcpOnly());

        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        PacketFlow there = call.toCallee(Duration.ofMillis(20));
        PacketFlow back = call.toCaller(Duration.ofMillis(20));
        net.runFor(Duration.ofMinutes(1));
        there.stop();
        back.stop();
        net.runFor(Duration.ofSeconds(2));

        assertThat(there.sent()).isGreaterThan(2_900);
        assertThat(there.lost()).isZero();
        assertThat(back.lost()).isZero();
        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
    }

    // RFC 6544 §11.1: whoever has opened the connection opens another; the other side waits for it.
    @Test
    void aConnectionThatEndsInMidCallIsOpenedAgain() {
        VirtualHost alice = host("alice", "192.0.2.1");
        VirtualCall call = call(alice, AUDIO.tcp(TcpType.ACTIVE).tcpOnly(), host("bob", "192.0.2.2"), passive());
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        PacketFlow there = call.toCallee(Duration.ofMillis(20));
        net.runFor(Duration.ofSeconds(3));

        alice.resetConnections();
        assertThat(net.runUntil(() -> there.refused() > 0, Duration.ofSeconds(1)))
                .isTrue();
        assertThat(call.runUntilCompleted(Duration.ofSeconds(3))).isTrue();
        long refused = there.refused();
        net.runFor(Duration.ofSeconds(10));

        assertThat(there.refused()).isEqualTo(refused).isLessThan(10);
        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
        assertThat(alice.connections()).isEqualTo(1);
    }

    private static IceConfig passive() {
        return AUDIO.tcp(TcpType.PASSIVE).tcpOnly();
    }

    @Test
    void aPairFailsWithTheWordsOfItsConnection() {
        VirtualHost bob = host("bob", "192.0.2.2");
        VirtualPhone caller = new VirtualPhone(
                net, host("alice", "192.0.2.1"), AUDIO.tcp(TcpType.ACTIVE).tcpOnly());
        VirtualPhone callee = new VirtualPhone(net, bob, passive());
        VirtualCall call = VirtualCall.start(net, caller, callee, SIGNALLING);
        net.runUntil(() -> callee.described(), Duration.ofSeconds(1));
        callee.bases().forEach(base -> bob.unlisten(base.base().address()));

        net.runFor(Duration.ofSeconds(5));

        assertThat(caller.report(call.callerPeer()).pairs())
                .singleElement()
                .satisfies(pair -> assertThat(pair.outcome()).contains("no connection: Connection refused"));
    }

    // Enterprise firewalls that drop UDP: media comes over TCP once that is clear, and calls do not fail.
    @Test
    void whereUdpIsDroppedMediaGoesOverTcp() {
        net.internet().block(Block.udp());
        VirtualCall call = onLan(AUDIO.tcp(), AUDIO.tcp());

        assertThat(net.runUntil(() -> call.isAt(IceState.CONNECTED), Duration.ofSeconds(2)))
                .isTrue();
        assertThat(call.runUntilCompleted(Duration.ofSeconds(10))).isTrue();
        PacketFlow there = call.toCallee(Duration.ofMillis(20));
        net.runFor(Duration.ofSeconds(2));

        assertThat(there.sent()).isPositive();
        assertThat(there.refused()).isZero();
    }

    @Test
    void udpCarriesTheMediaWhereItWorks() {
        VirtualCall call = onLan(AUDIO.tcp(), AUDIO.tcp());
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();

        assertThat(inUse(call)).allMatch(pair -> pair.contains("udp"));
    }

    private static List<String> inUse(VirtualCall call) {
        return call.caller().report(call.callerPeer()).pairs().stream()
                .filter(pair -> pair.outcome().contains("in use"))
                .map(IceReport.PairEntry::what)
                .toList();
    }

    // From behind a NAT the active side reaches a public passive one; the peer sees a peer-reflexive candidate.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anActiveSideBehindANatReachesAPassiveOne(boolean callerInside) {
        VirtualNat nat = net.internet().nat("home", "203.0.113.7", NatBehaviour.SYMMETRIC);
        VirtualHost inside = nat.inside().host("inside", "192.168.1.10");
        VirtualHost outside = host("outside", "192.0.2.2");
        IceConfig tcp = AUDIO.tcpOnly();
        VirtualCall call = callerInside ? call(inside, tcp, outside, tcp) : call(outside, tcp, inside, tcp);

        assertThat(call.runUntilCompleted(Duration.ofSeconds(10))).isTrue();
    }

    // RFC 6544 §7.1: two SYNs that cross make one connection, also where one finds the other's port open already.
    @Test
    void twoSimultaneousOpenCandidatesConnect() {
        IceConfig simultaneous = AUDIO.tcp(TcpType.SIMULTANEOUS_OPEN).tcpOnly();
        VirtualCall call = onLan(simultaneous, simultaneous);

        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        PacketFlow there = call.toCallee(Duration.ofMillis(20));
        PacketFlow back = call.toCaller(Duration.ofMillis(20));
        net.runFor(Duration.ofSeconds(5));

        assertThat(there.refused()).isZero();
        assertThat(back.refused()).isZero();
        assertThat(call.caller().host().connections()).isEqualTo(1);
    }

    @Test
    void aCallOverTcpAloneConnectsOverIpv6() {
        VirtualCall call =
                call(host("alice", "2001:db8:1::1"), AUDIO.tcpOnly(), host("bob", "2001:db8:2::2"), AUDIO.tcpOnly());

        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();

        assertThat(inUse(call)).singleElement().satisfies(pair -> assertThat(pair)
                .contains("2001:db8:2::2"));
    }

    // RFC 8421: both families have candidates of each type, and pair with their own family alone
    @Test
    void bothFamiliesOfADualStackHaveTcpCandidates() {
        VirtualHost alice = host("alice", "192.0.2.1");
        alice.attach(net.internet(), "2001:db8:1::1");
        VirtualHost bob = host("bob", "192.0.2.2");
        bob.attach(net.internet(), "2001:db8:2::2");
        VirtualCall call = call(alice, AUDIO.tcpOnly(), bob, AUDIO.tcpOnly());

        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();

        assertThat(call.caller().describe().streams().get(0).candidates())
                .extracting(each -> each.transport() + " " + each.address().host())
                .containsExactlyInAnyOrder(
                        "TCP active 192.0.2.1",
                        "TCP passive 192.0.2.1",
                        "TCP active 2001:db8:1::1",
                        "TCP passive 2001:db8:1::1");
        assertThat(inUse(call)).singleElement().satisfies(pair -> assertThat(pair)
                .contains("2001:db8:2::2"));
    }

    // A port that accepts is open to everybody: whoever connects
    // and says nothing has ten seconds, and there are few of them.
    @Test
    void strangersAreBoundedInNumberAndTimeAndGetNothing() {
        VirtualHost bob = host("bob", "192.0.2.2");
        VirtualCall call =
                call(host("alice", "192.0.2.1"), AUDIO.tcp(TcpType.ACTIVE).tcpOnly(), bob, passive());
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        VirtualHost mallory = host("mallory", "192.0.2.66");
        InetSocketAddress port = call.callee().bases().stream()
                .filter(base -> base.transport().equals(TransportType.TCP_PASSIVE))
                .findFirst()
                .orElseThrow()
                .base()
                .address();
        List<VirtualStream> crowd = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            crowd.add(mallory.connect(port));
        }
        VirtualStream garbage = mallory.connect(port);
        VirtualStream endless = mallory.connect(port);
        net.runFor(Duration.ofSeconds(1));
        garbage.send(new byte[] {0, 4, 'r', 'u', 'b', 'b'});
        endless.send(new byte[] {(byte) 0xFF, (byte) 0xFF, 0, 1});
        net.runFor(Duration.ofSeconds(1));
        assertThat(crowd).anyMatch(VirtualStream::opened);
        assertThat(bob.connections()).isBetween(10, 70);
        for (int i = 0; i < 10; i++) {
            endless.send((byte) 0);
            net.runFor(Duration.ofSeconds(1));
        }
        net.runFor(Duration.ofSeconds(1));

        assertThat(bob.connections()).isEqualTo(1);
        assertThat(crowd)
                .allMatch(
                        stream -> stream.received().length == 0 && stream.end().isPresent());
        assertThat(garbage.end()).isPresent();
        assertThat(endless.end()).isPresent();
        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
    }

    // Whoever answers an offer says how many ports we open connections to; all forks together get 128
    @Test
    void connectionsThatAnswersAskForAreBounded() {
        VirtualPhone alice = new VirtualPhone(
                net, host("alice", "192.0.2.1"), AUDIO.tcp(TcpType.ACTIVE).tcpOnly());
        alice.gather();
        alice.describe();
        List<Integer> peers = new ArrayList<>();
        for (int fork = 0; fork < 8; fork++) {
            StringBuilder answer = new StringBuilder("v=0\r\no=- 1 1 IN IP4 203.0.113.1\r\ns=-\r\nt=0 0\r\n"
                    + "a=ice-ufrag:fork" + fork + "\r\na=ice-pwd:aPasswordOf24Characters1\r\n"
                    + "m=audio 4000 RTP/AVP 0\r\nc=IN IP4 203.0.113." + (fork * 20 + 1) + "\r\n");
            for (int i = 1; i <= 20; i++) {
                answer.append("a=candidate:%d 1 TCP %d 203.0.113.%d 4000 typ host tcptype passive\r\n"
                        .formatted(i, 2_100_000_000 - i, fork * 20 + i));
            }
            peers.add(alice.accept(IceSdp.parse(answer.toString()).description(), IceRole.CONTROLLING));
        }

        net.runFor(Duration.ofSeconds(20));

        assertThat(peers.stream()
                        .flatMap(peer -> alice.report(peer).pairs().stream())
                        .filter(pair -> pair.outcome().contains("there are 128 connections already")))
                .hasSize(8 * 20 - 128);
    }

    @Test
    void nothingIsLeftOfAClosedSession() {
        VirtualHost alice = host("alice", "192.0.2.1");
        VirtualHost bob = host("bob", "192.0.2.2");
        VirtualCall call = call(alice, AUDIO.tcpOnly(), bob, AUDIO.tcpOnly());
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();

        List.of(call.caller(), call.callee())
                .forEach(phone -> phone.perform(now -> {
                    phone.engine().close(now);
                    return true;
                }));
        net.runFor(Duration.ofSeconds(5));

        assertThat(alice.connections()).isZero();
        assertThat(bob.connections()).isZero();
        assertThat(call.caller().node().has(EngineEvent.Closed.class)).isTrue();
    }
}
