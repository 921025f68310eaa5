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
import java.util.concurrent.LinkedBlockingQueue;
import org.icepath.connection.ConnectionSettings;
import org.icepath.connection.Proxy;
import org.icepath.net.EventLoops;
import org.icepath.net.TestProxy;
import org.icepath.sansio.Transport;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeMachine;
import org.icepath.testkit.edge.EdgeServer;
import org.icepath.testkit.edge.LoopbackIdentity;
import org.icepath.turn.AllocationOptions;
import org.icepath.turn.TurnEvent;
import org.icepath.turn.TurnFailure;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 8016 over TCP and TLS: a relay outlives its connection. */
@Timeout(120)
class MobileConnectionTest {

    private final EdgeServer edge = EdgeServer.start(
            EdgeConfig.create().user("alice", "s3cret").withMobility(),
            0,
            List.of(InetAddress.getLoopbackAddress()),
            event -> {},
            ConnectionSettings.create().withTls(LoopbackIdentity.server()));
    private final EventLoops loops = EventLoops.start(1);
    private final TestProxy proxy = new TestProxy();
    private final DatagramSocket peer;
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<TurnEvent.Moved> moves = new LinkedBlockingQueue<>();
    private TurnClient client =
            TurnClient.over(loops, ConnectionSettings.create().withTls(LoopbackIdentity.client()));

    MobileConnectionTest() throws Exception {
        peer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        peer.setSoTimeout(30_000);
    }

    @AfterEach
    void tearDown() {
        peer.close();
        client.close();
        proxy.close();
        loops.close();
        edge.close();
    }

    private TurnRelay relay(Transport transport) throws Exception {
        String scheme = transport == Transport.TLS ? "turns:" : "turn:";
        int port = edge.listen(transport, 0).getPort();
        TurnServer server = TurnServer.parse(scheme + "localhost:" + port + "?transport=tcp")
                .credentials("alice", "s3cret");
        TurnRelay relay = client.allocate(
                        server, RelaySettings.create().withOptions(AllocationOptions.NONE.withMobility()))
                .get(60, SECONDS);
        relay.onReceive((from, data) -> received.add(UTF_8.decode(data).toString()));
        relay.onEvent(event -> {
            if (event instanceof TurnEvent.Moved moved) {
                moves.add(moved);
            }
        });
        return relay;
    }

    /** One over which a peer's data comes by a channel. */
    private TurnRelay relayWithAPeer(Transport transport) throws Exception {
        TurnRelay relay = relay(transport);
        relay.bindChannel(peerAddress()).get(60, SECONDS);
        return relay;
    }

    private InetSocketAddress peerAddress() {
        return (InetSocketAddress) peer.getLocalSocketAddress();
    }

    private void passesBothWays(TurnRelay relay, InetSocketAddress relayed) throws Exception {
        assertThat(relay.relayedAddress()).isEqualTo(relayed);
        peer.send(new DatagramPacket("in".getBytes(UTF_8), 2, relayed));
        assertThat(received.poll(60, SECONDS)).isEqualTo("in");
        assertThat(relay.send(peerAddress(), UTF_8.encode("out"))).isTrue();
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        peer.receive(packet);
        assertThat(new String(packet.getData(), 0, packet.getLength(), UTF_8)).isEqualTo("out");
        assertThat(packet.getPort()).isEqualTo(relayed.getPort());
    }

    // What the server sends meanwhile comes by the old connection, and nothing is lost.
    @ParameterizedTest
    @EnumSource(names = {"TCP", "TLS"})
    void aRelayMovesToAnotherConnection(Transport transport) throws Exception {
        TurnRelay relay = relayWithAPeer(transport);
        InetSocketAddress relayed = relay.relayedAddress();

        relay.move().get(60, SECONDS);
        passesBothWays(relay, relayed);
        relay.move().get(60, SECONDS);
        passesBothWays(relay, relayed);

        assertThat(moves).hasSize(2).doesNotHaveDuplicates();
    }

    // As a server does with what has been idle: nobody has to do anything.
    @ParameterizedTest
    @EnumSource(names = {"TCP", "TLS"})
    void aRelayOutlivesItsConnection(Transport transport) throws Exception {
        TurnRelay relay = relayWithAPeer(transport);
        InetSocketAddress relayed = relay.relayedAddress();

        edge.act(EdgeMachine::cutConnections).get(60, SECONDS);
        assertThat(moves.poll(60, SECONDS)).isNotNull();

        passesBothWays(relay, relayed);
        assertThat(relay.closed()).isNotDone();
    }

    // RFC 9110 §9.3.6: the same proxy is asked for the same name, which must be proven again.
    @ParameterizedTest
    @EnumSource(names = {"TCP", "TLS"})
    void aRelayMovesThroughTheSameProxy(Transport transport) throws Exception {
        client = TurnClient.over(
                loops,
                ConnectionSettings.create()
                        .withTls(LoopbackIdentity.client())
                        .via(new Proxy(Proxy.Kind.HTTP_CONNECT, "127.0.0.1", proxy.port(), "", "")));
        TurnRelay relay = relay(transport);
        InetSocketAddress relayed = relay.relayedAddress();
        int before = proxy.asked().size(); // the addresses of a server are raced

        proxy.cut();
        assertThat(moves.poll(60, SECONDS)).isNotNull();

        assertThat(relay.relayedAddress()).isEqualTo(relayed);
        assertThat(proxy.asked())
                .hasSizeGreaterThan(before)
                .containsOnly(proxy.asked().get(0));
        assertThat(relay.closed()).isNotDone();
    }

    @Test
    void aServerThatHasForgottenItEndsTheRelay() throws Exception {
        TurnRelay relay = relay(Transport.TCP);

        edge.act(EdgeMachine::forgetAllocations).get(60, SECONDS);
        edge.act(EdgeMachine::cutConnections).get(60, SECONDS);

        assertThatThrownBy(() -> relay.closed().get(60, SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        TurnException.class,
                        gone -> assertThat(gone.failure().kind()).isEqualTo(TurnFailure.Kind.ALLOCATION_LOST));
        assertThatThrownBy(() -> relay.move().get(60, SECONDS)).hasCauseInstanceOf(TurnException.class);
    }
}
