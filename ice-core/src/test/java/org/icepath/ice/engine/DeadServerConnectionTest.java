// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withTurnOverTcp;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.icepath.sansio.Machine;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.junit.jupiter.api.Test;

/** A connection to a TURN server that a NAT or a firewall has forgotten: nobody says so, and nothing comes any more. */
class DeadServerConnectionTest {

    private final CallScene scene = new CallScene(83).serverOverTcp();
    private final VirtualPhone alice =
            scene.publicly("alice", "198.51.100.10", withTurnOverTcp(audio()).relayOnly());

    private void connected() {
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", audio());
        VirtualCall call = scene.call(alice, bob).offeringByHand();
        assertThat(call.runUntilCompleted(Duration.ofSeconds(10))).isTrue();
        scene.network().runFor(Duration.ofSeconds(20));
    }

    private void silentFor(Duration time) {
        scene.edge().faults().silent(true);
        scene.network().runFor(time);
        scene.edge().faults().silent(false);
        scene.network().runFor(Duration.ofSeconds(40));
    }

    // RFC 8489 §6.2.2: no answer within Ti, and nothing else came
    @Test
    void aSilentConnectionIsClosedAndMadeAnew() {
        connected();
        InetSocketAddress before = CallScene.relayOf(alice);

        silentFor(Duration.ofSeconds(60));

        assertThat(CallScene.relayOf(alice)).isNotEqualTo(before);
        assertThat(scene.connectionsToServer()).isEqualTo(1);
        assertThat(alice.report(-1).text()).contains("is lost: the connection is dead: no answer");
    }

    // What the server sends on is proof enough that the connection stands, though a request of ours got lost in it.
    @Test
    void aConnectionOverWhichSomethingComesIsKept() {
        connected();
        InetSocketAddress before = CallScene.relayOf(alice);

        silentFor(Duration.ofSeconds(20));

        assertThat(CallScene.relayOf(alice)).isEqualTo(before);
        assertThat(alice.report(-1).text()).doesNotContain("is lost");
    }

    @Test
    void nothingIsLeftOfItAfterTheSession() {
        connected();
        silentFor(Duration.ofSeconds(60));

        alice.perform(now -> {
            alice.engine().close(now);
            return true;
        });
        scene.network().runFor(Duration.ofSeconds(5));

        assertThat(scene.connectionsToServer()).isZero();
        assertThat(alice.engine().nextTimeout()).isEqualTo(Machine.NEVER);
    }
}
