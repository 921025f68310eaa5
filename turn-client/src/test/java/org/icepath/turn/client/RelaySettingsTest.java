// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.icepath.net.EventLoops;
import org.icepath.sansio.Transport;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeServer;
import org.icepath.turn.AllocationOptions;
import org.icepath.turn.CredentialSupplier;
import org.icepath.turn.PortRequest;
import org.icepath.turn.RelayedTransport;
import org.icepath.turn.TurnCredentials;
import org.icepath.turn.TurnEvent;
import org.icepath.turn.TurnServer;
import org.icepath.turn.wire.RawStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RelaySettingsTest {

    private final EdgeServer edge =
            EdgeServer.start(EdgeConfig.create().user("alice", "s3cret").withMobility());
    private final EventLoops loops = EventLoops.start(1);
    private final TurnClient client = TurnClient.over(loops);
    private final TurnServer nameless =
            TurnServer.parse("turn:127.0.0.1:" + edge.address().getPort());
    private final TurnServer server = nameless.credentials("alice", "s3cret");

    @AfterEach
    void tearDown() {
        client.close();
        loops.close();
        edge.close();
    }

    private static RelaySettings with(AllocationOptions options) {
        return RelaySettings.create().withOptions(options);
    }

    @Test
    void credentialsAreSuppliedWhenTheServerWantsThem() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CredentialSupplier supplier = wanted -> {
            assertThat(wanted.realm()).isEqualTo("icepath.test");
            asked.incrementAndGet();
            return CompletableFuture.supplyAsync(() -> TurnCredentials.longTerm("alice", "s3cret"));
        };

        try (TurnRelay relay = client.allocate(nameless, RelaySettings.create().withCredentials(supplier))
                .get(30, SECONDS)) {
            relay.permit(InetAddress.getLoopbackAddress()).get(30, SECONDS);
        }

        assertThat(asked).hasValue(1);
    }

    // The test's time-out of 30 s is as long as the requests would wait: they do not.
    @Test
    void aSupplierThatHasNoneFailsTheAllocationAtOnce() {
        for (CredentialSupplier none : List.<CredentialSupplier>of(
                wanted -> CompletableFuture.failedFuture(new IllegalStateException("the service is down")), wanted -> {
                    throw new IllegalStateException("the service is down");
                })) {
            assertThatThrownBy(() -> client.allocate(
                                    nameless, RelaySettings.create().withCredentials(none))
                            .get(30, SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("the service is down");
        }
    }

    // draft-uberti-behave-turn-rest: what coturn's use-auth-secret makes of the same words
    @Test
    void timeLimitedCredentialsComeOfTheSharedSecret() {
        TurnCredentials made = TurnCredentials.timeLimited("alice", "north".getBytes(UTF_8), 1_400_000_000);

        assertThat(made).isEqualTo(TurnCredentials.longTerm("1400000000:alice", "yVnYjMrrs8dKJqwOUyf9d994Xp0="));
    }

    // RFC 8016: another socket, the same relayed address.
    @Test
    void aRelayMovesToAnotherSocket() throws Exception {
        try (TurnRelay relay = client.allocate(server, with(AllocationOptions.NONE.withMobility()))
                        .get(30, SECONDS);
                DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            InetSocketAddress to = (InetSocketAddress) peer.getLocalSocketAddress();
            relay.bindChannel(to).get(30, SECONDS);
            CompletableFuture<String> heard = new CompletableFuture<>();
            relay.onReceive((from, data) -> heard.complete(UTF_8.decode(data).toString()));
            CompletableFuture<TurnEvent> moved = new CompletableFuture<>();
            relay.onEvent(event -> {
                if (event instanceof TurnEvent.Moved) {
                    moved.complete(event);
                }
            });

            relay.move().get(30, SECONDS);
            relay.move().get(30, SECONDS);
            assertThat(relay.send(to, UTF_8.encode("out"))).isTrue();
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            peer.setSoTimeout(30_000);
            peer.receive(packet);
            peer.send(new DatagramPacket("in".getBytes(UTF_8), 2, relay.relayedAddress()));

            assertThat(new String(packet.getData(), 0, packet.getLength(), UTF_8))
                    .isEqualTo("out");
            assertThat(packet.getPort()).isEqualTo(relay.relayedAddress().getPort());
            assertThat(heard.get(30, SECONDS)).isEqualTo("in");
            assertThat(moved).isDone();
        }
    }

    // The server says so in its answer to Allocate, before anybody has the relay.
    @Test
    void whatTheServerHasRefusedIsToldToTheFirstListener() throws Exception {
        AllocationOptions more = AllocationOptions.NONE.withMobility().withDontFragment();
        BlockingQueue<TurnEvent> told = new LinkedBlockingQueue<>();
        try (EdgeServer plain = EdgeServer.start(EdgeConfig.create().user("alice", "s3cret"));
                TurnRelay relay = client.allocate(
                                TurnServer.parse("turn:127.0.0.1:"
                                                + plain.address().getPort())
                                        .credentials("alice", "s3cret"),
                                with(more))
                        .get(30, SECONDS)) {
            relay.onEvent(told::add);
            relay.permit(InetAddress.getLoopbackAddress()).get(30, SECONDS);

            assertThat(told)
                    .hasAtLeastOneElementOfType(TurnEvent.Allocated.class)
                    .hasAtLeastOneElementOfType(TurnEvent.MobilityRefused.class)
                    .hasAtLeastOneElementOfType(TurnEvent.DontFragmentRefused.class);
        }
    }

    @Test
    void aRelayThatWasNotToMoveDoesNot() throws Exception {
        try (TurnRelay relay = client.allocate(server).get(30, SECONDS)) {
            assertThatThrownBy(() -> relay.move().get(30, SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TurnException.class);
        }
    }

    @Test
    void anEvenPortComesAloneWhereTheNextIsNotAskedFor() throws Exception {
        try (TurnRelay relay = client.allocate(server, with(AllocationOptions.NONE.withPort(PortRequest.EVEN)))
                .get(30, SECONDS)) {
            assertThat(relay.relayedAddress().getPort() % 2).isZero();
            assertThat(relay.reservationToken()).isEmpty();
            assertThat(relay.additionalRelayedAddress()).isEmpty();
        }
    }

    // RFC 8656 §7.1: RTP's relay reserves the port that RTCP's takes
    @Test
    void anEvenPortAndTheNextOneGoToTwoRelays() throws Exception {
        try (TurnRelay rtp = client.allocate(server, with(AllocationOptions.NONE.withPort(PortRequest.EVEN_AND_NEXT)))
                        .get(30, SECONDS);
                TurnRelay rtcp = client.allocate(
                                server,
                                with(AllocationOptions.NONE.withPort(PortRequest.reserved(
                                        rtp.reservationToken().orElseThrow()))))
                        .get(30, SECONDS)) {
            assertThat(rtp.relayedAddress().getPort() % 2).isZero();
            assertThat(rtcp.relayedAddress().getPort())
                    .isEqualTo(rtp.relayedAddress().getPort() + 1);
        }
    }

    // RFC 6062 §4.1
    @Test
    void tcpIsNotRelayedByAServerThatIsReachedByDatagrams() {
        RelaySettings tcp = with(AllocationOptions.NONE.withTransport(RelayedTransport.tcp(RawStream.INSTANCE)));

        assertThatThrownBy(() -> client.allocate(server.over(Transport.UDP), tcp))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRelayForDatagramsConnectsToNobody() throws Exception {
        try (TurnRelay relay = client.allocate(server).get(30, SECONDS)) {
            assertThatThrownBy(() -> relay.connect(edge.address()).get(30, SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TurnException.class);
        }
    }
}
