// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceState;
import org.icepath.sansio.Machine;
import org.icepath.stun.StunMethod;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.VirtualNat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls over a relay whose NAT gives us another address: the server knows nobody there, and nothing else tells us. */
class ReboundRelayTest {

    private static final Duration EVERY_20_MS = Duration.ofMillis(20);

    private final CallScene scene = new CallScene(82, EdgeConfig::withMobility);
    private final VirtualNat nat = scene.nat("203.0.113.1", NatBehaviour.SYMMETRIC);

    /** @param peerRelays whether the peer has nothing but a relay, too */
    private VirtualCall connected(IceConfig ours, boolean peerRelays) {
        VirtualPhone alice = scene.behind(nat, "alice", "192.168.1.10", ours);
        VirtualPhone bob = peerRelays
                ? scene.behind(scene.nat("203.0.113.2", NatBehaviour.SYMMETRIC), "bob", "192.168.2.10", relayOnly())
                : scene.publicly("bob", "198.51.100.11", audio());
        VirtualCall call = scene.call(alice, bob);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(10))).isTrue();
        scene.network().runFor(Duration.ofSeconds(20));
        return call;
    }

    private static IceConfig relayOnly() {
        return withTurn(audio()).relayOnly();
    }

    /** Whether nothing is lost, either way, of what is sent from ten seconds later on. */
    private void isAudibleTenSecondsLater(VirtualCall call) {
        PacketFlow before = call.toCallee(EVERY_20_MS);
        scene.network().runFor(Duration.ofSeconds(10));
        before.stop();
        PacketFlow there = call.toCallee(EVERY_20_MS);
        PacketFlow back = call.toCaller(EVERY_20_MS);
        scene.network().runFor(Duration.ofSeconds(20));
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofSeconds(1));
        assertThat(before.lost()).as("the NAT cuts the call").isPositive();
        assertThat(there.sent()).isGreaterThan(900);
        assertThat(there.lost() + back.lost()).isZero();
        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherRelayIsThereWithinSeconds(boolean peerRelays) {
        VirtualCall call = connected(relayOnly(), peerRelays);
        InetSocketAddress before = CallScene.relayOf(call.caller());

        nat.rebind();

        isAudibleTenSecondsLater(call);
        assertThat(CallScene.relayOf(call.caller())).isNotEqualTo(before);
    }

    // RFC 8016: the ticket is shown from the same socket, and the peer sees nothing.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMobileRelayStays(boolean peerRelays) {
        VirtualCall call = connected(relayOnly().mobileRelays(), peerRelays);
        InetSocketAddress before = CallScene.relayOf(call.caller());

        nat.moveTo("203.0.113.9");

        isAudibleTenSecondsLater(call);
        assertThat(CallScene.relayOf(call.caller())).isEqualTo(before);
        assertThat(scene.server().events(EdgeEvent.Moved.class)).hasSize(1);
        assertThat(call.caller().report(-1).text())
                .contains("goes on from another outside address of ours")
                .doesNotContain("an ICE restart begins", "is asked for anew");
    }

    @Test
    void aMobileRelayWhoseTicketIsRefusedIsReplaced() {
        VirtualCall call = connected(relayOnly().mobileRelays(), false);
        scene.edge().faults().fail(StunMethod.REFRESH, 437, 3);

        nat.rebind();

        isAudibleTenSecondsLater(call);
        assertThat(call.caller().report(-1).text()).contains("is asked for anew");
    }

    // A machine that slept, or a peer that was away first: when the path grew suspect the relay was still there.
    @Test
    void itIsAskedForAgainWhenConsentIsLost() {
        VirtualCall call = connected(relayOnly(), false).offeringByHand();
        InetSocketAddress before = CallScene.relayOf(call.caller());
        call.callee().host().link(LinkConditions.PERFECT.withLoss(1));
        scene.network().runFor(Duration.ofSeconds(15));
        assertThat(CallScene.relayOf(call.caller())).isEqualTo(before);

        nat.rebind();
        scene.network().runFor(Duration.ofSeconds(20));

        assertThat(CallScene.relayOf(call.caller())).isNotEqualTo(before);
    }

    // A server that is silent as well is asked by one request at a time, and by none when the session is over.
    @Test
    void whoCannotBeReachedIsNotAskedInCrowds() {
        VirtualCall call = connected(relayOnly(), false);
        int before = scene.server().events(EdgeEvent.Refreshed.class).size();
        PacketFlow there = call.toCallee(EVERY_20_MS);
        scene.edge().faults().silent(true);
        scene.network().runFor(Duration.ofSeconds(20));
        scene.edge().faults().silent(false);
        scene.network().runFor(Duration.ofSeconds(20));
        there.stop();

        assertThat(scene.server().events(EdgeEvent.Refreshed.class)).hasSizeBetween(before + 1, before + 3);
        call.caller().perform(now -> {
            call.caller().engine().close(now);
            return true;
        });
        scene.network().runFor(Duration.ofSeconds(5));
        assertThat(call.caller().engine().nextTimeout()).isEqualTo(Machine.NEVER);
    }
}
