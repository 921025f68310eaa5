// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withStun;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.InterfaceKind;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceState;
import org.icepath.ice.Pacer;
import org.icepath.ice.PathChange;
import org.icepath.ice.PendingOffer;
import org.icepath.sansio.Cause;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNat;
import org.icepath.testkit.network.Zone;
import org.junit.jupiter.api.Test;

/** Interfaces of our machine that appear and vanish while a session lives. */
class ChangingInterfacesTest {

    private static final Duration PACKET = Duration.ofMillis(20);

    private final CallScene scene = new CallScene(11);
    private final Zone lan = scene.network().zone("lan", LinkConditions.ofMillis(1));
    private final Zone vpn = scene.network().zone("vpn", LinkConditions.ofMillis(20));

    private VirtualPhone phone(VirtualHost host, IceConfig config) {
        return new VirtualPhone(scene.network(), host, config, Pacer.shared(), ChangingInterfacesTest::kindOf);
    }

    private static InterfaceKind kindOf(InetAddress address) {
        return address.getHostAddress().startsWith("10.8.") ? InterfaceKind.VPN : InterfaceKind.WIRED;
    }

    private VirtualCall completed(VirtualPhone alice, VirtualPhone bob) {
        VirtualCall call = scene.call(alice, bob);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(8)))
                .as(scene.network()::dump)
                .isTrue();
        return call;
    }

    private static List<String> sendsFrom(VirtualPhone phone) {
        return phone.heard(IceEvent.PathChanged.class).stream()
                .map(changed -> changed.to().local().address().host())
                .toList();
    }

    @Test
    void theSocketsOfAVanishedInterfaceAreLeftAtOnce() {
        VirtualPhone alice = phone(lan.host("alice", "192.168.1.1").attach(vpn, "10.8.0.1"), audio());
        VirtualPhone bob = phone(lan.host("bob", "192.168.1.2").attach(vpn, "10.8.0.2"), audio());
        VirtualCall call = completed(alice, bob);
        scene.network().runFor(Duration.ofSeconds(5));
        PacketFlow flow = call.toCallee(PACKET);
        scene.network().runFor(Duration.ofSeconds(5));

        alice.host().detach("192.168.1.1");
        scene.network().runFor(Duration.ofSeconds(5));
        flow.stop();
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(flow.lost()).isZero();
        assertThat(sendsFrom(alice)).endsWith("10.8.0.1");
        assertThat(alice.heard(IceEvent.PathChanged.class))
                .extracting(IceEvent.PathChanged::cause)
                .as("media moves at once; then both sides agree upon it anew")
                .endsWith(PathChange.FAILOVER, PathChange.RESTART);
        assertThat(alice.report(-1).text()).contains("192.168.1.1 was taken away");
    }

    // DHCP: the only address goes, and another one comes a second later; the peer learns of it by our checks
    @Test
    void aChangedAddressIsACallThatGoesOn() {
        VirtualPhone alice = phone(lan.host("alice", "192.168.1.1"), audio());
        VirtualPhone bob = phone(lan.host("bob", "192.168.1.2"), audio());
        VirtualCall call = completed(alice, bob);
        PacketFlow before = call.toCallee(PACKET);
        scene.network().runFor(Duration.ofSeconds(5));

        alice.host().detach("192.168.1.1");
        scene.network().runFor(Duration.ofSeconds(1));
        before.stop();
        assertThat(alice.state(call.callerPeer())).isEqualTo(IceState.DISCONNECTED);
        alice.attach(lan, "192.168.1.77", InterfaceKind.WIRED);
        scene.network().runFor(Duration.ofSeconds(1));
        PacketFlow there = call.toCallee(PACKET);
        PacketFlow back = call.toCaller(PACKET);
        scene.network().runFor(Duration.ofSeconds(60));
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(sendsFrom(alice)).endsWith("192.168.1.77");
        assertThat(there.lost()).isZero();
        assertThat(back.lost()).isLessThan(5);
        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
    }

    // RFC 8838: what is gathered late is trickled; here it is the only path there is
    @Test
    void anInterfaceThatAppearsWhileNothingConnectsMakesTheCall() {
        VirtualNat strict = scene.nat("203.0.113.1", NatBehaviour.SYMMETRIC);
        VirtualNat other = scene.nat("203.0.113.2", NatBehaviour.SYMMETRIC);
        IceConfig config = withStun(audio()).trickle();
        VirtualPhone alice = scene.behind(strict, "alice", "192.168.5.10", config);
        VirtualPhone bob = scene.behind(other, "bob", "10.0.0.5", config);
        VirtualCall call = scene.call(alice, bob);
        scene.network().runFor(Duration.ofSeconds(10));
        assertThat(call.isAt(IceState.CHECKING)).isTrue();

        alice.attach(scene.network().internet(), "198.51.100.77", InterfaceKind.WIRELESS);

        assertThat(call.runUntilCompleted(Duration.ofSeconds(15)))
                .as(scene.network()::dump)
                .isTrue();
        assertThat(sendsFrom(alice)).containsExactly("198.51.100.77");
    }

    /** Alice, who does not trickle, comes to a second network in the midst of a call; bob's NAT knows only the first. */
    private VirtualCall joinedByAnotherNetwork(IceConfig config) {
        VirtualPhone alice =
                scene.behind(scene.nat("203.0.113.1", NatBehaviour.PORT_RESTRICTED), "alice", "192.168.5.10", config);
        VirtualPhone bob =
                scene.behind(scene.nat("203.0.113.2", NatBehaviour.PORT_RESTRICTED), "bob", "10.0.0.5", config);
        VirtualCall call = completed(alice, bob);
        alice.attach(scene.network().internet(), "198.51.100.77", InterfaceKind.CELLULAR);
        scene.network().runFor(Duration.ofSeconds(20));
        return call;
    }

    /** As {@link #joinedByAnotherNetwork}, and the first network goes. */
    private VirtualCall movedToAnotherNetwork(IceConfig config) {
        VirtualCall call = joinedByAnotherNetwork(config);
        VirtualPhone alice = call.caller();
        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
        assertThat(alice.heard(IceEvent.OfferPending.class))
                .as("while the call stands, an offer would name the selected pairs alone")
                .noneMatch(offer -> offer.offer().reason() == PendingOffer.Reason.NEW_CANDIDATES);

        alice.host().detach("192.168.5.10");
        return call;
    }

    // RFC 8839 §4.4.1.2.2: a candidate that came in mid-call is told once it is needed, and not after patience only
    @Test
    void aNetworkThatCameInMidCallIsOfferedWhenTheFormerOneGoes() {
        VirtualCall call = movedToAnotherNetwork(withStun(audio()));

        scene.network().runFor(Duration.ofSeconds(5));

        assertThat(call.caller().heard(IceEvent.OfferPending.class))
                .filteredOn(offer -> offer.offer().reason() == PendingOffer.Reason.NEW_CANDIDATES)
                .hasSize(1);
        assertThat(call.isAt(IceState.COMPLETED)).as(scene.network()::dump).isTrue();
        assertThat(sendsFrom(call.caller())).endsWith("198.51.100.77");
    }

    // RFC 8839 §4.4.1.2.2: pairs that are selected no longer are not named; a stream is told in full though RTP goes on
    @Test
    void aStreamThatHasLostRtcpAloneIsOfferedWithAllItsCandidates() {
        IceConfig both = withStun(IceConfig.create().stream("audio", 1, 2));
        VirtualCall call = joinedByAnotherNetwork(both);
        VirtualPhone alice = call.caller();
        HostBase rtcp = alice.bases().stream()
                .filter(base -> base.component() == 2)
                .findFirst()
                .orElseThrow();

        alice.perform(now -> {
            alice.engine().baseLost(now, rtcp.base(), new Cause(Cause.Kind.LOCAL_GONE, "the socket was closed"));
            return true;
        });
        scene.network().runFor(Duration.ofSeconds(5));

        assertThat(call.isAt(IceState.COMPLETED)).as(scene.network()::dump).isTrue();
        assertThat(alice.heard(IceEvent.PathChanged.class))
                .filteredOn(changed -> changed.component() == 2)
                .extracting(changed -> changed.to().local().address().host())
                .endsWith("198.51.100.77");
    }

    /** A call over the VPN, which alice's LAN joins in its midst; bob has both. */
    private VirtualCall promoted(IceConfig config) {
        VirtualPhone alice = phone(vpn.host("alice", "10.8.0.1"), config);
        VirtualPhone bob = phone(vpn.host("bob", "10.8.0.2").attach(lan, "192.168.1.2"), config);
        VirtualCall call = completed(alice, bob);
        PacketFlow there = call.toCallee(PACKET);
        PacketFlow back = call.toCaller(PACKET);
        scene.network().runFor(Duration.ofSeconds(5));
        assertThat(sendsFrom(alice)).containsOnly("10.8.0.1");

        alice.attach(lan, "192.168.1.1", InterfaceKind.WIRED);
        scene.network().runFor(Duration.ofSeconds(15));
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(there.lost() + back.lost() + there.duplicated() + back.duplicated())
                .isZero();
        assertThat(sendsFrom(alice)).endsWith("192.168.1.1");
        assertThat(sendsFrom(bob)).endsWith("192.168.1.2");
        return call;
    }

    private static PathChange lastChange(VirtualPhone phone) {
        List<IceEvent.PathChanged> changes = phone.heard(IceEvent.PathChanged.class);
        return changes.get(changes.size() - 1).cause();
    }

    @Test
    void aBetterInterfaceThatAppearsIsPromotedToByRenomination() {
        VirtualCall call = promoted(audio().renomination());

        assertThat(lastChange(call.caller())).isEqualTo(PathChange.PROMOTED);
    }

    @Test
    void aBetterInterfaceThatAppearsIsPromotedToByARestart() {
        VirtualCall call = promoted(audio());

        assertThat(lastChange(call.caller())).isEqualTo(PathChange.RESTART);
    }

    // random network 7638: relays and reflexive candidates had taken all places when the only direct way appeared
    @Test
    void anInterfaceOfAnotherFamilyHasAPlaceThoughTheComponentIsFull() {
        VirtualNat nat = scene.nat("203.0.113.1", NatBehaviour.FULL_CONE);
        IceConfig config = withTurn(audio()).trickle().limits(100, 2);
        VirtualPhone alice = phone(nat.inside().host("alice", "192.168.1.10"), config);
        VirtualPhone bob =
                phone(scene.network().internet().host("bob", "198.51.100.9").attach(lan, "2001:db8::2"), config);
        VirtualCall call = completed(alice, bob);
        scene.network().runFor(Duration.ofSeconds(5));
        assertThat(sendsFrom(alice)).doesNotContain("2001:db8::1");

        alice.attach(lan, "2001:db8::1", InterfaceKind.WIRED);
        scene.network().runFor(Duration.ofSeconds(30));

        assertThat(call.isAt(IceState.COMPLETED)).as(scene.network()::dump).isTrue();
        assertThat(sendsFrom(alice)).endsWith("2001:db8::1");
        assertThat(sendsFrom(bob)).endsWith("2001:db8::2");
    }

    @Test
    void allThatIsConfiguredIsGatheredOnAnInterfaceThatAppears() {
        VirtualNat nat = scene.nat("203.0.113.1", NatBehaviour.FULL_CONE);
        VirtualPhone alice =
                phone(vpn.host("alice", "10.8.0.1"), withTurn(withStun(audio())).trickle());
        alice.gather();
        scene.network().runFor(Duration.ofSeconds(1));

        alice.attach(nat.inside(), "192.168.1.10", InterfaceKind.WIRED);
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(alice.heard(IceEvent.CandidateGathered.class))
                .extracting(gathered -> gathered.candidate().type())
                .containsExactlyInAnyOrder(
                        CandidateType.HOST, CandidateType.HOST, CandidateType.SERVER_REFLEXIVE, CandidateType.RELAYED);
        assertThat(alice.describe().streams().get(0).candidates()).hasSize(4);
    }

    @Test
    void aRelayWhoseSocketIsGoneIsInNoLaterDescription() {
        VirtualNat nat = scene.nat("203.0.113.1", NatBehaviour.FULL_CONE);
        VirtualPhone alice =
                phone(nat.inside().host("alice", "192.168.1.10").attach(vpn, "10.8.0.1"), withTurn(audio()));
        alice.gather();
        scene.network().runFor(Duration.ofSeconds(2));
        assertThat(alice.describe().streams().get(0).candidates()).hasSize(4);

        alice.host().detach("192.168.1.10");
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(alice.describe().streams().get(0).candidates())
                .extracting(candidate -> candidate.address().host())
                .containsExactly("10.8.0.1");
    }

    // RTCP was multiplexed away: no socket of the new interface is kept for it
    @Test
    void aComponentThatWasGivenUpGetsNoNewSocket() {
        IceConfig muxed = IceConfig.create().stream("audio", 1, 2).rtcpMux("audio");
        VirtualPhone alice = phone(lan.host("alice", "192.168.1.1"), muxed);
        VirtualPhone bob = phone(lan.host("bob", "192.168.1.2"), muxed);
        completed(alice, bob);

        alice.attach(vpn, "10.8.0.1", InterfaceKind.VPN);

        assertThat(alice.node().events(EngineEvent.BaseUnused.class))
                .extracting(unused -> unused.base().address().getHostString())
                .contains("10.8.0.1");
    }
}
