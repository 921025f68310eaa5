// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Transport;
import org.icepath.stun.StunMethod;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.turn.TurnFailure.Kind;
import org.junit.jupiter.api.Test;

/** RFC 8016. */
class MobilityTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Cause GONE = new Cause(Cause.Kind.LOCAL_GONE, "no cable");

    private static EdgeScene allocated(EdgeConfig config) {
        EdgeScene scene = new EdgeScene(
                config, EdgeScene.ALICE, settings -> settings.withOptions(AllocationOptions.NONE.withMobility()));
        scene.allocated();
        scene.client.act((now, machine) -> scene.allocation.bindChannel(now, scene.peer.address()));
        scene.runFor(SECOND);
        return scene;
    }

    private static Base move(EdgeScene scene) {
        Base next = scene.spares.remove();
        scene.client.act((now, machine) -> scene.allocation.moveTo(now, next));
        scene.runFor(SECOND);
        return next;
    }

    // RFC 8016 §3.2: relayed address, permissions and channels stay; the nonce is another one, as the address is.
    @Test
    void theAllocationFollowsAChangedAddress() {
        EdgeScene scene = allocated(EdgeScene.CONFIG.withMobility());
        InetSocketAddress relayed = scene.allocation.relayBase().orElseThrow().address();

        Base next = move(scene);
        scene.send(scene.peer.address(), "out");
        scene.peer.send(relayed, "in");
        scene.runFor(SECOND);

        assertThat(scene.client.events(TurnEvent.Moved.class)).containsExactly(new TurnEvent.Moved(next));
        assertThat(scene.allocation.base()).isEqualTo(next);
        assertThat(scene.allocation.relayBase().orElseThrow().address()).isEqualTo(relayed);
        assertThat(scene.heardByPeer()).containsExactly("out");
        assertThat(scene.received).containsExactly("in at 98");
        assertThat(scene.server.events(EdgeEvent.Moved.class))
                .extracting(EdgeEvent.Moved::client)
                .containsExactly(next.address());
    }

    // RFC 8016 §3.2: each ticket is good for one move, and the answer brings the next one.
    @Test
    void itMovesAgainAndLivesOnForHours() {
        EdgeScene scene = allocated(EdgeScene.CONFIG.withMobility());

        for (int i = 0; i < 3; i++) {
            move(scene);
            scene.runFor(Duration.ofMinutes(45));
        }
        scene.send(scene.peer.address(), "still here");
        scene.runFor(SECOND);

        assertThat(scene.client.events(TurnEvent.Moved.class)).hasSize(3);
        assertThat(scene.heardByPeer()).containsExactly("still here");
        scene.client.act((now, machine) -> scene.allocation.release(now));
        scene.runFor(SECOND);
        assertThat(scene.edge.allocationCount()).isZero();
    }

    @Test
    void aLostBaseLeavesTheAllocationWaitingForAnother() {
        EdgeScene scene = allocated(EdgeScene.CONFIG.withMobility());

        scene.client.act((now, machine) -> machine.baseLost(now, scene.base, GONE));
        scene.runFor(SECOND);
        assertThat(scene.client.events(TurnEvent.Stranded.class)).containsExactly(new TurnEvent.Stranded(GONE));
        assertThat(scene.allocation.state()).isEqualTo(AllocationState.ALLOCATED);
        move(scene);
        scene.send(scene.peer.address(), "over the other network");
        scene.runFor(SECOND);

        assertThat(scene.heardByPeer()).containsExactly("over the other network");
    }

    @Test
    void aLostBaseThatNothingReplacesEndsWithTheLifetime() {
        EdgeScene scene = allocated(EdgeScene.CONFIG.withMobility());
        scene.client.act((now, machine) -> machine.baseLost(now, scene.base, GONE));
        scene.edge.faults().silent(true);

        scene.runFor(Duration.ofMinutes(11));

        assertThat(scene.failure().kind()).isEqualTo(Kind.ALLOCATION_LOST);
    }

    // RFC 8016 §3.1.3: 405 has the client go on without.
    @Test
    void aServerThatForbidsItIsAskedWithoutIt() {
        EdgeScene scene = new EdgeScene(
                EdgeScene.CONFIG.withMobility(),
                EdgeScene.ALICE,
                settings -> settings.withOptions(AllocationOptions.NONE.withMobility()));
        scene.edge.faults().fail(StunMethod.ALLOCATE, 405, 2); // the first one lacks credentials, and gets 401

        scene.allocated();

        scene.await(TurnEvent.MobilityRefused.class);
        assertThat(scene.allocation.isMobile()).isFalse();
    }

    // MOBILITY-TICKET need not be understood: an older server gives an allocation without a ticket.
    @Test
    void aServerThatDoesNotKnowOfItKeepsTheAllocationWhereItIs() {
        EdgeScene scene = allocated(EdgeScene.CONFIG);

        scene.await(TurnEvent.MobilityRefused.class);
        move(scene);
        scene.send(scene.peer.address(), "from the old address");
        scene.runFor(SECOND);
        scene.client.act((now, machine) -> machine.baseLost(now, scene.base, GONE));

        assertThat(scene.heardByPeer()).containsExactly("from the old address");
        assertThat(scene.failure().kind()).isEqualTo(Kind.BASE_LOST);
    }

    // What the new path does not carry, the old one still does; 437 there says nothing of here.
    @Test
    void aMoveThatIsRefusedLeavesTheAllocationWhereItIs() {
        for (int code : new int[] {400, 437, 500}) {
            EdgeScene scene = allocated(EdgeScene.CONFIG.withMobility());
            scene.edge.faults().fail(StunMethod.REFRESH, code, 2); // the first one gets 438

            Base next = move(scene);
            scene.send(scene.peer.address(), "from the old address");
            scene.runFor(SECOND);

            assertThat(scene.client.events(TurnEvent.MoveRefused.class))
                    .as("%d", code)
                    .singleElement()
                    .satisfies(refused -> assertThat(refused.base()).isEqualTo(next))
                    .satisfies(refused -> assertThat(refused.failure().code()).isEqualTo(code));
            assertThat(scene.allocation.base()).isEqualTo(scene.base);
            assertThat(scene.heardByPeer()).containsExactly("from the old address");
        }
    }

    @Test
    void aSocketIsNotReplacedByAConnection() {
        EdgeScene scene = allocated(EdgeScene.CONFIG.withMobility());
        Base connection = new Base(70, Transport.TCP, new InetSocketAddress("198.51.100.1", 9));

        assertThatThrownBy(() -> scene.allocation.moveTo(0, connection)).isInstanceOf(IllegalArgumentException.class);
        assertThat(scene.allocation.base()).isEqualTo(scene.base);
    }
}
