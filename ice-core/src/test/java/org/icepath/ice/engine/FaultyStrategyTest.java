// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceState;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.junit.jupiter.api.Test;

/** The application's own policy is wrong: its call goes on, and its reports say what to mend. */
class FaultyStrategyTest {

    @Test
    void aPolicyThatThrowsIsToldOfByItsStreamInEventAndReport() {
        CallScene scene = new CallScene(81);
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio().nomination((now, view) -> {
            throw new IllegalStateException("no idea");
        }));
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", audio());

        VirtualCall call = scene.call(alice, bob);
        scene.network().runFor(Duration.ofSeconds(5));

        assertThat(alice.state(call.callerPeer())).isEqualTo(IceState.COMPLETED);
        assertThat(alice.heard(IceEvent.Overruled.class)).singleElement().satisfies(told -> {
            assertThat(told.stream()).isEqualTo("audio");
            assertThat(told.reason()).startsWith("the nomination policy threw ");
        });
        assertThat(alice.report(-1).text())
                .contains("audio: the nomination policy threw java.lang.IllegalStateException: no idea");
    }

    private static IceConfig audio() {
        return IceConfig.create().stream("audio", 1);
    }
}
