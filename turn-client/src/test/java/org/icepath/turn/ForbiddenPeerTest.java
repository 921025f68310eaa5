// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.icepath.testkit.edge.EdgeEvent;
import org.junit.jupiter.api.Test;

/** A peer that is wanted no longer costs the server nothing more (RFC 8656 §9, §12: what is not refreshed runs out). */
class ForbiddenPeerTest {

    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

    private final EdgeScene scene = new EdgeScene(EdgeScene.CONFIG).allocated();

    @Test
    void neitherPermissionNorChannelOfAForbiddenPeerIsRefreshed() {
        scene.client.act((now, machine) -> scene.allocation.bindChannel(now, scene.peer.address()));
        scene.await(TurnEvent.ChannelBound.class);
        scene.network.runFor(HALF_AN_HOUR);
        int refreshed = made();
        assertThat(refreshed).as("control: both are refreshed until then").isGreaterThan(5);

        forbid();
        scene.network.runFor(HALF_AN_HOUR);

        assertThat(made()).isEqualTo(refreshed);
        assertThat(scene.allocation.channelFor(scene.peer.address())).isZero();
    }

    // the answer to what was asked before must not bring it back
    @Test
    void aPeerForbiddenWhileItsBindingIsAskedForStaysForbidden() {
        scene.client.act((now, machine) -> {
            scene.allocation.permit(now, List.of(scene.peer.address().getAddress()));
            scene.allocation.bindChannel(now, scene.peer.address());
        });
        forbid();
        scene.network.runFor(HALF_AN_HOUR);

        assertThat(made()).as("a permission and a channel, once").isEqualTo(2);
    }

    @Test
    void aForbiddenPeerMayBePermittedAgain() {
        scene.client.act((now, machine) -> {
            scene.allocation.permit(now, List.of(scene.peer.address().getAddress()));
            scene.allocation.forbid(now, List.of(scene.peer.address().getAddress()));
            scene.allocation.permit(now, List.of(scene.peer.address().getAddress()));
        });
        scene.network.runFor(HALF_AN_HOUR);

        assertThat(made()).isGreaterThan(5);
    }

    private void forbid() {
        scene.client.act((now, machine) ->
                scene.allocation.forbid(now, List.of(scene.peer.address().getAddress())));
    }

    private int made() {
        return scene.server.events(EdgeEvent.Permitted.class).size()
                + scene.server.events(EdgeEvent.ChannelBound.class).size();
    }
}
