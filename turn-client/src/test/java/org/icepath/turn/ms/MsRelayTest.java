// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.turn.ms.MsScene.base64;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.icepath.sansio.Transport;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.testkit.edge.EdgeServer;
import org.icepath.testkit.edge.MsEdgeConfig;
import org.icepath.turn.TurnServer;
import org.icepath.turn.client.TurnClient;
import org.icepath.turn.client.TurnRelay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link TurnClient} on an Edge double, over sockets. */
class MsRelayTest {

    private static final long PATIENCE_SECONDS = 20;

    private final TurnClient client = TurnClient.start();
    private EdgeServer edge = start(MsEdgeConfig.create());

    private static EdgeServer start(MsEdgeConfig config) {
        return EdgeServer.start(EdgeConfig.create().withMs(config.user("alice", "s3cret")));
    }

    @AfterEach
    void close() {
        client.close();
        edge.close();
    }

    private TurnServer server(MsTurn dialect, Transport transport, boolean pseudoTls) {
        InetSocketAddress at = transport == Transport.UDP ? edge.address() : edge.listenInMs(pseudoTls, 0);
        MsTurn spoken = pseudoTls ? dialect.withPseudoTls() : dialect;
        return spoken.server(at.getHostString(), at.getPort(), transport, base64("alice"), base64("s3cret"));
    }

    private static TurnRelay await(java.util.concurrent.CompletableFuture<TurnRelay> relay) throws Exception {
        return relay.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static BlockingQueue<String> heard(TurnRelay relay) {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        relay.onReceive((peer, data) -> heard.add(UTF_8.decode(data).toString()));
        return heard;
    }

    private static void send(TurnRelay from, TurnRelay to, String text) {
        assertThat(from.send(to.relayedAddress(), UTF_8.encode(text))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"UDP, false, 2, 2", "TCP, false, 2, 2", "TCP, true, 2, 2", "UDP, false, 4, 6", "TCP, true, 3, 6"})
    void relaysBothWaysWithAndWithoutAnActiveDestination(Transport transport, boolean pseudoTls, int ours, int theirs)
            throws Exception {
        edge.close();
        edge = start(MsEdgeConfig.create().withVersion(theirs));
        TurnServer server = server(MsTurn.DEFAULT.withVersion(ours), transport, pseudoTls);
        TurnRelay alice = await(client.allocate(server));
        TurnRelay bob = await(client.allocate(server));
        BlockingQueue<String> atAlice = heard(alice);
        BlockingQueue<String> atBob = heard(bob);

        bob.permit(alice.relayedAddress().getAddress()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        send(bob, alice, "opens the way back");
        edge.act(machine -> {}).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        String text = "x".repeat(1_000);
        for (int i = 0; i < 50 && atBob.isEmpty(); i++) {
            send(alice, bob, text);
            String got = atBob.poll(200, TimeUnit.MILLISECONDS);
            if (got != null) {
                atBob.add(got);
            }
        }
        assertThat(atBob.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(text);
        alice.bindChannel(bob.relayedAddress()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        bob.bindChannel(alice.relayedAddress()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        send(bob, alice, "bare");

        String last = atAlice.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        while (last != null && !last.equals("bare")) {
            last = atAlice.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        assertThat(last).isEqualTo("bare");
        alice.close();
        bob.close();
        assertThat(edge.events())
                .filteredOn(EdgeEvent.DestinationSet.class::isInstance)
                .hasSize(2);
        assertThat(edge.events())
                .filteredOn(EdgeEvent.Released.class::isInstance)
                .hasSize(2);
    }

    @Test
    void whatIsNoGreetingEndsTheConnection() throws Exception {
        InetSocketAddress plain = edge.listenInMs(false, 0);
        TurnServer server = MsTurn.DEFAULT
                .withPseudoTls()
                .server(plain.getHostString(), plain.getPort(), Transport.TCP, base64("alice"), base64("s3cret"));

        assertThat(client.allocate(server)).failsWithin(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(edge.events())
                .filteredOn(EdgeEvent.Allocated.class::isInstance)
                .isEmpty();
    }

    /** A server whose greeting comes byte by byte, as a network may deliver it. */
    @Test
    void aGreetingMayComeInPieces() throws Exception {
        try (java.net.ServerSocket listener =
                new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            TurnServer server = MsTurn.DEFAULT
                    .withPseudoTls()
                    .server("127.0.0.1", listener.getLocalPort(), Transport.TCP, base64("alice"), base64("s3cret"));
            var allocating = client.allocate(server);
            try (java.net.Socket accepted = listener.accept()) {
                accepted.setTcpNoDelay(true);
                byte[] hello = accepted.getInputStream().readNBytes(50);
                assertThat(org.icepath.stun.ms.PseudoTls.clientHelloLength(ByteBuffer.wrap(hello)))
                        .isEqualTo(50);
                ByteBuffer greeting = org.icepath.stun.ms.PseudoTls.serverHello(new java.util.Random(1), 1_000_000);
                for (byte each : greeting.array()) {
                    accepted.getOutputStream().write(each);
                    accepted.getOutputStream().flush();
                }
                byte[] head = accepted.getInputStream().readNBytes(4);

                assertThat(head[0]).isEqualTo((byte) 2);
                assertThat(allocating).isNotDone();
            }
        }
    }
}
