// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.Priority;
import org.icepath.candidate.StreamDescription;
import org.icepath.candidate.TransportType;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceException;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.topology.NewTransactions;
import org.junit.jupiter.api.Test;

/** One offer, several answering dialogs (RFC 3261 §13.2.2.4, RFC 8445 §6): each a peer, all on our sockets and allocations. */
class ForkTest {

    private final CallScene scene = new CallScene(21);

    /** One telephone that the INVITE reached. */
    private record Branch(VirtualPhone phone, int theirPeer, int ourPeer) {}

    private Branch ring(VirtualPhone caller, IceDescription offer, VirtualPhone phone) {
        phone.gather();
        scene.network().runUntil(phone::described, Duration.ofSeconds(2));
        int theirs = phone.accept(VirtualCall.travelled(offer), IceRole.CONTROLLED);
        IceDescription answer = phone.perform(now -> phone.engine().signalling().describe(now, theirs));
        int ours = caller.accept(VirtualCall.travelled(answer), IceRole.CONTROLLING);
        return new Branch(phone, theirs, ours);
    }

    /** The two telephones that most calls here ring at. */
    private record Forks(Branch bob, Branch carol) {}

    private Forks ringAtTwo(VirtualPhone caller) {
        IceDescription offer = offerOf(caller);
        Forks forks = new Forks(
                ring(caller, offer, phone("bob", "198.51.100.11")),
                ring(caller, offer, phone("carol", "198.51.100.12")));
        scene.network().runFor(Duration.ofSeconds(2));
        return forks;
    }

    /** A caller whom only a relay can help. */
    private VirtualPhone behindASymmetricNat() {
        return scene.behind(
                scene.nat("203.0.113.1", NatBehaviour.SYMMETRIC),
                "alice",
                "192.168.1.10",
                withTurn(audio()).relayOnly());
    }

    private VirtualPhone phone(String name, String address) {
        return scene.publicly(name, address, audio());
    }

    private IceDescription offerOf(VirtualPhone caller) {
        caller.gather();
        scene.network().runUntil(caller::described, Duration.ofSeconds(2));
        return caller.describe();
    }

    private static ByteBuffer packet(int mark) {
        return ByteBuffer.wrap(new byte[] {(byte) 0x80, 0, 0, (byte) mark});
    }

    private static void hangUp(VirtualPhone phone, int peer) {
        phone.perform(now -> {
            phone.engine().signalling().closePeer(now, peer);
            return true;
        });
    }

    @Test
    void theReportSaysHowFarTheBestForkHasCome() {
        VirtualPhone alice = phone("alice", "198.51.100.10");
        IceDescription offer = offerOf(alice);
        Branch bob = ring(alice, offer, phone("bob", "198.51.100.11"));
        scene.network().runFor(Duration.ofSeconds(2));
        bob.phone().host().detach("198.51.100.11");
        boolean lost = scene.network()
                .runUntil(() -> alice.state(bob.ourPeer()) == IceState.DISCONNECTED, Duration.ofMinutes(1));
        assertThat(lost).isTrue();

        Branch carol = ring(alice, offer, phone("carol", "198.51.100.12"));

        assertThat(alice.state(carol.ourPeer())).isEqualTo(IceState.CHECKING);
        assertThat(alice.report(-1).state()).isEqualTo(IceState.CHECKING);
    }

    // Whoever reads the report of a call that rang in two places must know which line is whose
    @Test
    void theReportTellsTheForksApart() {
        VirtualPhone alice = phone("alice", "198.51.100.10");
        Forks forks = ringAtTwo(alice);
        Branch bob = forks.bob();
        Branch carol = forks.carol();

        IceReport report = alice.report(-1);

        assertThat(report.pairs())
                .filteredOn(pair -> pair.what().contains("198.51.100.12"))
                .isNotEmpty()
                .allMatch(pair -> pair.peer() == carol.ourPeer() && pair.generation() == 0);
        assertThat(report.candidates())
                .filteredOn(each -> each.what().contains("198.51.100.11"))
                .isNotEmpty()
                .allMatch(each -> each.peer() == bob.ourPeer() && !each.ours());
        assertThat(report.timeline())
                .filteredOn(moment -> moment.what().contains("-> host 198.51.100.12"))
                .isNotEmpty()
                .allMatch(moment -> moment.peer() == carol.ourPeer());
        assertThat(report.verdict()).contains("Peer 1: Connected: ", " Peer 2: Connected: ");
        assertThat(report.text())
                .contains("audio/1 ours host 198.51.100.10")
                .contains("audio/1 peer 2 host 198.51.100.12")
                .contains("peer 2: audio/1 host 198.51.100.10")
                .contains("s  peer 2: CHECKING to CONNECTED");
        assertThat(alice.report(bob.ourPeer()).text()).doesNotContain("peer 1", "peer 2", "Peer 1");
    }

    // RFC 3960 §3: each branch may send early media before any of them answers
    @Test
    void earlyMediaOfEachForkIsToldApartAndTheWinnerTalksOn() {
        VirtualPhone alice = phone("alice", "198.51.100.10");
        Forks forks = ringAtTwo(alice);
        Branch bob = forks.bob();
        Branch carol = forks.carol();

        bob.phone().send(bob.theirPeer(), 0, 1, packet(1));
        carol.phone().send(carol.theirPeer(), 0, 1, packet(2));
        scene.network().runFor(Duration.ofMillis(100));
        assertThat(alice.received())
                .extracting(VirtualPhone.Received::peer)
                .containsExactlyInAnyOrder(bob.ourPeer(), carol.ourPeer());

        hangUp(alice, bob.ourPeer());
        hangUp(bob.phone(), bob.theirPeer());
        scene.network().runFor(Duration.ofMinutes(10));
        assertThat(alice.send(carol.ourPeer(), 0, 1, packet(3))).isTrue();
        assertThat(alice.send(bob.ourPeer(), 0, 1, packet(4))).isFalse();
        scene.network().runFor(Duration.ofMillis(100));

        assertThat(carol.phone().received()).hasSize(1);
        assertThat(alice.state(carol.ourPeer())).isEqualTo(IceState.COMPLETED);
    }

    // every branch stands on the caller's one allocation, and a branch that is given up costs the server nothing more
    @Test
    void forksShareTheAllocationAndALoserLeavesNoPermissionBehind() {
        VirtualPhone alice = behindASymmetricNat();
        Forks forks = ringAtTwo(alice);
        Branch bob = forks.bob();
        Branch carol = forks.carol();
        assertThat(scene.edge().allocationCount()).isEqualTo(1);
        assertThat(List.of(alice.state(bob.ourPeer()), alice.state(carol.ourPeer())))
                .containsOnly(IceState.COMPLETED);

        hangUp(alice, bob.ourPeer());
        int toBob = askedFor("198.51.100.11");
        int toCarol = askedFor("198.51.100.12");
        scene.network().runFor(Duration.ofMinutes(30));

        assertThat(toBob).as("control").isPositive();
        assertThat(askedFor("198.51.100.11")).isEqualTo(toBob);
        assertThat(askedFor("198.51.100.12")).isGreaterThan(toCarol);
        assertThat(alice.state(carol.ourPeer())).isEqualTo(IceState.COMPLETED);
    }

    // two branches behind one NAT have one address; the winner must not lose what the loser gives up
    @Test
    void aPermissionThatAnotherForkNeedsStays() {
        VirtualPhone alice = behindASymmetricNat();
        IceDescription offer = offerOf(alice);
        VirtualPhone desk = scene.publicly("desk", "198.51.100.11", audio());
        Branch first = ring(alice, offer, desk);
        Branch second = ring(alice, offer, new VirtualPhone(scene.network(), desk.host(), audio()));
        scene.network().runFor(Duration.ofSeconds(2));

        hangUp(alice, first.ourPeer());
        scene.network().runFor(Duration.ofMinutes(30));
        assertThat(alice.send(second.ourPeer(), 0, 1, packet(1))).isTrue();
        scene.network().runFor(Duration.ofMillis(200));

        assertThat(second.phone().received()).hasSize(1);
    }

    // RFC 3261 §13.2.2.4: a 200 of another branch may come when the call stands already
    @Test
    void aForkThatAnswersLateConnectsAsWell() {
        VirtualPhone alice = scene.behind(
                scene.nat("203.0.113.1", NatBehaviour.PORT_RESTRICTED), "alice", "192.168.1.10", withTurn(audio()));
        IceDescription offer = offerOf(alice);
        Branch bob = ring(alice, offer, phone("bob", "198.51.100.11"));
        scene.network().runFor(Duration.ofSeconds(20));
        assertThat(alice.state(bob.ourPeer())).isEqualTo(IceState.COMPLETED);

        Branch carol = ring(alice, offer, phone("carol", "198.51.100.12"));
        scene.network().runFor(Duration.ofSeconds(3));

        assertThat(alice.state(carol.ourPeer())).isEqualTo(IceState.COMPLETED);
        assertThat(alice.state(bob.ourPeer())).isEqualTo(IceState.COMPLETED);
        assertThat(alice.engine().signalling().role(carol.ourPeer())).isEqualTo(IceRole.CONTROLLING);
    }

    @Test
    void thirtyTwoForksConnectAndAThirtyThirdIsRefused() {
        VirtualPhone alice = phone("alice", "198.51.100.10");
        IceDescription offer = offerOf(alice);
        List<Branch> branches = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            branches.add(ring(alice, offer, phone("branch" + i, "198.51.100." + (20 + i))));
        }
        VirtualPhone late = phone("late", "198.51.100.99");
        assertThatThrownBy(() -> ring(alice, offer, late)).isInstanceOf(IceException.class);
        assertThat(scene.network()
                        .runUntil(
                                () -> branches.stream()
                                        .allMatch(branch -> alice.state(branch.ourPeer()) == IceState.COMPLETED),
                                Duration.ofSeconds(20)))
                .isTrue();

        hangUp(alice, branches.get(0).ourPeer());
        Branch next = ring(alice, offer, phone("next", "198.51.100.100"));
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(alice.state(next.ourPeer())).as("there is room again").isEqualTo(IceState.COMPLETED);
    }

    // RFC 5761 §5.1.1: one branch multiplexes RTCP, the other does not; the second component goes with the other
    @Test
    void theRtcpComponentIsGivenUpWhenTheForkThatNeededItIs() {
        IceConfig config = IceConfig.create().stream("audio", 1, 2).rtcpMux("audio");
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", config);
        IceDescription offer = offerOf(alice);
        Branch bob = ring(alice, offer, scene.publicly("bob", "198.51.100.11", config));
        Branch carol =
                ring(alice, offer, scene.publicly("carol", "198.51.100.12", IceConfig.create().stream("audio", 1, 2)));
        scene.network().runFor(Duration.ofSeconds(2));
        assertThat(alice.node().events(EngineEvent.BaseUnused.class)).isEmpty();

        hangUp(alice, carol.ourPeer());
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(alice.node().events(EngineEvent.BaseUnused.class)).hasSize(1);
        assertThat(alice.state(bob.ourPeer())).isEqualTo(IceState.COMPLETED);
    }

    private int askedFor(String peer) {
        long permissions = scene.server().events(EdgeEvent.Permitted.class).stream()
                .map(EdgeEvent.Permitted::peer)
                .map(InetAddress::getHostAddress)
                .filter(peer::equals)
                .count();
        long channels = scene.server().events(EdgeEvent.ChannelBound.class).stream()
                .filter(bound -> bound.peer().getAddress().getHostAddress().equals(peer))
                .count();
        return (int) (permissions + channels);
    }

    // RFC 8445 §14.2: Ta is an agent's, and each fork is one
    @Test
    void aForkDoesNotWaitForTheBeatsOfAnother() {
        VirtualPhone alice = phone("alice", "198.51.100.10");
        offerOf(alice);
        NewTransactions begun = NewTransactions.of(scene.network(), "alice");

        alice.accept(silent(phone("bob", "198.51.100.11")), IceRole.CONTROLLING);
        alice.accept(silent(phone("carol", "198.51.100.12")), IceRole.CONTROLLING);
        scene.network().runFor(Duration.ofMillis(800));

        assertThat(begun.starts()).hasSizeBetween(2 * 15, 2 * 17); // one each 50 ms
    }

    /** The description of somebody who is at none of many addresses any more. */
    private IceDescription silent(VirtualPhone phone) {
        IceDescription description = offerOf(phone);
        phone.host().detach(phone.host().addresses().get(0).getHostAddress());
        StreamDescription.Builder stream = description.streams().get(0).toBuilder();
        for (int i = 1; i <= 20; i++) {
            stream.candidate(Candidate.host(
                    new Foundation("f" + i),
                    1,
                    TransportType.UDP,
                    Priority.of(CandidateType.HOST, i, 1),
                    new InetSocketAddress("203.0.113." + i, 5000)));
        }
        return VirtualCall.travelled(
                description.toBuilder().replaceStream(stream.build()).build());
    }
}
