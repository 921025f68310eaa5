// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.icepath.stun.StunMethod;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNat;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.turn.TurnFailure.Kind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A NAT that gives the client another outside address: the server knows no allocation there (RFC 8656 §5). */
class ReboundNatTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private @Nullable VirtualNat nat;

    private VirtualHost behindNat(VirtualNetwork network) {
        VirtualNat made = network.internet().nat("nat", "198.51.100.7", NatBehaviour.SYMMETRIC);
        nat = made;
        return made.inside().host("client", "192.168.1.10");
    }

    private EdgeScene allocated(EdgeConfig config, AllocationOptions options) {
        EdgeScene scene = new EdgeScene(
                config, EdgeScene.ALICE, settings -> settings.withOptions(options), this::behindNat, "192.0.2.1");
        scene.allocated();
        scene.client.act((now, machine) -> scene.allocation.bindChannel(now, scene.peer.address()));
        scene.runFor(SECOND);
        return scene;
    }

    private EdgeScene mobile() {
        return allocated(EdgeScene.CONFIG.withMobility(), AllocationOptions.NONE.withMobility());
    }

    private EdgeScene fixed() {
        return allocated(EdgeScene.CONFIG, AllocationOptions.NONE);
    }

    private void rebind() {
        Objects.requireNonNull(nat).rebind();
    }

    private static void probe(EdgeScene scene) {
        scene.client.act((now, machine) -> scene.allocation.probe(now));
        scene.runFor(SECOND);
    }

    private static void passesBothWays(EdgeScene scene, InetSocketAddress relayed) {
        scene.send(scene.peer.address(), "out");
        scene.peer.send(relayed, "in");
        scene.runFor(SECOND);
        assertThat(scene.heardByPeer()).containsExactly("out");
        assertThat(scene.received).containsExactly("in at 98");
    }

    @Test
    void aProbeTellsAtOnceWhatTheNextRefreshWouldInMinutes() {
        EdgeScene scene = fixed();
        rebind();
        scene.runFor(SECOND);
        assertThat(scene.allocation.state()).isEqualTo(AllocationState.ALLOCATED);

        probe(scene);

        assertThat(scene.failure(SECOND).kind()).isEqualTo(Kind.ALLOCATION_LOST);
    }

    @Test
    void aProbeOfAnAllocationThatIsThereOnlyRefreshesIt() {
        EdgeScene scene = fixed();
        InetSocketAddress relayed = scene.allocation.relayBase().orElseThrow().address();

        probe(scene);

        assertThat(scene.server.events(EdgeEvent.Refreshed.class)).hasSize(1);
        passesBothWays(scene, relayed);
        assertThat(scene.allocation.pendingTimers()).containsKey(TurnTimer.REFRESH);
    }

    @Test
    void probesAreTenSecondsApart() {
        EdgeScene scene = fixed();

        for (int i = 0; i < 100; i++) {
            scene.client.act((now, machine) -> scene.allocation.probe(now));
            scene.runFor(Duration.ofMillis(250));
        }

        assertThat(scene.server.events(EdgeEvent.Refreshed.class)).hasSize(3); // in 25 s
    }

    // While the network is away there is one request on its way, with its retransmissions, however often it is asked
    // for.
    @Test
    void nothingIsAskedTwiceAtATime() {
        EdgeScene scene = fixed();
        scene.edge.faults().silent(true);

        for (int i = 0; i < 35; i++) {
            probe(scene);
        }
        scene.edge.faults().silent(false);
        scene.runFor(Duration.ofSeconds(15));

        assertThat(scene.server.events(EdgeEvent.Refreshed.class)).hasSize(1);
    }

    @Test
    void whatDoesNotStandIsNotProbed() {
        EdgeScene scene = fixed();
        scene.client.act((now, machine) -> scene.allocation.release(now));
        scene.runFor(SECOND);
        int before = scene.server.events(EdgeEvent.Refreshed.class).size();

        probe(scene);

        assertThat(scene.server.events(EdgeEvent.Refreshed.class)).hasSize(before);
        assertThat(scene.allocation.state()).isEqualTo(AllocationState.RELEASED);
        assertThat(scene.allocation.pendingTimers()).isEmpty();
    }

    // RFC 8016 §3.2 asks only that the 5-tuple be another one than the server knows.
    @Test
    void theTicketIsShownFromTheSameSocket() {
        EdgeScene scene = mobile();
        InetSocketAddress relayed = scene.allocation.relayBase().orElseThrow().address();
        rebind();

        probe(scene);

        scene.await(TurnEvent.Rebound.class, SECOND);
        assertThat(scene.client.events(TurnEvent.Moved.class)).isEmpty(); // to no other socket
        assertThat(scene.server.events(EdgeEvent.Moved.class)).hasSize(1);
        passesBothWays(scene, relayed);
    }

    // Whatever comes first at the server: what it refused is asked again once the allocation is there.
    @Test
    void aPermissionThatWasRefusedMeanwhileIsGrantedAfterwards() {
        EdgeScene scene = mobile();
        InetSocketAddress other = new InetSocketAddress("203.0.113.1", 5_001);
        rebind();

        scene.client.act((now, machine) -> scene.allocation.bindChannel(now, other));
        probe(scene);

        assertThat(scene.client.events(TurnEvent.ChannelBound.class))
                .extracting(TurnEvent.ChannelBound::peer)
                .contains(other);
        assertThat(scene.client.events(TurnEvent.ChannelRefused.class)).isEmpty();
        assertThat(scene.server.events(EdgeEvent.Moved.class)).hasSize(1);
    }

    @Test
    void itFollowsAgainAndAgain() {
        EdgeScene scene = mobile();

        for (int i = 0; i < 5; i++) {
            rebind();
            scene.runFor(Duration.ofMinutes(1));
            probe(scene);
        }

        assertThat(scene.server.events(EdgeEvent.Moved.class)).hasSize(5);
        assertThat(scene.allocation.state()).isEqualTo(AllocationState.ALLOCATED);
    }

    @Test
    void aTicketThatTheServerDoesNotTakeEndsTheAllocation() {
        EdgeScene scene = mobile();
        rebind();
        scene.edge.faults().fail(StunMethod.REFRESH, 437, 1000);

        probe(scene);

        assertThat(scene.failure(SECOND).kind()).isEqualTo(Kind.ALLOCATION_LOST);
        assertThat(scene.allocation.pendingTimers()).isEmpty();
    }

    // A server that takes the ticket and knows nothing of it a moment later would be asked for ever.
    @Test
    void aServerThatForgetsAtOnceIsNotFollowedForEver() {
        EdgeScene scene = mobile();
        scene.edge.faults().fail(StunMethod.CREATE_PERMISSION, 437, 1000);
        rebind();

        scene.client.act((now, machine) ->
                scene.allocation.permit(now, List.of(new InetSocketAddress("203.0.113.9", 1).getAddress())));
        scene.runFor(Duration.ofSeconds(5));

        assertThat(scene.failure(SECOND).kind()).isEqualTo(Kind.ALLOCATION_LOST);
        assertThat(scene.server.events(EdgeEvent.Moved.class)).hasSizeBetween(1, 3);
    }
}
