// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withStun;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.time.Duration;
import java.util.List;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceState;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.NatBehaviour;
import org.junit.jupiter.api.Test;

/** The callee knows the offer long before the caller knows the answer: a telephone rings. */
class LateAnswerTest {

    private static final NatBehaviour SYMMETRIC_HOME = NatBehaviour.of(
            NatBehaviour.Dependence.ADDRESS_AND_PORT_DEPENDENT, NatBehaviour.Dependence.ADDRESS_AND_PORT_DEPENDENT);

    private final CallScene scene = new CallScene(11);

    private VirtualCall ring(Duration oneWay) {
        VirtualPhone alice = scene.behind(
                scene.nat("203.0.113.1", NatBehaviour.ADDRESS_RESTRICTED),
                "alice",
                "192.168.1.10",
                withTurn(withStun(audio())));
        VirtualPhone bob = scene.behind(
                scene.nat("203.0.113.2", SYMMETRIC_HOME), "bob", "192.168.1.11", withTurn(withStun(audio())));
        return VirtualCall.start(scene.network(), alice, bob, oneWay);
    }

    private static CandidateType localType(VirtualPhone phone) {
        List<IceEvent.PathChanged> changes = phone.heard(IceEvent.PathChanged.class);
        return changes.get(changes.size() - 1).to().local().type();
    }

    // only the callee's own check can open this path, and those that it sent while it rang came to a closed door
    @Test
    void theCalleeChecksAnewWhenTheCallerBegins() {
        VirtualCall call = ring(Duration.ofSeconds(20));

        boolean completed = call.runUntilCompleted(Duration.ofSeconds(50));

        assertThat(completed).as(scene.network()::dump).isTrue();
        assertThat(List.of(localType(call.caller()), localType(call.callee()))).doesNotContain(CandidateType.RELAYED);
    }

    @Test
    void aCallIsAnsweredAfterPatienceHasEnded() {
        VirtualCall call = ring(Duration.ofSeconds(60));

        boolean completed = call.runUntilCompleted(Duration.ofSeconds(140));

        assertThat(completed).as(() -> call.callee().report(-1).text()).isTrue();
        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
    }
}
