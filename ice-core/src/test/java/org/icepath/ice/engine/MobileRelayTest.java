// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.InterfaceKind;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceState;
import org.icepath.ice.PathChange;
import org.icepath.stun.StunMethod;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNat;
import org.junit.jupiter.api.Test;

/** Allocations of a session that follow its address (RFC 8016). */
class MobileRelayTest {

    private static final String HOME = "192.168.1.10";
    private static final String MOBILE = "10.20.0.5";

    private final CallScene scene = new CallScene(71, EdgeConfig::withMobility);
    private final VirtualNat home = scene.nat("203.0.113.1", NatBehaviour.SYMMETRIC);
    private final VirtualNat mobile = scene.nat("203.0.113.2", NatBehaviour.SYMMETRIC);

    private static IceConfig relayed() {
        return withTurn(audio()).relayOnly().mobileRelays();
    }

    private VirtualCall completed(VirtualHost host, IceConfig config) {
        VirtualPhone alice = new VirtualPhone(scene.network(), host, config);
        VirtualPhone bob = scene.publicly("bob", "198.51.100.9", audio());
        VirtualCall call = scene.call(alice, bob);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5)))
                .as(scene.network()::dump)
                .isTrue();
        scene.network().runFor(Duration.ofSeconds(20)); // a relay too many is let go
        return call;
    }

    /** Where the shell was told last to send packets from. */
    private static String leavesFrom(VirtualPhone phone) {
        return CandidateAddress.of(CallScene.lastRoute(phone).base().address()).toString();
    }

    // The address that carries the call vanishes: the relayed address,
    // the selected pair and the peer's view stay as they are.
    @Test
    void aCallOverTheRelayOutlivesItsInterface() {
        VirtualHost host = home.inside().host("alice", HOME).attach(mobile.inside(), MOBILE);
        VirtualCall call = completed(host, relayed());
        PacketFlow there = call.toCallee(Duration.ofMillis(20));
        PacketFlow back = call.toCaller(Duration.ofMillis(20));
        scene.network().runFor(Duration.ofSeconds(3));
        InetSocketAddress before = CallScene.relayOf(call.caller());

        host.detach(HOME);
        scene.network().runFor(Duration.ofSeconds(10));
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(scene.server().events(EdgeEvent.Moved.class)).hasSize(1);
        assertThat(CallScene.relayOf(call.caller())).isEqualTo(before);
        assertThat(leavesFrom(call.caller())).startsWith(MOBILE);
        assertThat(there.lost()).isLessThanOrEqualTo(5); // what is sent within the round trip of the move
        assertThat(back.lost()).isLessThanOrEqualTo(5);
        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
        assertThat(call.callee().heard(IceEvent.PathChanged.class))
                .extracting(IceEvent.PathChanged::cause)
                .doesNotContain(PathChange.RESTART);
    }

    // DHCP gives another address a second later: until then the allocation waits, and then it moves.
    @Test
    void anAllocationWithoutANetworkWaitsForTheNextOne() {
        VirtualHost host = home.inside().host("alice", HOME);
        VirtualCall call = completed(host, relayed());
        InetSocketAddress before = CallScene.relayOf(call.caller());

        host.detach(HOME);
        scene.network().runFor(Duration.ofSeconds(1));
        call.caller().attach(mobile.inside(), MOBILE, InterfaceKind.CELLULAR);
        scene.network().runFor(Duration.ofSeconds(2));
        PacketFlow there = call.toCallee(Duration.ofMillis(20));
        PacketFlow back = call.toCaller(Duration.ofMillis(20));
        scene.network().runFor(Duration.ofMinutes(25)); // past two lifetimes from the new address
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(scene.server().events(EdgeEvent.Moved.class)).hasSize(1);
        assertThat(CallScene.relayOf(call.caller())).isEqualTo(before);
        assertThat(there.lost()).isZero();
        assertThat(back.lost()).isZero();
        assertThat(call.caller().report(-1).text()).contains("waits for a network to move to", "has moved to");
    }

    @Test
    void anAllocationThatMayNotMoveIsLostAsBefore() {
        VirtualHost host = home.inside().host("alice", HOME).attach(mobile.inside(), MOBILE);
        VirtualCall call = completed(host, withTurn(audio()).relayOnly());

        host.detach(HOME);
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(scene.server().events(EdgeEvent.Moved.class)).isEmpty();
        assertThat(call.caller().report(-1).text()).contains("is lost: ");
    }

    // A server may refuse: each of our addresses is tried once, and no socket is left behind.
    @Test
    void aRefusedMoveIsTriedFromEachAddressAndLeavesNoSocket() {
        VirtualHost host = home.inside().host("alice", HOME).attach(mobile.inside(), MOBILE);
        VirtualCall call = completed(host, relayed());
        int sockets = host.boundSockets();
        scene.edge().faults().fail(StunMethod.REFRESH, 403, 1000);

        host.detach(HOME);
        scene.network().runFor(Duration.ofSeconds(5));

        assertThat(scene.server().events(EdgeEvent.Moved.class)).isEmpty();
        assertThat(call.caller().report(-1).text()).contains("cannot move to ", "waits for a network to move to");
        assertThat(host.boundSockets())
                .isLessThan(sockets) /* that of the lost address is gone, and the one tried is closed */;
    }
}
