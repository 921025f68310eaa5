// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withStun;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.SplittableRandom;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;
import org.icepath.stun.auth.IntegrityKey;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeMachine;
import org.icepath.testkit.edge.RelaySockets;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNat;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.api.Test;

/** What the person on call reads: each sentence where its cause is built. */
class VerdictTest {

    private static final Duration PATIENCE = Duration.ofSeconds(12);
    private static final Duration PAST_PATIENCE = Duration.ofSeconds(14);

    private final CallScene scene = new CallScene(911);

    @Test
    void aRelayThatDoesNotAnnounceItsPublicAddress() {
        VirtualNat office = scene.nat("203.0.113.1", NatBehaviour.SYMMETRIC);
        VirtualHost server = office.inside().host("edge in the office", "10.0.0.5");
        EdgeMachine edge = new EdgeMachine(
                EdgeConfig.create().user("alice", "secret"), RelaySockets.on(server), new SplittableRandom(5));
        edge.listen(server.bind(3478));
        server.run(edge);
        IceConfig config =
                impatient().turnServer(TurnServer.parse("turn:10.0.0.5:3478").credentials("alice", "secret"));
        VirtualPhone alice = scene.behind(office, "alice", "10.0.0.9", config);
        VirtualPhone bob = symmetric("203.0.113.2", "bob", impatient());

        assertThat(verdictOf(alice, bob))
                .contains("relay address 10.0.0.5 is private: the server behind a NAT does not announce its public"
                        + " address");
    }

    @Test
    void anAllocationThatWasRefused() {
        IceConfig wrong = impatient()
                .turnServer(TurnServer.parse("turn:" + CallScene.SERVER + ":3478")
                        .credentials("alice", "not her password"));

        assertThat(verdictOf(symmetric("203.0.113.1", "alice", wrong), symmetric("203.0.113.2", "bob", impatient())))
                .contains("neither side has a relay: relayed candidate from")
                .contains("401");
    }

    @Test
    void noTurnServerAtAll() {
        IceConfig stunOnly = withStun(impatient());

        assertThat(verdictOf(symmetric("203.0.113.1", "alice", stunOnly), symmetric("203.0.113.2", "bob", stunOnly)))
                .contains("neither side has a relay: no TURN server is configured here");
    }

    // RFC 7675 §5.1
    @Test
    void consentThatWasLostAfterItHadWorked() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", impatient());
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", impatient());
        VirtualCall call = scene.call(alice, bob).offeringByHand();
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        scene.network().runFor(Duration.ofSeconds(20));
        scene.network().internet().block(packet -> true);

        scene.network().runUntil(() -> alice.state(1) == IceState.FAILED, Duration.ofMinutes(3));

        assertThat(alice.report(-1).verdict())
                .startsWith("No path")
                .containsPattern(
                        "It had worked: the peer answered last (1[5-9]|2\\d)\\.\\d s after the start, over host");
    }

    @Test
    void aPeerThatNeverBeganDespiteARelay() {
        VirtualPhone alice = symmetric("203.0.113.1", "alice", withTurn(impatient()));
        VirtualPhone bob = symmetric("203.0.113.2", "bob", impatient());
        describe(alice);
        alice.accept(describe(bob), IceRole.CONTROLLING);
        scene.network().runFor(PAST_PATIENCE);

        assertThat(alice.report(-1).verdict())
                .contains(
                        "Nothing of the peer's reached us, neither check nor answer, though there is a relay: the peer"
                                + " has not got our description");
    }

    // It checks by the description of a former call: RFC 8445 §7.3 has its checks dropped.
    @Test
    void aPeerThatReadAnotherDescription() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", impatient());
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", impatient());
        IceDescription former = with(describe(alice), "former", "aPasswordOf24Characters");
        alice.accept(with(describe(bob), "other", "aPasswordOf24Characters"), IceRole.CONTROLLING);
        bob.accept(former, IceRole.CONTROLLED);
        scene.network().runFor(PAST_PATIENCE);

        IceReport report = alice.report(-1);

        assertThat(report.verdict())
                .contains("The only checks that came had the name \"former\" where ours is")
                .contains("another description");
        assertThat(report.findings()).anyMatch(finding -> finding.contains("checks came for somebody else"));
    }

    @Test
    void aPasswordThatIsNotOurs() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", impatient());
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", impatient());
        IceDescription ours = describe(alice);
        String ufrag = credentials(ours).ufrag();
        IceDescription bobs = describe(bob);
        alice.accept(with(bobs, credentials(bobs).ufrag(), "anotherPasswordThanBobs"), IceRole.CONTROLLING);
        bob.accept(with(ours, ufrag, "anotherPasswordThanOurs"), IceRole.CONTROLLED);
        scene.network().runFor(PAST_PATIENCE);

        assertThat(alice.report(-1).verdict()).contains("wrong password").contains("another description");
    }

    @Test
    void noCommonFamily() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", impatient());
        VirtualPhone bob = scene.publicly("bob", "2001:db8::11", impatient());

        assertThat(verdictOf(alice, bob)).contains("We have IPv4 alone and the peer IPv6 alone");
    }

    @Test
    void nothingButNames() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", impatient());
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", impatient().hideHostAddresses());
        describe(alice);
        alice.accept(describe(bob), IceRole.CONTROLLING);
        scene.network().runFor(PAST_PATIENCE);

        assertThat(alice.report(-1).verdict())
                .contains("The peer gave nothing but names")
                .contains(".local");
    }

    @Test
    void anAnswerThatNeverArrived() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", impatient());
        describe(alice);
        scene.network().runFor(PAST_PATIENCE);

        assertThat(alice.report(-1).verdict())
                .isEqualTo(
                        "Our offer is made, and no answer of the peer's has been taken: that is for the signalling to"
                                + " bring.");
    }

    @Test
    void aFirewallThatLetsOneDirectionThrough() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", impatient());
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", impatient());
        scene.network().internet().block(packet -> isFrom(packet.source(), "198.51.100.10"));

        assertThat(verdictOf(alice, bob))
                .contains("The peer's checks reach us")
                .contains("a firewall lets one direction through");
    }

    @Test
    void aNetworkThatLetsNoUdpOut() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", withTurn(withStun(impatient())));
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", impatient());
        scene.network()
                .internet()
                .block(packet ->
                        isFrom(packet.source(), "198.51.100.10") || isFrom(packet.destination(), "198.51.100.10"));

        assertThat(verdictOf(alice, bob)).contains("this network lets no UDP out");
    }

    @Test
    void rtcpThatIsBlocked() {
        IceConfig both = IceConfig.create().stream("audio", 1, 2).patience(PATIENCE);
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", both);
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", both);
        List<InetSocketAddress> rtcp = bob.bases().stream()
                .filter(base -> base.component() == Candidate.RTCP)
                .map(base -> base.base().address())
                .toList();
        scene.network()
                .internet()
                .block(packet -> rtcp.contains(packet.destination()) || rtcp.contains(packet.source()));

        assertThat(verdictOf(alice, bob))
                .contains("audio/1 was answered and audio/2 was not")
                .contains("rtcp-mux");
    }

    // RFC 8445 §7.3.1.1: one of two has to yield; this peer claims whatever role we have.
    @Test
    void aPeerThatDoesNotYieldItsRole() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", impatient());
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", impatient());
        IceDescription described = describe(bob);
        String password = credentials(described).password();
        VirtualHost host = scene.network().internet().host("stubborn", "198.51.100.12");
        Base socket = host.bind(5_000);
        host.run(new Stubborn(password));
        Candidate candidate =
                described.streams().get(0).candidates().get(0).withAddress(CandidateAddress.of("198.51.100.12", 5_000));
        describe(alice);
        alice.accept(
                described.toBuilder()
                        .replaceStream(described.streams().get(0).toBuilder()
                                .clearCandidates()
                                .candidate(candidate)
                                .destination(candidate.address())
                                .build())
                        .build(),
                IceRole.CONTROLLING);
        scene.network().runFor(PAST_PATIENCE);

        assertThat(socket.address().getPort()).isEqualTo(5_000);
        assertThat(alice.report(-1).verdict())
                .contains("Both sides insist on the same role")
                .contains("(487)");
    }

    /** Answers every check with 487. */
    private static final class Stubborn implements Machine<String> {

        private final IntegrityKey key;
        private final ArrayDeque<Answer> waiting = new ArrayDeque<>();

        private record Answer(Base base, InetSocketAddress to, ByteBuffer message) {}

        Stubborn(String password) {
            key = IntegrityKey.shortTerm(password);
        }

        @Override
        public boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
            StunMessage request = new StunMessage().wrap(payload);
            if (request.messageClass() == StunClass.REQUEST) {
                ByteBuffer answer = new StunWriter()
                        .wrap(ByteBuffer.allocate(200))
                        .respond(StunClass.ERROR, request)
                        .put(Attributes.ERROR_CODE, new ErrorCode(ErrorCode.ROLE_CONFLICT, "Role Conflict"))
                        .integrity(key)
                        .fingerprint()
                        .finish();
                waiting.add(new Answer(base, from, answer));
            }
            return true;
        }

        @Override
        public void handleTimeout(long now) {}

        @Override
        public long nextTimeout() {
            return NEVER;
        }

        @Override
        public void drainTo(Output<? super String> out) {
            for (Answer next = waiting.poll(); next != null; next = waiting.poll()) {
                out.transmit(next.base(), next.to(), next.message());
            }
        }
    }

    // One sentence for each peer, and grammar that does not count past one.
    @Test
    void onePairIsOnePair() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", impatient());
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", impatient());
        scene.network().internet().block(packet -> true);

        assertThat(verdictOf(alice, bob)).startsWith("No path: 1 pair was formed, 0 answered, 1 failed.");
    }

    private static IceConfig impatient() {
        return audio().patience(PATIENCE);
    }

    private static boolean isFrom(InetSocketAddress address, String host) {
        return CandidateAddress.of(address).host().equals(host);
    }

    private VirtualPhone symmetric(String nat, String name, IceConfig config) {
        return scene.behind(scene.nat(nat, NatBehaviour.SYMMETRIC), name, "192.168.1.10", config);
    }

    private IceDescription describe(VirtualPhone phone) {
        phone.gather();
        scene.network().runUntil(phone::described, Duration.ofSeconds(12));
        return VirtualCall.travelled(phone.describe());
    }

    /** Alice's, once patience has ended. */
    private String verdictOf(VirtualPhone alice, VirtualPhone bob) {
        VirtualCall call = scene.call(alice, bob).offeringByHand();
        scene.network().runFor(PAST_PATIENCE);
        String verdict = alice.report(-1).verdict();
        assertThat(call.isAt(IceState.FAILED)).as(verdict).isTrue();
        assertThat(verdict).startsWith("No path");
        return verdict;
    }

    private static IceCredentials credentials(IceDescription description) {
        return description.streams().get(0).credentials().orElseThrow();
    }

    /** The same description with other credentials. */
    private static IceDescription with(IceDescription description, String ufrag, String password) {
        IceCredentials other = new IceCredentials(ufrag, password);
        return description.toBuilder()
                .replaceStream(description.streams().get(0).toBuilder()
                        .credentials(other)
                        .build())
                .build();
    }
}
