// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withTurnOverTcp;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.InterfaceKind;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceState;
import org.icepath.ice.PathChange;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls over a relay that is reached over TCP, and outlives the connection (RFC 8016). */
class MobileConnectionRelayTest {

    private static final String HOME = "192.168.1.10";
    private static final String MOBILE = "10.20.0.5";
    private static final Duration EVERY_20_MS = Duration.ofMillis(20);

    private final CallScene scene = new CallScene(91, EdgeConfig::withMobility).serverOverTcp();
    private final VirtualNat home = scene.nat("203.0.113.1", NatBehaviour.SYMMETRIC);
    private final VirtualNat mobile = scene.nat("203.0.113.2", NatBehaviour.SYMMETRIC);
    private final VirtualHost host = home.inside().host("alice", HOME).attach(mobile.inside(), MOBILE);
    private VirtualCall call;
    private InetSocketAddress relayed;

    @BeforeEach
    void connect() {
        VirtualPhone alice = new VirtualPhone(scene.network(), host, relayOnly().mobileRelays());
        VirtualPhone bob = scene.publicly("bob", "198.51.100.9", audio());
        call = scene.call(alice, bob);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5)))
                .as(scene.network()::dump)
                .isTrue();
        scene.network().runFor(Duration.ofSeconds(20)); // a relay too many is let go
        relayed = CallScene.relayOf(call.caller());
    }

    private static IceConfig relayOnly() {
        return withTurnOverTcp(audio()).relayOnly();
    }

    /** What is lost, both ways, while this happens and for the ten seconds after it. */
    private long lostOver(Runnable event) {
        PacketFlow there = call.toCallee(EVERY_20_MS);
        PacketFlow back = call.toCaller(EVERY_20_MS);
        scene.network().runFor(Duration.ofSeconds(3));
        event.run();
        scene.network().runFor(Duration.ofSeconds(10));
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofSeconds(1));
        assertThat(there.sent()).isGreaterThan(600);
        return there.lost() + back.lost();
    }

    private void isTheSameCall() {
        assertThat(CallScene.relayOf(call.caller())).isEqualTo(relayed);
        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
        assertThat(call.callee().heard(IceEvent.PathChanged.class))
                .extracting(IceEvent.PathChanged::cause)
                .doesNotContain(PathChange.RESTART);
        assertThat(call.caller().report(-1).text()).doesNotContain("is asked for anew");
    }

    private String leavesFrom() {
        return CandidateAddress.of(CallScene.lastRoute(call.caller()).base().address())
                .toString();
    }

    // The address that carries the call vanishes: relayed address, selected pair and the peer's view stay.
    @Test
    void aCallOutlivesItsInterface() {
        long lost = lostOver(() -> host.detach(HOME));

        assertThat(lost).isLessThanOrEqualTo(30); // what is sent until a connection stands, and the server has agreed
        isTheSameCall();
        assertThat(leavesFrom()).startsWith(MOBILE);
        assertThat(scene.server().events(EdgeEvent.Moved.class)).hasSize(1); // the reserve was there already
        assertThat(host.connections()).isEqualTo(2);
    }

    // A server or a firewall resets what it takes for idle; the interface is as good as before.
    @Test
    void aCallOutlivesAResetOfTheConnection() {
        String before = leavesFrom();

        long lost = lostOver(host::resetConnections);

        assertThat(lost).isLessThanOrEqualTo(30);
        isTheSameCall();
        assertThat(leavesFrom()).isEqualTo(before);
        assertThat(scene.server().events(EdgeEvent.Moved.class)).hasSizeBetween(1, 2); // there may be a reserve
    }

    // And again from where it is then.
    @Test
    void aCallFollowsFromOneAddressToTheNextAndLivesOn() {
        lostOver(() -> host.detach(HOME));
        lostOver(() -> call.caller().attach(home.inside(), "192.168.1.11", InterfaceKind.WIRED));
        long lost = lostOver(() -> host.detach(MOBILE));
        scene.network().runFor(Duration.ofMinutes(25)); // past two lifetimes

        assertThat(lost).isLessThanOrEqualTo(30);
        assertThat(lostOver(() -> {})).isZero();
        isTheSameCall();
        assertThat(leavesFrom()).startsWith("192.168.1.11");
        assertThat(scene.server().events(EdgeEvent.Moved.class)).hasSize(3); // the reserve moved once
    }

    @Test
    void anAllocationWithoutANetworkWaitsForTheNextOne() {
        host.detach(MOBILE);
        scene.network().runFor(Duration.ofSeconds(1));

        host.detach(HOME);
        scene.network().runFor(Duration.ofSeconds(1));
        call.caller().attach(mobile.inside(), MOBILE, InterfaceKind.CELLULAR);
        scene.network().runFor(Duration.ofSeconds(2));

        long lost = lostOver(() -> {});

        // RFC 8016 §3.2.2: the server, to which nobody has said that the old connection is gone, leaves it with our
        // first
        // packet
        assertThat(lost).isLessThanOrEqualTo(2);
        isTheSameCall();
        assertThat(call.caller().report(-1).text()).contains("waits for a network to move to", "has moved to");
    }

    // As after a crash: the ticket says nothing to it, and another relay is asked for as before.
    @Test
    void aServerThatHasForgottenTheAllocationIsAskedForAnother() {
        scene.server().act((now, machine) -> scene.edge().forgetAllocations());

        host.resetConnections();
        scene.network().runFor(Duration.ofSeconds(10));

        assertThat(lostOver(() -> {})).isZero();
        assertThat(CallScene.relayOf(call.caller())).isNotEqualTo(relayed);
        assertThat(call.caller().report(-1).text()).contains("cannot move to ", "is lost: ", "is asked for anew");
    }

    // Bounded, and seconds apart: then the relay is lost, and is missed as any other.
    @Test
    void aServerThatIsAwayIsNotAskedInCrowds() {
        scene.noServerOverTcp();
        scene.network().runFor(Duration.ofMinutes(1));

        String report = call.caller().report(-1).text();
        assertThat(report).contains("is lost: nothing leads to the server any more");
        assertThat(report.split("cannot move to ", -1))
                .hasSizeBetween(7, 13); // three times, from each of two addresses, of one relay or two
        assertThat(host.connections()).isZero();
    }

    @Test
    void anAllocationThatMayNotMoveIsLostAsBefore() {
        VirtualPhone carol = scene.behind(home, "carol", "192.168.1.20", relayOnly());
        VirtualPhone dave = scene.publicly("dave", "198.51.100.10", audio());
        VirtualCall plain = scene.call(carol, dave);
        assertThat(plain.runUntilCompleted(Duration.ofSeconds(5))).isTrue();

        carol.host().resetConnections();
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(scene.server().events(EdgeEvent.Moved.class)).isEmpty();
        assertThat(carol.report(-1).text()).contains("is lost: ", "is asked for anew");
    }
}
