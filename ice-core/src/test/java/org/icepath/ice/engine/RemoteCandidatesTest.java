// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.candidate.TcpType;
import org.icepath.candidate.TransportType;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceReport.CandidateEntry;
import org.icepath.ice.IceRole;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.NatBehaviour;
import org.junit.jupiter.api.Test;

/** What becomes of each candidate of the peer's, described or trickled, in the report and in the verdict. */
class RemoteCandidatesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(12);
    private static final Duration PAST_PATIENCE = Duration.ofSeconds(28);
    private static final InetAddress NOBODY =
            CandidateAddress.of("192.0.2.7", 1).socketAddress().orElseThrow().getAddress();

    private final CallScene scene = new CallScene(3);
    private final VirtualPhone alice =
            scene.behind(scene.nat("203.0.113.1", NatBehaviour.SYMMETRIC), "alice", "192.168.1.10", impatient());
    private final VirtualPhone bob = scene.publicly("bob", "198.51.100.11", impatient());
    private int peer;

    private static IceConfig impatient() {
        return audio().trickle().patience(PATIENCE);
    }

    private static Candidate candidate(CandidateType type, String host, int port) {
        return Candidate.of(
                new Foundation(type.token() + port),
                1,
                TransportType.UDP,
                1_000_000 - port,
                CandidateAddress.of(host, port),
                type);
    }

    /** Alice takes bob's description, changed so; bob himself never hears of the call. */
    private void described(UnaryOperator<StreamDescription.Builder> change) {
        alice.gather();
        bob.gather();
        scene.network().runUntil(() -> alice.described() && bob.described(), Duration.ofSeconds(2));
        alice.describe();
        IceDescription bobs = VirtualCall.travelled(bob.describe());
        StreamDescription.Builder stream = bobs.streams().get(0).toBuilder()
                .clearCandidates()
                .destination(CandidateAddress.of("0.0.0.0", 9))
                .endOfCandidates(false);
        peer = alice.accept(
                bobs.toBuilder().replaceStream(change.apply(stream).build()).build(), IceRole.CONTROLLING);
    }

    private void trickle(Candidate candidate) {
        alice.perform(now -> {
            alice.engine().trickle().addRemote(now, peer, 0, candidate);
            return true;
        });
    }

    private String outcome(String what) {
        List<CandidateEntry> entries = alice.report(-1).candidates().stream()
                .filter(each -> !each.ours() && each.what().contains(what))
                .toList();
        assertThat(entries).as(alice.report(-1).text()).hasSize(1);
        return entries.get(0).outcome();
    }

    private String verdict() {
        scene.network().runFor(PAST_PATIENCE);
        assertThat(alice.report(-1).verdict()).startsWith("No path");
        return alice.report(-1).verdict();
    }

    // RFC 8838 §8: a peer that trickles in full describes nothing, and yet has said all
    @Test
    void aVerdictKnowsTheRelayThatWasTrickled() {
        described(stream -> stream);
        trickle(candidate(CandidateType.HOST, "192.168.7.7", 5_000));
        trickle(candidate(CandidateType.RELAYED, "192.0.2.7", 5_001));

        assertThat(verdict()).contains("though the peer has a relay").doesNotContain("neither side");
        assertThat(outcome("relay 192.0.2.7:5001")).isEqualTo("trickled, in 1 pair");
    }

    @Test
    void aVerdictKnowsTheFamilyThatWasTrickled() {
        described(stream -> stream);
        trickle(candidate(CandidateType.HOST, "2001:db8::7", 5_000));

        assertThat(verdict()).contains("We have IPv4 alone and the peer IPv6 alone");
        assertThat(outcome("2001:db8::7")).isEqualTo("trickled, in no pair");
    }

    @Test
    void aVerdictKnowsThePrivateRelayThatWasTrickled() {
        described(stream -> stream);
        trickle(candidate(CandidateType.RELAYED, "10.0.0.5", 5_000));

        assertThat(verdict()).contains("The peer's relay address 10.0.0.5 is private");
    }

    @Test
    void eachCandidateSaysWhyItIsNotUsed() {
        Candidate good = candidate(CandidateType.HOST, "192.0.2.7", 5_000);
        List<Candidate> described = List.of(
                good,
                candidate(CandidateType.HOST, "224.0.0.1", 5_001),
                Candidate.of(
                        new Foundation("t"),
                        1,
                        new TransportType("SCTP", TcpType.NONE),
                        7,
                        CandidateAddress.of("192.0.2.7", 5_002),
                        CandidateType.HOST),
                Candidate.of(
                        new Foundation("c"),
                        2,
                        TransportType.UDP,
                        7,
                        CandidateAddress.of("192.0.2.7", 5_003),
                        CandidateType.HOST));
        described(stream -> stream.candidates(described));

        assertThat(outcome("192.0.2.7:5000")).isEqualTo("in the peer's description, in 1 pair");
        assertThat(outcome("224.0.0.1:5001"))
                .isEqualTo("in the peer's description, but not used: not an address that can be sent to");
        assertThat(outcome("192.0.2.7:5002"))
                .isEqualTo("in the peer's description, but not used: transport SCTP is not used here");
        assertThat(outcome("192.0.2.7:5003"))
                .isEqualTo("in the peer's description, but not used: component 2 is not used here");
    }

    // RFC 8445 §19.5.1: the limit of candidates
    @Test
    void theOneTooManySaysSo() {
        List<Candidate> many = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            many.add(candidate(CandidateType.HOST, "192.0.2.7", 5_000 + i));
        }
        described(stream -> stream.candidates(many));
        trickle(candidate(CandidateType.HOST, "192.0.2.8", 5_000));

        assertThat(outcome("192.0.2.8:5000")).isEqualTo("trickled, but not used: one too many");
    }

    @Test
    void aNameTellsWhatItStandsFor() {
        described(stream -> stream.candidate(candidate(CandidateType.HOST, "there.local", 5_000)));
        trickle(candidate(CandidateType.HOST, "nowhere.local", 5_001));
        trickle(candidate(CandidateType.HOST, "silent.local", 5_002));
        List<EngineEvent.ResolveName> asked = alice.node().events(EngineEvent.ResolveName.class);
        assertThat(asked).hasSize(3);
        alice.perform(now -> {
            alice.engine().trickle().remoteResolved(now, asked.get(0), NOBODY);
            alice.engine().trickle().remoteUnresolved(now, asked.get(1), "nobody answered");
            return true;
        });

        assertThat(outcome("there.local")).isEqualTo("in the peer's description, which is 192.0.2.7, in 1 pair");
        assertThat(outcome("nowhere.local"))
                .isEqualTo("trickled, but not used: its name was not resolved: nobody answered");
        assertThat(outcome("silent.local")).isEqualTo("trickled, but not used: its name is still being looked up");
        assertThat(alice.report(-1).candidates().stream().filter(each -> !each.ours()))
                .as("the address is no candidate besides")
                .hasSize(3);
    }

    // What comes by the description and by trickling is one candidate
    @Test
    void nothingIsListedTwice() {
        Candidate twice = candidate(CandidateType.HOST, "192.0.2.7", 5_000);
        described(stream -> stream.candidate(twice));
        trickle(twice);
        trickle(candidate(CandidateType.HOST, "192.0.2.7", 5_001));
        trickle(candidate(CandidateType.HOST, "192.0.2.7", 5_001));

        assertThat(outcome("192.0.2.7:5000")).startsWith("in the peer's description");
        assertThat(outcome("192.0.2.7:5001")).startsWith("trickled");
    }

    // The peer chooses how many it trickles
    @Test
    void aFloodIsNotRemembered() {
        described(stream -> stream);
        for (int i = 0; i < 500; i++) {
            trickle(candidate(CandidateType.HOST, "192.0.2.7", 5_000 + i));
        }

        assertThat(alice.report(-1).candidates().stream().filter(each -> !each.ours()))
                .hasSize(100);
    }
}
