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

    private final MsRelayService service = new MsRelayService(
            KEYS, Duration.ofMinutes(30), () -> START, new InetSocketAddress("192.0.2.1", 3_478), 443);
    private final MediaRelayCredentials credentials = new MediaRelayCredentials(
            (to, type, body) -> CompletableFuture.completedFuture(service.answer(body)),
            "sip:a@example.com",
            "sip:mras@example.com",
            RelayLocation.INTERNET,
            () -> START);

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
    void aCallOutlivesItsToken() {
        MsScene scene = new MsScene(CONFIG, servers(RelayLocation.INTERNET).get(0), MsTokenTest::renewing).allocated();
        MsRelayService later = new MsRelayService(
                KEYS,
                Duration.ofHours(8),
                () -> START.plus(Duration.ofMinutes(30)),
                new InetSocketAddress("192.0.2.1", 3_478),
                443);
        MediaRelayCredentials fresh = new MediaRelayCredentials(
                (to, type, body) -> CompletableFuture.completedFuture(later.answer(body)),
                "sip:a@example.com",
                "sip:mras@example.com",
                RelayLocation.INTERNET,
                () -> START.plus(Duration.ofMinutes(30)));
        scene.client.onEvent(event -> {
            if (event instanceof TurnEvent.CredentialsWanted) {
                scene.network.after(
                        Duration.ofSeconds(1),
                        () -> scene.client.act((now, machine) -> scene.allocation.use(
                                now, fresh.renewed().toCompletableFuture().join())));
            }
        });

        scene.runFor(Duration.ofHours(1));
        scene.send(scene.peer.address(), "still here");
        scene.runFor(Duration.ofSeconds(1));

        assertThat(scene.client.has(TurnEvent.CredentialsWanted.class)).isTrue();
        assertThat(scene.client.has(TurnEvent.Failed.class)).isFalse();
        assertThat(scene.events(EdgeEvent.Refused.class))
                .extracting(EdgeEvent.Refused::code)
                .contains(436);
        assertThat(MsScene.heardBy(scene.peer)).containsExactly("still here");
    }

    private static AllocationSettings renewing(AllocationSettings settings) {
        return settings.withOptions(settings.options().withRenewedCredentials());
    }
}
