// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.time.Duration;
import org.icepath.stun.StunMethod;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.junit.jupiter.api.Test;

/** What becomes of media that has gone by a channel of a relay when there is none any more. */
class RelayChannelTest {

    private final CallScene scene = new CallScene(92);

    private VirtualPhone inCall() {
        VirtualPhone alice =
                scene.publicly("alice", "198.51.100.10", withTurn(audio()).relayOnly());
        VirtualCall call = scene.call(alice, scene.publicly("bob", "198.51.100.11", audio()));
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        scene.network().runFor(Duration.ofSeconds(2));
        assertThat(CallScene.lastRoute(alice).channel()).isNotZero();
        return alice;
    }

    // RFC 8656 §12: the server drops ChannelData of a number that is not bound
    @Test
    void mediaGoesByIndicationsWhenItsChannelHasEnded() {
        VirtualPhone alice = inCall();

        scene.edge().faults().fail(StunMethod.CHANNEL_BIND, 403, 1_000);
        scene.network().runFor(Duration.ofMinutes(11));

        assertThat(alice.report(-1).text()).contains("has no channel to");
        assertThat(CallScene.lastRoute(alice).channel()).isZero();
        assertThat(CallScene.lastRoute(alice).viaEngine()).isTrue();
    }

    @Test
    void aChannelThatHasEndedIsAskedForOnceAgain() {
        VirtualPhone alice = inCall();

        scene.edge().faults().drop(StunMethod.CHANNEL_BIND, 1_000);
        boolean ended =
                scene.network().runUntil(() -> CallScene.lastRoute(alice).channel() == 0, Duration.ofMinutes(11));
        assertThat(ended).isTrue();
        scene.edge().faults().dropNone(StunMethod.CHANNEL_BIND);
        scene.network().runFor(Duration.ofMinutes(1));

        assertThat(CallScene.lastRoute(alice).channel()).isNotZero();
        assertThat(alice.node().events(EngineEvent.RouteChanged.class)).hasSizeLessThan(12);
    }
}
