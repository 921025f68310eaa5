// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withStun;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.net.InetAddress;
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
import org.icepath.candidate.TcpType;
import org.icepath.ice.Decision;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.NatMapping;
import org.icepath.ice.NominationPolicy;
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
import org.icepath.testkit.network.Block;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNat;
import org.icepath.testkit.network.VirtualSocket;
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
        VirtualPhone alice = withRelayInside(office);
        VirtualPhone bob = symmetric("203.0.113.2", "bob", impatient());

        assertThat(verdictOf(alice, bob))
                .contains("relay address 10.0.0.5 is private: the server behind a NAT does not announce its public"
                        + " address");
    }

    /** Alice has a relay in her office that has a private address. */
    private VirtualPhone withRelayInside(VirtualNat office) {
        VirtualHost server = office.inside().host("edge in the office", "10.0.0.5");
        EdgeMachine edge = new EdgeMachine(
                EdgeConfig.create().user("alice", "secret"), RelaySockets.on(server), new SplittableRandom(5));
        edge.listen(server.bind(3478));
        server.run(edge);
        return scene.behind(
                office,
                "alice",
                "10.0.0.9",
                impatient().turnServer(TurnServer.parse("turn:10.0.0.5:3478").credentials("alice", "secret")));
    }

    // Where both are in the network of the relay, a private address is no fault
    @Test
    void aPrivateRelayThatMayBeInTheNetworkOfBoth() {
        VirtualNat office = scene.nat("203.0.113.1", NatBehaviour.SYMMETRIC);
        VirtualPhone alice = withRelayInside(office);
        VirtualPhone bob = scene.behind(office, "bob", "10.0.0.8", impatient());
        IceDescription bobs = describe(bob);
        bob.node().kill();

        assertThat(verdictAlone(alice, bobs))
                .contains("Our relay address 10.0.0.5 is private")
                .contains("unless both sides are in its network");
    }

    @Test
    void aFirewallIsBlamedBeforeAPrivateRelay() {
        VirtualNat office = scene.nat("203.0.113.1", NatBehaviour.SYMMETRIC);
        VirtualPhone alice = withRelayInside(office);
        VirtualPhone bob = scene.behind(office, "bob", "10.0.0.8", impatient());
        office.inside()
                .block(packet -> isFrom(packet.source(), "10.0.0.9") && isFrom(packet.destination(), "10.0.0.8")
                        || isFrom(packet.source(), "10.0.0.5") && isFrom(packet.destination(), "10.0.0.8"));

        assertThat(verdictOf(alice, bob)).contains("The peer's checks reach us").doesNotContain("is private");
    }

    // What is known beforehand is no answer of a server's
    @Test
    void aNetworkThatLetsNoUdpOutOfAMappedAddress() {
        NatMapping mapping = NatMapping.reflexive(address("198.51.100.10"), address("203.0.113.77"));
        VirtualPhone alice = alice(withStun(impatient()).natMapping(mapping));
        VirtualPhone bob = bob(impatient());
        scene.network()
                .internet()
                .block(packet ->
                        isFrom(packet.source(), "198.51.100.10") || isFrom(packet.destination(), "198.51.100.10"));

        assertThat(verdictOf(alice, bob)).contains("this network lets no UDP out");
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
        VirtualPhone alice = alice(impatient());
        VirtualPhone bob = bob(impatient());
        connected(alice, bob);
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

        assertThat(verdictAlone(alice, describe(bob)))
                .contains(
                        "Nothing of the peer's reached us, neither check nor answer, though there is a relay: the peer"
                                + " has not got our description");
    }

    // It checks by the description of a former call: RFC 8445 §7.3 has its checks dropped.
    @Test
    void aPeerThatReadAnotherDescription() {
        VirtualPhone alice = alice(impatient());
        VirtualPhone bob = bob(impatient());
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
        VirtualPhone alice = alice(impatient());
        VirtualPhone bob = bob(impatient());
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
        VirtualPhone alice = alice(impatient());
        VirtualPhone bob = scene.publicly("bob", "2001:db8::11", impatient());

        assertThat(verdictOf(alice, bob)).contains("We have IPv4 alone and the peer IPv6 alone");
    }

    @Test
    void nothingButNames() {
        VirtualPhone alice = alice(impatient());
        VirtualPhone bob = bob(impatient().hideHostAddresses());

        assertThat(verdictAlone(alice, describe(bob)))
                .contains("The peer gave nothing but names")
                .contains(".local");
    }

    @Test
    void anAnswerThatNeverArrived() {
        VirtualPhone alice = alice(impatient());
        describe(alice);
        scene.network().runFor(PAST_PATIENCE);

        assertThat(alice.report(-1).verdict())
                .isEqualTo(
                        "Our offer is made, and no answer of the peer's has been taken: that is for the signalling to"
                                + " bring.");
    }

    @Test
    void aFirewallThatLetsOneDirectionThrough() {
        VirtualPhone alice = alice(impatient());
        VirtualPhone bob = bob(impatient());
        scene.network().internet().block(packet -> isFrom(packet.source(), "198.51.100.10"));

        assertThat(verdictOf(alice, bob))
                .contains("The peer's checks reach us")
                .contains("a firewall lets one direction through");
    }

    @Test
    void aNetworkThatLetsNoUdpOut() {
        VirtualPhone alice = alice(withTurn(withStun(impatient())));
        VirtualPhone bob = bob(impatient());
        scene.network()
                .internet()
                .block(packet ->
                        isFrom(packet.source(), "198.51.100.10") || isFrom(packet.destination(), "198.51.100.10"));

        assertThat(verdictOf(alice, bob)).contains("this network lets no UDP out");
    }

    @Test
    void rtcpThatIsBlocked() {
        IceConfig both = IceConfig.create().stream("audio", 1, 2).patience(PATIENCE);
        VirtualPhone alice = alice(both);
        VirtualPhone bob = bob(both);
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
        VirtualPhone alice = alice(impatient());
        VirtualPhone bob = bob(impatient());
        IceDescription described = describe(bob);
        String password = credentials(described).password();
        VirtualHost host = scene.network().internet().host("stubborn", "198.51.100.12");
        host.bind(5_000);
        host.run(new Stubborn(password));
        Candidate candidate =
                described.streams().get(0).candidates().get(0).withAddress(CandidateAddress.of("198.51.100.12", 5_000));
        IceDescription elsewhere = described.toBuilder()
                .replaceStream(described.streams().get(0).toBuilder()
                        .clearCandidates()
                        .candidate(candidate)
                        .destination(candidate.address())
                        .build())
                .build();

        assertThat(verdictAlone(alice, elsewhere))
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

    // alice's network lets out what goes to the TURN server's own port, and nothing else
    @Test
    void anAllocationThatWasRefusedWhereOnlyThePeerHasARelay() {
        IceConfig wrong = impatient()
                .turnServer(TurnServer.parse("turn:" + CallScene.SERVER + ":3478")
                        .credentials("alice", "not her password"));
        scene.network()
                .internet()
                .block(packet -> isStrayPacketOf("203.0.113.1", packet.source(), packet.destination()));

        assertThat(verdictOf(
                        symmetric("203.0.113.1", "alice", wrong),
                        symmetric("203.0.113.2", "bob", withTurn(impatient()))))
                .contains("though the peer has a relay")
                .contains("relayed candidate from")
                .contains("401");
    }

    @Test
    void noTurnServerOfOursWhereOnlyThePeerHasARelay() {
        scene.network()
                .internet()
                .block(packet -> isStrayPacketOf("203.0.113.1", packet.source(), packet.destination()));

        assertThat(verdictOf(
                        symmetric("203.0.113.1", "alice", withStun(impatient())),
                        symmetric("203.0.113.2", "bob", withTurn(impatient()))))
                .contains("though the peer has a relay")
                .contains("none is configured here");
    }

    private static boolean isStrayPacketOf(String host, InetSocketAddress source, InetSocketAddress destination) {
        return isFrom(source, host) && destination.getPort() != 3478
                || isFrom(destination, host) && source.getPort() != 3478;
    }

    // RFC 8656 §9.1: 403 for a peer that the server's rules exclude
    @Test
    void aTurnServerThatForbidsThePeer() {
        scene.edge().faults().refusePeer(address("203.0.113.2"));
        scene.edge().faults().refusePeer(address("192.168.1.10"));
        VirtualPhone alice = symmetric("203.0.113.1", "alice", withTurn(impatient()));
        VirtualPhone bob = symmetric("203.0.113.2", "bob", withStun(impatient()));

        assertThat(verdictOf(alice, bob))
                .contains("Our TURN server lets nothing through from the peer's address")
                .contains("403");
    }

    @Test
    void aPeerThatKnowsPrivateAddressesAlone() {
        VirtualPhone alice = alice(impatient());
        VirtualPhone bob = bob(impatient());

        assertThat(verdictAlone(alice, at(describe(bob), "192.168.1.10")))
                .contains("the peer gave no other addresses than private ones (192.168.1.10)");
    }

    @Test
    void anAgentThatKnowsPrivateAddressesAlone() {
        VirtualPhone alice =
                scene.behind(scene.nat("203.0.113.1", NatBehaviour.SYMMETRIC), "alice", "192.168.1.10", impatient());
        VirtualPhone bob = bob(impatient());
        scene.network().internet().block(packet -> isFrom(packet.destination(), "198.51.100.11"));

        assertThat(verdictAlone(alice, describe(bob)))
                .contains("we gave no other addresses than private ones (192.168.1.10): no STUN or TURN server is"
                        + " configured");
    }

    @Test
    void ourOwnInterfaceThatWasLostAfterItHadWorked() {
        VirtualPhone alice = alice(impatient());
        VirtualPhone bob = bob(impatient());
        connected(alice, bob);
        scene.network().runFor(Duration.ofSeconds(8));
        alice.host().detach("198.51.100.10");
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(alice.report(-1).verdict())
                .startsWith("The path was lost, and another one is being looked for")
                .contains("and then failed: the local socket is gone");

        scene.network().runUntil(() -> alice.state(1) == IceState.FAILED, Duration.ofMinutes(1));

        assertThat(alice.report(-1).verdict())
                .startsWith("No path")
                .contains("It had worked")
                .contains("and then failed: the local socket is gone");
    }

    @Test
    void aLiteAgentThatNobodyChecks() {
        VirtualPhone alice = alice(impatient().lite());
        VirtualPhone bob = bob(impatient());
        scene.network().internet().block(packet -> isFrom(packet.destination(), "198.51.100.10"));

        assertThat(verdictOf(alice, bob))
                .contains("No check of the peer's came, and ICE-lite sends none")
                .contains("198.51.100.10");
    }

    @Test
    void aLiteAgentWhoseAnswersAreLost() {
        VirtualPhone alice = alice(impatient().lite());
        VirtualPhone bob = bob(impatient());
        scene.network().internet().block(packet -> isFrom(packet.source(), "198.51.100.10"));

        assertThat(verdictOf(alice, bob)).contains("as ICE-lite wants it, and nominated nothing");
    }

    @Test
    void aPeerThatNominatesNothing() {
        NominationPolicy never = (now, view) -> new Decision.WaitUntil(Long.MAX_VALUE);
        VirtualPhone bob = bob(impatient().nomination(never));
        VirtualPhone alice = alice(impatient());
        scene.call(bob, alice).offeringByHand();
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(alice.report(-1).verdict())
                .startsWith("Connected: audio/1 directly")
                .contains("and the peer, which controls, has not nominated all it has to");
    }

    // RFC 8838 §3: a description may come without candidates, and the candidates never
    @Test
    void aPeerThatTricklesNothing() {
        VirtualPhone alice = alice(impatient().trickle());
        VirtualPhone bob = bob(impatient().trickle());
        describe(alice);
        IceDescription bobs = describe(bob);
        alice.accept(
                bobs.toBuilder()
                        .replaceStream(bobs.streams().get(0).toBuilder()
                                .clearCandidates()
                                .destination(CandidateAddress.of("0.0.0.0", 9))
                                .endOfCandidates(false)
                                .build())
                        .build(),
                IceRole.CONTROLLING);
        scene.network().runFor(PAST_PATIENCE.multipliedBy(2));

        assertThat(alice.report(-1).verdict()).contains("The peer named no candidate");
    }

    @Test
    void noCommonTransport() {
        VirtualPhone alice = alice(impatient().tcpOnly());
        VirtualPhone bob = bob(impatient());

        assertThat(verdictOf(alice, bob)).contains("We have TCP alone and the peer UDP alone");
    }

    // RFC 6544 §6.2: active pairs with passive
    @Test
    void nobodyAcceptsConnections() {
        IceConfig active = impatient().tcp(TcpType.ACTIVE).tcpOnly();

        assertThat(verdictOf(alice(active), bob(active)))
                .contains("neither accepts any")
                .contains("passive candidates");
    }

    @Test
    void nobodyOpensConnections() {
        IceConfig passive = impatient().tcp(TcpType.PASSIVE).tcpOnly();

        assertThat(verdictOf(alice(passive), bob(passive)))
                .contains("neither opens any")
                .contains("active candidates");
    }

    @Test
    void noConnectionCameToUs() {
        VirtualPhone alice = alice(impatient().tcp(TcpType.PASSIVE).tcpOnly());
        VirtualPhone bob = bob(impatient().tcp(TcpType.ACTIVE).tcpOnly());
        scene.network().internet().block(Block.between("198.51.100.10", "198.51.100.11"));

        assertThat(verdictOf(alice, bob))
                .contains("The peer has to connect to us over TCP (198.51.100.10:")
                .contains("no connection of its came");
    }

    @Test
    void aCallThatIsConnectedAndHasNoSound() {
        VirtualPhone alice = alice(impatient());
        VirtualPhone bob = bob(impatient());
        VirtualCall call = connected(alice, bob);
        scene.network().runFor(Duration.ofSeconds(10));
        assertThat(alice.report(-1).verdict())
                .startsWith("Connected: audio/1 directly")
                .contains("no packet of the peer's application came for audio");

        bob.send(call.calleePeer(), 0, 1, ByteBuffer.wrap(new byte[] {(byte) 0x80, 0, 0, 1}));
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(alice.report(-1).verdict()).doesNotContain("no packet");
    }

    // an SBC that sends media from another address than its description has
    @Test
    void aCallWhosePacketsComeFromElsewhere() {
        VirtualPhone alice = alice(impatient());
        VirtualPhone bob = bob(impatient());
        connected(alice, bob);
        VirtualSocket elsewhere =
                scene.network().internet().host("elsewhere", "198.51.100.21").socket(5_004);

        elsewhere.send(alice.bases().get(0).base().address(), ByteBuffer.wrap(new byte[] {(byte) 0x80, 0, 0, 1}));
        scene.network().runFor(Duration.ofSeconds(10));

        assertThat(alice.report(-1).verdict())
                .contains("no packet of the peer's application came for audio, but 1 packet came from addresses that no"
                        + " peer is known by, the last from 198.51.100.21:5004")
                .doesNotContain("encrypts");
        assertThat(alice.report(-1).findings()).anyMatch(finding -> finding.startsWith("1 packet came"));
    }

    // whoever is on call looks when the call is over
    @Test
    void aCallIsStillToldOfWhenItIsOver() {
        VirtualPhone alice = alice(impatient());
        VirtualPhone bob = bob(impatient());
        VirtualCall call = connected(alice, bob);
        alice.perform(now -> {
            alice.engine().close(now);
            return true;
        });
        bob.perform(now -> {
            bob.engine().signalling().closePeer(now, call.calleePeer());
            return true;
        });

        for (VirtualPhone phone : List.of(alice, bob)) {
            IceReport report = phone.report(-1);
            assertThat(report.verdict())
                    .startsWith("Closed by the application; before that: Connected: audio/1 directly");
            assertThat(report.state()).isEqualTo(IceState.CLOSED);
            assertThat(report.pairs()).hasSize(1);
        }
    }

    // One sentence for each peer, and grammar that does not count past one.
    // who asks why there is no video, or why nobody mended the path, must learn what signalling has not brought
    @Test
    void whatSignallingHasNotBroughtIsInTheReport() {
        Dialogs dialogs = Dialogs.connected(scene, audio().stream("video", 1), audio());
        VirtualPhone alice = dialogs.alice();
        assertThat(alice.report(-1).findings())
                .anyMatch(finding -> finding.startsWith("video is no part of the call with the peer: "))
                .noneMatch(finding -> finding.startsWith("audio is") || finding.contains("an offer"));

        alice.node().act((now, machine) -> alice.engine().signalling().restart(now, dialogs.toBob()));
        assertThat(alice.report(-1).findings())
                .contains("the peer: an offer is due from us, and has not been made: RESTART, wished");
        dialogs.aliceOffers();
        assertThat(alice.report(-1).findings())
                .contains("the peer: an offer of ours is open: neither was it answered nor rolled back");
    }

    @Test
    void onePairIsOnePair() {
        VirtualPhone alice = alice(impatient());
        VirtualPhone bob = bob(impatient());
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

    /** The same description with one candidate, elsewhere. */
    private static IceDescription at(IceDescription description, String host) {
        Candidate candidate = description.streams().get(0).candidates().get(0);
        Candidate moved = candidate.withAddress(
                CandidateAddress.of(host, candidate.address().port()));
        return description.toBuilder()
                .replaceStream(description.streams().get(0).toBuilder()
                        .clearCandidates()
                        .candidate(moved)
                        .destination(moved.address())
                        .build())
                .build();
    }

    private static InetAddress address(String literal) {
        return CandidateAddress.of(literal, 1).socketAddress().orElseThrow().getAddress();
    }

    private IceDescription describe(VirtualPhone phone) {
        phone.gather();
        scene.network().runUntil(phone::described, Duration.ofSeconds(12));
        return VirtualCall.travelled(phone.describe());
    }

    private VirtualPhone alice(IceConfig config) {
        return scene.publicly("alice", "198.51.100.10", config);
    }

    private VirtualPhone bob(IceConfig config) {
        return scene.publicly("bob", "198.51.100.11", config);
    }

    private VirtualCall connected(VirtualPhone alice, VirtualPhone bob) {
        VirtualCall call = scene.call(alice, bob).offeringByHand();
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        return call;
    }

    /** Alice's, once patience has ended, where she has Bob's description and he has none of hers. */
    private String verdictAlone(VirtualPhone alice, IceDescription bobs) {
        describe(alice);
        alice.accept(bobs, IceRole.CONTROLLING);
        scene.network().runFor(PAST_PATIENCE);
        return alice.report(-1).verdict();
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
