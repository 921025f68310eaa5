// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.Priority;
import org.icepath.candidate.TransportType;
import org.icepath.ice.IceRole;
import org.icepath.ice.PairState;
import org.icepath.ice.ms.MsProfiles;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunWriter;
import org.icepath.stun.ms.MsIce2Dialect;
import org.junit.jupiter.api.Test;

/** Pairs of MS-ICE2 over TCP in one agent, whose connections the test plays. */
class MsConnectionPairsTest {

    private static final InetSocketAddress RELAY = Bench.at("198.51.100.9", 50_000);

    private static Bench bench(IceRole role) {
        return new Bench(
                role,
                settings -> Tuned.rules(Tuned.checks(settings, MsProfiles.ICE2.checks()), MsProfiles.ICE2.rules()),
                1);
    }

    private static Candidate tcp(CandidateType type, TransportType transport, String foundation, InetSocketAddress at) {
        return Candidate.of(
                new Foundation(foundation), 1, transport, Priority.of(type, 30_000, 1), CandidateAddress.of(at), type);
    }

    private static Base local(Bench bench, TransportType transport, int port) {
        InetSocketAddress address = Bench.at("192.0.2.1", port);
        Base base = new Base(port, Transport.TCP, address);
        Candidate candidate =
                Candidate.host(new Foundation("1"), 1, transport, Priority.of(CandidateType.HOST, 40_000, 1), address);
        bench.input(() -> bench.agent.addLocal(bench.now, 0, new LocalCandidate(candidate, base)));
        return base;
    }

    private static ByteBuffer check(Bench bench, boolean nominates) {
        StunWriter writer = MsChecksTest.marked(bench, MsChecksTest.id(bench), MsIce2Dialect.VERSION_2, 2);
        return MsChecksTest.sealed(bench, nominates ? writer.put(Attributes.USE_CANDIDATE) : writer);
    }

    // A client of the family that controls answers no checks over TCP once it has its own answer
    @Test
    void whereWeAreControlledACheckOfThePeersMakesThePairValid() {
        Bench bench = bench(IceRole.CONTROLLED);
        Base passive = local(bench, TransportType.TCP_PASSIVE, 5_001);
        bench.remote(bench.description(List.of(tcp(CandidateType.HOST, TransportType.TCP_ACTIVE, "1", RELAY))));
        InetSocketAddress from = Bench.at("198.51.100.9", 61_000);

        bench.receive(passive, from, check(bench, false));
        assertThat(bench.pairs()).singleElement().satisfies(pair -> assertThat(pair.state())
                .isEqualTo(PairState.SUCCEEDED));
        bench.receive(passive, from, check(bench, true));

        assertThat(bench.events(AgentEvent.Selected.class)).hasSize(1);
    }

    @Test
    void whereWeControlOnlyAnAnswerDoes() {
        Bench bench = bench(IceRole.CONTROLLING);
        Base passive = local(bench, TransportType.TCP_PASSIVE, 5_001);
        bench.remote(bench.description(List.of(tcp(CandidateType.HOST, TransportType.TCP_ACTIVE, "1", RELAY))));

        bench.receive(passive, Bench.at("198.51.100.9", 61_000), check(bench, false));

        assertThat(bench.pairs()).singleElement().satisfies(pair -> assertThat(pair.state())
                .isNotEqualTo(PairState.SUCCEEDED));
    }

    // An Edge has dropped ours, which came before its client had sent anything our way
    @Test
    void aCheckOfThePeersSendsOursAgain() {
        Bench bench = bench(IceRole.CONTROLLING);
        Base active = local(bench, TransportType.TCP_ACTIVE, 9);
        bench.remote(bench.description(List.of(tcp(CandidateType.RELAYED, TransportType.TCP_PASSIVE, "1", RELAY))));
        bench.advance(Duration.ofMillis(100));
        bench.input(() -> bench.agent.connected(bench.now, active, RELAY));
        bench.advance(Duration.ofSeconds(2));
        int before = bench.requests().size();

        bench.receive(active, RELAY, check(bench, false));
        bench.advance(Duration.ofMillis(200));

        assertThat(bench.requests().size()).isGreaterThan(before);
        MsChecksTest.answer(bench, bench.lastRequest());
        assertThat(bench.pairs()).anyMatch(pair -> pair.state() == PairState.SUCCEEDED);
    }

    // Both candidates of a relay have one address, and the one that we can connect to may be the second
    @Test
    void aRelayThatIsActiveAndPassiveAtOneAddressIsConnectedTo() {
        Bench bench = bench(IceRole.CONTROLLING);
        local(bench, TransportType.TCP_ACTIVE, 9);

        bench.remote(bench.description(List.of(
                tcp(CandidateType.RELAYED, TransportType.TCP_ACTIVE, "1", RELAY),
                tcp(CandidateType.RELAYED, TransportType.TCP_PASSIVE, "2", RELAY))));
        bench.advance(Duration.ofMillis(200));

        assertThat(bench.events(AgentEvent.ConnectionWanted.class))
                .extracting(AgentEvent.ConnectionWanted::remote)
                .containsExactly(RELAY);
    }
}
