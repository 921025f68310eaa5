// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.icepath.ice.IceConfig;
import org.icepath.net.MonotonicClock;
import org.icepath.sansio.Transport;
import org.icepath.testkit.edge.MsEdgeConfig;
import org.icepath.testkit.edge.MsRelayKeys;
import org.icepath.testkit.edge.MsRelayService;
import org.icepath.turn.TurnServer;
import org.icepath.turn.mras.RelayLocation;
import org.icepath.turn.mras.client.MediaRelayCredentials;
import org.icepath.turn.ms.MsRelays;
import org.icepath.turn.ms.MsTurn;

/**
 * The service that gives phones what an Edge server takes. A SIP stack would carry their SERVICE requests to it; here they are handed
 * over.
 */
final class RelayCredentialService {

    private static final String NAME = "sip:mras@example.com";
    private static final Duration TOKENS_LAST = Duration.ofHours(8);

    private final MsRelayKeys keys = MsRelayKeys.of("token", "password");

    /** An Edge of this service; behind routers its own address, which others name, would lead past them: loopback has no routes. */
    MsEdgeConfig edge() {
        Instant atNanosecondZero = Instant.now().minusNanos(MonotonicClock.now());
        return MsEdgeConfig.create().withKeys(keys, atNanosecondZero).withoutItsName();
    }

    /**
     * What a phone is told when it asks.
     *
     * @param phone its SIP URI
     * @param edge where it reaches the Edge
     */
    IceConfig tell(IceConfig config, String phone, InetSocketAddress edge) {
        MsRelayService service =
                new MsRelayService(keys, TOKENS_LAST, InstantSource.system(), edge, MsTurn.PSEUDO_TLS_PORT);
        MediaRelayCredentials credentials = new MediaRelayCredentials(
                (to, type, body) -> CompletableFuture.completedFuture(service.answer(body)),
                phone,
                NAME,
                RelayLocation.INTERNET,
                InstantSource.system());
        IceConfig told = config;
        for (TurnServer server : MsRelays.servers(
                credentials.current().toCompletableFuture().join(), RelayLocation.INTERNET, MsTurn.DEFAULT)) {
            if (server.transport() == Transport.UDP) { // the emulated network carries datagrams
                told = told.turnServer(server.withoutCredentials(), credentials);
            }
        }
        return told;
    }
}
