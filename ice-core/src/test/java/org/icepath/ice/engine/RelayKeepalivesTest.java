// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withTurn;
import static org.icepath.ice.engine.CallScene.withTurnOverTcp;

import java.time.Duration;
import java.util.List;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.PacketEvent;
import org.junit.jupiter.api.Test;

/** A relay that waits for a peer is to be reached when he comes. */
class RelayKeepalivesTest {

    private final CallScene scene = new CallScene(733);

    /** When a phone with nothing but a relay has sent something within two minutes, once it has gathered. */
    private List<Long> sentWhileIdle(IceConfig config) {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", config.relayOnly());
        alice.gather();
        scene.network().runFor(Duration.ofSeconds(2));
        assertThat(alice.heard(IceEvent.CandidateGathered.class)).hasSize(1);
        long begun = scene.network().now();
        scene.network().runFor(Duration.ofMinutes(2));
        return scene.network().log().sentBy("alice").stream()
                .map(PacketEvent::at)
                .filter(at -> at > begun)
                .toList();
    }

    // RFC 4787 §4.3: many NATs forget after half a minute, and the next refresh is minutes away
    @Test
    void somethingLeavesAtLeastEachTr() {
        List<Long> sent = sentWhileIdle(withTurn(audio()));

        assertThat(sent).hasSizeBetween(8, 10);
        for (int i = 1; i < sent.size(); i++) {
            assertThat(Duration.ofNanos(sent.get(i) - sent.get(i - 1)))
                    .isBetween(Duration.ofSeconds(12), Duration.ofSeconds(15));
        }
    }

    // NATs keep connections for hours
    @Test
    void nothingLeavesOverAConnection() {
        scene.serverOverTcp();

        assertThat(sentWhileIdle(withTurnOverTcp(audio()))).isEmpty();
    }
}
