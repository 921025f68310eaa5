// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.icepath.sansio.Transport;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.testkit.edge.MsEdgeConfig;
import org.icepath.testkit.edge.MsRelayKeys;
import org.icepath.testkit.edge.MsRelayService;
import org.icepath.turn.AllocationSettings;
import org.icepath.turn.TurnCredentials;
import org.icepath.turn.TurnEvent;
import org.icepath.turn.TurnFailure;
import org.icepath.turn.TurnServer;
import org.icepath.turn.mras.RelayLocation;
import org.icepath.turn.mras.client.MediaRelayCredentials;
import org.junit.jupiter.api.Test;

/** From the body of a SERVICE request to a relay: the service's tokens at an Edge of the same keys. */
class MsTokenTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final MsRelayKeys KEYS = MsRelayKeys.of("one", "two");
    private static final MsEdgeConfig CONFIG = MsEdgeConfig.create().withKeys(KEYS, START);

    private Instant now = START;
    private final MsRelayService service =
            new MsRelayService(KEYS, Duration.ofMinutes(30), () -> now, new InetSocketAddress("192.0.2.1", 3_478), 443);
    private final MediaRelayCredentials credentials = new MediaRelayCredentials(
            (to, type, body) -> CompletableFuture.completedFuture(service.answer(body)),
            "sip:a@example.com",
            "sip:mras@example.com",
            RelayLocation.INTERNET,
            () -> now);

    private List<TurnServer> servers(RelayLocation location) {
        return MsRelays.servers(credentials.current().toCompletableFuture().join(), location, MsTurn.DEFAULT);
    }

    @Test
    void eachRelayIsAServerByEachTransport() {
        assertThat(servers(RelayLocation.INTERNET)).extracting(TurnServer::host).containsOnly("192.0.2.1");
        assertThat(servers(RelayLocation.INTERNET))
                .extracting(TurnServer::transport)
                .containsExactly(Transport.UDP, Transport.TCP);
        assertThat(servers(RelayLocation.INTERNET).get(1).dialect()).isEqualTo(MsTurn.DEFAULT.withPseudoTls());
        assertThat(servers(RelayLocation.INTRANET)).extracting(TurnServer::port).containsExactly(3_478, 443);
    }

    @Test
    void anEdgeTakesTheTokenOfItsService() {
        MsScene scene = new MsScene(CONFIG, servers(RelayLocation.INTERNET).get(0)).allocated();

        scene.send(scene.peer.address(), "hello");
        scene.runFor(Duration.ofMinutes(20));

        assertThat(MsScene.heardBy(scene.peer)).containsExactly("hello");
        assertThat(scene.client.has(TurnEvent.Failed.class)).isFalse();
    }

    @Test
    void anEdgeOfOtherKeysDoesNot() {
        MsEdgeConfig other = MsEdgeConfig.create().withKeys(MsRelayKeys.of("three", "two"), START);
        MsScene scene = new MsScene(other, servers(RelayLocation.INTERNET).get(0)).allocate();

        assertThat(scene.await(TurnEvent.Failed.class).failure())
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(TurnFailure.Kind.UNAUTHORIZED))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(436));
    }

    // The token ends after half an hour; the call does not.
    @Test
    void aCallOutlivesItsTokenThoughNobodyHasRenewedIt() {
        MsScene scene = new MsScene(CONFIG, servers(RelayLocation.INTERNET).get(0), MsTokenTest::renewing).allocated();
        supplyFrom(scene);

        scene.runFor(Duration.ofHours(1));

        assertThat(refusals(scene)).contains(436);
        assertStillTalks(scene);
    }

    // What the service gives says when it ends, so that the Edge never sees a token that is over.
    @Test
    void tokensAreRenewedBeforeTheyEnd() {
        MsScene scene = new MsScene(
                        CONFIG, servers(RelayLocation.INTERNET).get(0).withoutCredentials(), MsTokenTest::renewing)
                .allocate();
        supplyFrom(scene);

        scene.runFor(Duration.ofHours(1));

        assertThat(scene.client.events(TurnEvent.CredentialsWanted.class))
                .extracting(TurnEvent.CredentialsWanted::username)
                .hasSize(3)
                .doesNotHaveDuplicates()
                .startsWith("");
        assertThat(refusals(scene)).doesNotContain(436, 431);
        assertStillTalks(scene);
    }

    @Test
    void aServiceThatIsDownForAWhileIsAskedAgainWhileTheTokenIsGood() {
        MsScene scene = new MsScene(
                        CONFIG, servers(RelayLocation.INTERNET).get(0).withoutCredentials(), MsTokenTest::renewing)
                .allocate();
        scene.client.onEvent(event -> {
            if (event instanceof TurnEvent.CredentialsWanted wanted) {
                int asked =
                        scene.client.events(TurnEvent.CredentialsWanted.class).size();
                scene.network.after(
                        Duration.ofSeconds(1),
                        () -> scene.client.act((now, machine) -> {
                            if (asked == 1 || asked == 4) {
                                scene.allocation.use(now, supplied(scene, wanted));
                            } else {
                                scene.allocation.useNone(now, "503");
                            }
                        }));
            }
        });

        scene.runFor(Duration.ofMinutes(45));

        assertThat(scene.client.events(TurnEvent.CredentialsWanted.class)).hasSize(4);
        assertThat(refusals(scene)).doesNotContain(436, 431);
        assertStillTalks(scene);
    }

    private void supplyFrom(MsScene scene) {
        scene.client.onEvent(event -> {
            if (event instanceof TurnEvent.CredentialsWanted wanted) {
                scene.network.after(
                        Duration.ofSeconds(1),
                        () -> scene.client.act((now, machine) -> scene.allocation.use(now, supplied(scene, wanted))));
            }
        });
    }

    private TurnCredentials supplied(MsScene scene, TurnEvent.CredentialsWanted wanted) {
        now = START.plusNanos(scene.network.now());
        return credentials.supply(wanted).toCompletableFuture().join();
    }

    private static List<Integer> refusals(MsScene scene) {
        return scene.events(EdgeEvent.Refused.class).stream()
                .map(EdgeEvent.Refused::code)
                .toList();
    }

    private static void assertStillTalks(MsScene scene) {
        scene.send(scene.peer.address(), "still here");
        scene.runFor(Duration.ofSeconds(1));

        assertThat(scene.client.has(TurnEvent.Failed.class)).isFalse();
        assertThat(MsScene.heardBy(scene.peer)).containsExactly("still here");
    }

    private static AllocationSettings renewing(AllocationSettings settings) {
        return settings.withOptions(settings.options().withRenewedCredentials());
    }
}
