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
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.NatBehaviour;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Media flows over the relay while the direct path is blocked, and moves without loss when it opens. */
class EarlyMediaTest {

    private static final Duration EVERY_MS = Duration.ofMillis(1);

    // RFC 8445 §12.1: any valid pair may carry media; architecture: not one packet is lost by a promotion
    @RepeatedTest(50)
    void mediaMovesFromTheRelayToTheDirectPathWithoutLossOrDuplicate(RepetitionInfo repetition) {
        int seed = repetition.getCurrentRepetition();
        CallScene scene = new CallScene(seed).serverAt(Duration.ofMillis(45));
        IceConfig config = withTurn(withStun(audio()));
        VirtualPhone alice =
                scene.behind(scene.nat("203.0.113.1", NatBehaviour.PORT_RESTRICTED), "alice", "192.168.1.10", config);
        VirtualPhone bob =
                scene.behind(scene.nat("203.0.113.2", NatBehaviour.PORT_RESTRICTED), "bob", "10.0.0.5", config);
        alice.host().link(LinkConditions.ofMillis(3));
        bob.host().link(LinkConditions.ofMillis(2));
        Block shut = scene.network().internet().block(Block.between("203.0.113.1", "203.0.113.2"));
        VirtualCall call = scene.call(alice, bob);
        scene.network().runFor(Duration.ofMillis(1000 + 6 * seed));
        assertThat(causes(alice)).containsExactly(PathChange.EARLY_MEDIA);
        assertThat(causes(bob)).containsExactly(PathChange.EARLY_MEDIA);
        PacketFlow there = call.toCallee(EVERY_MS);
        PacketFlow back = call.toCaller(EVERY_MS);
        scene.network().runFor(Duration.ofMillis(200));

        shut.lift();
        boolean promoted = scene.network()
                .runUntil(() -> causes(alice).size() > 1 && causes(bob).size() > 1, Duration.ofSeconds(4));
        scene.network().runFor(Duration.ofMillis(200));
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofMillis(300));

        assertThat(promoted).as(scene.network()::dump).isTrue();
        for (VirtualPhone phone : List.of(alice, bob)) {
            assertThat(causes(phone)).startsWith(PathChange.EARLY_MEDIA, PathChange.PROMOTED);
            assertThatItIsRelayedAtFirst(phone);
            assertThatMediaMovedBeforeTheSelection(phone);
        }
        assertThat(there.sent() + back.sent()).isGreaterThan(2 * 400);
        assertThat(there.lost() + back.lost()).as("lost").isZero();
        assertThat(there.duplicated() + back.duplicated()).as("duplicated").isZero();
    }

    private static void assertThatItIsRelayedAtFirst(VirtualPhone phone) {
        IceEvent.PathChanged first = phone.heard(IceEvent.PathChanged.class).get(0);
        assertThat(List.of(first.to().local().type(), first.to().remote().type()))
                .contains(CandidateType.RELAYED);
    }

    private static void assertThatMediaMovedBeforeTheSelection(VirtualPhone phone) {
        List<IceEvent> heard = phone.heard(IceEvent.class);
        IceEvent promotion = phone.heard(IceEvent.PathChanged.class).get(1);
        List<IceEvent> before = heard.subList(0, heard.indexOf(promotion));
        assertThat(before).noneMatch(IceEvent.StreamSelected.class::isInstance);
    }

    private static List<PathChange> causes(VirtualPhone phone) {
        return phone.heard(IceEvent.PathChanged.class).stream()
                .map(IceEvent.PathChanged::cause)
                .toList();
    }
}
