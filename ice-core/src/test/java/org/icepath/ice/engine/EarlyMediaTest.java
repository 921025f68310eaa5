// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withStun;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.time.Duration;
import java.util.List;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.PathChange;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.Block;
import org.icepath.testkit.network.NatBehaviour;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Media flows over the relay while the direct path is blocked, and moves without loss when it opens. */
class EarlyMediaTest {

    // RFC 8445 §12.1: any valid pair may carry media; architecture: not one packet is lost by a promotion
    @ParameterizedTest
    @ValueSource(ints = {20, 1})
    void mediaMovesFromTheRelayToTheDirectPathWithoutLossOrDuplicate(int intervalMillis) {
        CallScene scene = new CallScene(11);
        IceConfig config = withTurn(withStun(audio()));
        VirtualPhone alice =
                scene.behind(scene.nat("203.0.113.1", NatBehaviour.PORT_RESTRICTED), "alice", "192.168.1.10", config);
        VirtualPhone bob =
                scene.behind(scene.nat("203.0.113.2", NatBehaviour.PORT_RESTRICTED), "bob", "10.0.0.5", config);
        scene.network()
                .internet()
                .block(Block.between("203.0.113.1", "203.0.113.2"))
                .liftAfter(Duration.ofMillis(1500));
        VirtualCall call = scene.call(alice, bob);
        PacketFlow there = call.toCallee(Duration.ofMillis(intervalMillis));
        PacketFlow back = call.toCaller(Duration.ofMillis(intervalMillis));

        scene.network().runFor(Duration.ofSeconds(10));
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(causes(alice)).as(scene.network()::dump).startsWith(PathChange.EARLY_MEDIA, PathChange.PROMOTED);
        assertThat(causes(bob)).startsWith(PathChange.EARLY_MEDIA, PathChange.PROMOTED);
        IceEvent.PathChanged first = alice.heard(IceEvent.PathChanged.class).get(0);
        assertThat(List.of(first.to().local().type(), first.to().remote().type()))
                .contains(CandidateType.RELAYED);
        assertThat(there.sent() + back.sent()).isGreaterThan(2 * 9_000 / intervalMillis);
        assertThat(there.lost() + back.lost()).as("lost").isZero();
        assertThat(there.duplicated() + back.duplicated()).as("duplicated").isZero();
    }

    private static List<PathChange> causes(VirtualPhone phone) {
        return phone.heard(IceEvent.PathChanged.class).stream()
                .map(IceEvent.PathChanged::cause)
                .toList();
    }
}
