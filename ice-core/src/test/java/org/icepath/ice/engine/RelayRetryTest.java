// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withTurn;
import static org.icepath.ice.engine.CallScene.withTurnOverTcp;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.IceEvent;
import org.icepath.stun.StunMethod;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.testkit.network.NatBehaviour;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Relays that are refused or lost for a reason that passes. */
class RelayRetryTest {

    private final CallScene scene = new CallScene(41);

    private static long relays(VirtualPhone phone) {
        return phone.describe().streams().get(0).candidates().stream()
                .filter(candidate -> candidate.type() == CandidateType.RELAYED)
                .count();
    }

    // RFC 8656 §7.4: 437 (Allocation Mismatch), in answer to the second request, which is authenticated: the client
    // should try again with another port
    @Test
    void aPortThatTheServerTakesForAnotherClientsIsReplaced() {
        scene.edge().faults().fail(StunMethod.ALLOCATE, 437, 2);
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", withTurn(audio()));
        alice.gather();

        scene.network().runFor(Duration.ofSeconds(3));

        assertThat(relays(alice)).isEqualTo(1);
        assertThat(scene.edge().allocationCount()).isEqualTo(1);
        assertThat(alice.report(-1).text()).contains("is asked for from another port");
        // RFC 8838 §8.2: nothing comes after the end of candidates
        assertThat(alice.heard(IceEvent.GatheringCompleted.class)).hasSize(1);
    }

    // Over a connection likewise: the next one leaves from another port.
    @Test
    void aConnectionThatTheServerTakesForAnotherClientsIsReplaced() {
        scene.serverOverTcp().edge().faults().fail(StunMethod.ALLOCATE, 437, 2);
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", withTurnOverTcp(audio()));
        alice.gather();

        scene.network().runFor(Duration.ofSeconds(3));

        assertThat(relays(alice)).isEqualTo(1);
        assertThat(scene.connectionsToServer()).isEqualTo(1);
        assertThat(alice.report(-1).text()).contains("is asked for from another port");
        assertThat(alice.heard(IceEvent.GatheringCompleted.class)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServerThatRefusesEveryPortIsNotAskedForEver(boolean overTcp) {
        scene.serverOverTcp().edge().faults().fail(StunMethod.ALLOCATE, 437, 1000);
        VirtualPhone alice =
                scene.publicly("alice", "198.51.100.10", overTcp ? withTurnOverTcp(audio()) : withTurn(audio()));
        alice.gather();

        scene.network().runFor(Duration.ofMinutes(10));

        assertThat(relays(alice)).isZero();
        assertThat(alice.host().boundSockets()).isLessThanOrEqualTo(3);
        assertThat(scene.connectionsToServer()).isZero();
        assertThat(scene.server().events(EdgeEvent.Refused.class)).hasSizeBetween(3, 6);
        assertThat(alice.heard(IceEvent.GatheringCompleted.class)).isNotEmpty();
    }

    // A NAT that rebinds takes the allocation along: the server knows nobody at the new address (437)
    @Test
    void theReserveThatARebindingNatTookIsAllocatedAnew() {
        var nat = scene.nat("203.0.113.1", NatBehaviour.PORT_RESTRICTED);
        VirtualPhone alice = scene.behind(nat, "alice", "192.168.1.10", withTurn(audio()));
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", audio());
        VirtualCall call = scene.call(alice, bob);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        InetSocketAddress before = CallScene.relayOf(alice);

        nat.rebind();
        scene.network().runFor(Duration.ofMinutes(12));

        assertThat(relays(alice)).isEqualTo(1);
        assertThat(CallScene.relayOf(alice)).isNotEqualTo(before);
        assertThat(alice.report(-1).text()).contains("is asked for anew");
    }
}
