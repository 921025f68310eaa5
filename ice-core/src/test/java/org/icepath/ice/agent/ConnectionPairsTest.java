// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.Priority;
import org.icepath.candidate.TransportType;
import org.icepath.ice.IceRole;
import org.icepath.ice.PairState;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Transport;
import org.junit.jupiter.api.Test;

/** Pairs over TCP (RFC 6544) in one agent, whose connections the test plays. */
class ConnectionPairsTest {

    private static final InetSocketAddress BOB = Bench.at("192.0.2.2", 6000);
    private static final InetSocketAddress BOB_TOO = Bench.at("192.0.2.2", 6001);
    private static final Cause RESET = new Cause(Cause.Kind.REFUSED, "Connection reset by peer");

    private final Bench bench = new Bench(IceRole.CONTROLLING, 1);

    private static Candidate tcp(TransportType transport, InetSocketAddress address, int preference) {
        return Candidate.host(
                new Foundation("T" + address.getPort()),
                1,
                transport,
                Priority.of(CandidateType.HOST, preference, 1),
                address);
    }

    private Base local(TransportType transport, int port) {
        InetSocketAddress address = Bench.at("192.0.2.1", port);
        Base base = new Base(port, Transport.TCP, address);
        bench.input(
                () -> bench.agent.addLocal(bench.now, 0, new LocalCandidate(tcp(transport, address, 40_000), base)));
        return base;
    }

    private void connected(Base base, InetSocketAddress remote) {
        bench.input(() -> bench.agent.connected(bench.now, base, remote));
    }

    private void disconnected(Base base, InetSocketAddress remote) {
        bench.input(() -> bench.agent.disconnected(bench.now, base, remote, RESET));
    }

    private long wanted(InetSocketAddress remote) {
        return bench.events(AgentEvent.ConnectionWanted.class).stream()
                .filter(each -> each.remote().equals(remote))
                .count();
    }

    /** An active candidate of ours, and two pairs that are valid; the first of them is nominated. */
    private Base twoWays(TransportType ours) {
        Base base = local(ours, 9);
        TransportType theirs = ours.counterpart();
        bench.remote(bench.description(List.of(tcp(theirs, BOB, 30_000), tcp(theirs, BOB_TOO, 20_000))));
        bench.advance(Duration.ofMillis(200));
        connected(base, BOB);
        bench.answer(bench.lastRequest());
        connected(base, BOB_TOO);
        bench.answer(bench.lastRequest());
        bench.advance(Duration.ofMillis(200));
        bench.requests().stream().filter(Bench.Sent::nominates).forEach(bench::answer);
        assertThat(bench.agent.current(0, 1).orElseThrow().remote()).isEqualTo(BOB);
        assertThat(bench.events(AgentEvent.Nominated.class)).hasSize(1);
        return base;
    }

    // RFC 6544 §11.1. A reserve carries the media meanwhile: without it the path would be lost, and all be tried again.
    @Test
    void theConnectionOfTheNominatedPairIsOpenedAgainThoughThereIsAReserve() {
        Base base = twoWays(TransportType.TCP_ACTIVE);
        bench.advance(Duration.ofSeconds(3));
        assertThat(wanted(BOB)).isEqualTo(1);

        disconnected(base, BOB);
        bench.advance(Duration.ofMillis(100));

        assertThat(bench.agent.current(0, 1).orElseThrow().remote()).isEqualTo(BOB_TOO);
        assertThat(wanted(BOB)).isEqualTo(2);
    }

    // The peer sees another peer-reflexive candidate: it must hear of the nomination again.
    @Test
    void theFirstCheckOnTheNewConnectionNominatesAgain() {
        Base base = twoWays(TransportType.TCP_ACTIVE);
        bench.advance(Duration.ofSeconds(3));
        disconnected(base, BOB);
        bench.advance(Duration.ofMillis(100));

        connected(base, BOB);

        assertThat(bench.lastRequest().to()).isEqualTo(BOB);
        assertThat(bench.lastRequest().nominates()).isTrue();
    }

    // A peer that takes connections and ends them at once must not keep us busy.
    @Test
    void aConnectionIsOpenedAgainOnceASecondAtMost() {
        Base base = twoWays(TransportType.TCP_ACTIVE);
        bench.advance(Duration.ofSeconds(3));
        disconnected(base, BOB);
        bench.advance(Duration.ofMillis(100));
        connected(base, BOB);
        bench.answer(bench.lastRequest());

        disconnected(base, BOB);
        bench.advance(Duration.ofMillis(850));
        assertThat(wanted(BOB)).isEqualTo(2);
        bench.advance(Duration.ofMillis(200));

        assertThat(wanted(BOB)).isEqualTo(3);
    }

    // The peer's relay, or his NAT, may not know us yet; a connection that timed out has had its chances. Between 0.8
    // and
    // 1.2 of each pause, as two that ask each other must not meet in the middle again.
    @Test
    void aRefusedConnectionIsAskedForAgainWhileNothingIsNominated() {
        Base base = local(TransportType.TCP_ACTIVE, 9);
        bench.remote(bench.description(List.of(tcp(TransportType.TCP_PASSIVE, BOB, 30_000))));
        bench.advance(Duration.ofMillis(100));

        int[] pauses = {250, 500, 1_000, 2_000, 4_000, 8_000, 8_000};
        for (int i = 0; i < pauses.length; i++) {
            disconnected(base, BOB);
            assertThat(bench.pairTo("192.0.2.2").state()).isEqualTo(PairState.FAILED);
            bench.advance(Duration.ofMillis(pauses[i] * 4 / 5 - 1));
            assertThat(wanted(BOB)).isEqualTo(i + 1);
            bench.advance(Duration.ofMillis(pauses[i] * 2 / 5 + 100));
            assertThat(wanted(BOB)).isEqualTo(i + 2);
        }
    }

    @Test
    void aConnectionThatTimedOutIsNotAskedForAgain() {
        Base base = local(TransportType.TCP_ACTIVE, 9);
        bench.remote(bench.description(List.of(tcp(TransportType.TCP_PASSIVE, BOB, 30_000))));
        bench.advance(Duration.ofMillis(100));

        bench.input(() -> bench.agent.disconnected(
                bench.now, base, BOB, new Cause(Cause.Kind.TIMED_OUT, "Connection timed out")));
        bench.advance(Duration.ofSeconds(20));

        assertThat(wanted(BOB)).isEqualTo(1);
    }

    // What is on its way over a connection gets there, and needs no help (RFC 6544 §7.1).
    @Test
    void aCheckOfThePeerSendsNoneOfOursAgain() {
        Base base = local(TransportType.TCP_ACTIVE, 9);
        bench.remote(bench.description(List.of(tcp(TransportType.TCP_PASSIVE, BOB, 30_000))));
        bench.advance(Duration.ofMillis(100));
        connected(base, BOB);
        assertThat(bench.requests()).hasSize(1);
        bench.advance(Duration.ofMillis(150));

        bench.check(base, BOB, false);
        bench.advance(Duration.ofMillis(400));

        assertThat(bench.requests()).hasSize(1);
        bench.answer(bench.requests().get(0));
        assertThat(bench.pairTo("192.0.2.2").state()).isEqualTo(PairState.SUCCEEDED);
    }

    // One address may stand for a UDP socket and for a TCP port: each is a candidate of its own.
    @Test
    void oneAddressIsACandidateOfEachTransport() {
        Base udp = bench.local("192.0.2.1", 1);
        Base tcp = local(TransportType.TCP_ACTIVE, 9);
        bench.remote(bench.description(
                List.of(Bench.host("192.0.2.2", 6000, 1, "U", 65_535), tcp(TransportType.TCP_PASSIVE, BOB, 30_000))));

        assertThat(bench.pairs())
                .extracting(pair -> pair.pair().remote().transport())
                .containsExactlyInAnyOrder(TransportType.UDP, TransportType.TCP_PASSIVE);
        assertThat(bench.agent.componentOf(udp, BOB)).isNotEqualTo(IceAgent.NOBODY);
        assertThat(bench.agent.componentOf(tcp, BOB)).isNotEqualTo(IceAgent.NOBODY);
    }

    // Likewise what checks teach: a source over TCP is not the one that was heard of over UDP.
    @Test
    void aSourceOverTcpIsNotTheOneOverUdp() {
        Base udp = bench.local("192.0.2.1", 1);
        Base tcp = local(TransportType.TCP_PASSIVE, 7000);
        bench.remote(bench.description(List.of(Bench.host("192.0.2.2", 6000, 1, "U", 65_535))));

        assertThat(bench.agent.componentOf(udp, BOB)).isNotEqualTo(IceAgent.NOBODY);
        assertThat(bench.agent.componentOf(tcp, BOB)).isEqualTo(IceAgent.NOBODY);
        bench.check(tcp, BOB, false);

        assertThat(bench.pairs())
                .extracting(pair ->
                        pair.pair().remote().type() + " " + pair.pair().local().transport())
                .containsExactlyInAnyOrder("HOST UDP", "PEER_REFLEXIVE TCP passive");
    }

    // RFC 6544 §6.2: pairs of passive candidates come into being with the connections of the peer.
    @Test
    void aPassiveCandidateIsPairedByThePeersConnectionAlone() {
        Base base = local(TransportType.TCP_PASSIVE, 7000);
        bench.remote(bench.description(List.of(tcp(TransportType.TCP_ACTIVE, Bench.at("192.0.2.2", 9), 40_000))));
        bench.advance(Duration.ofMillis(500));

        assertThat(bench.pairs()).isEmpty();
        bench.check(base, Bench.at("192.0.2.2", 40_123), false);
        bench.advance(Duration.ofMillis(100));

        assertThat(bench.pairs()).hasSize(1);
        assertThat(bench.lastRequest().to()).isEqualTo(Bench.at("192.0.2.2", 40_123));
        assertThat(bench.events(AgentEvent.ConnectionWanted.class)).isEmpty();
    }
}
