// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.icepath.connection.ConnectionSettings;
import org.icepath.connection.Proxy;
import org.icepath.connection.TlsSettings;
import org.icepath.net.EventLoops;
import org.icepath.net.TestProxy;
import org.icepath.sansio.Transport;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeMachine;
import org.icepath.testkit.edge.EdgeServer;
import org.icepath.testkit.edge.LoopbackIdentity;
import org.icepath.turn.TurnFailure;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8656 §3.1: a relay of datagrams, though we speak to its server over a stream. */
@Timeout(120)
class StreamRelayTest {

    private final EdgeServer edge = EdgeServer.start(
            EdgeConfig.create().user("alice", "s3cret"),
            0,
            List.of(InetAddress.getLoopbackAddress()),
            event -> {},
            ConnectionSettings.create().withTls(LoopbackIdentity.server()));
    private final EventLoops loops = EventLoops.start(1);
    private final DatagramSocket peer;
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private TurnClient client = client(LoopbackIdentity.client());

    StreamRelayTest() throws Exception {
        peer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        peer.setSoTimeout(30_000);
    }

    private TurnClient client(TlsSettings tls) {
        return client(tls, Duration.ofSeconds(50)); // nobody waits for it but where that is the question
    }

    private TurnClient client(TlsSettings tls, Duration deadline) {
        return TurnClient.over(loops, ConnectionSettings.create().withTls(tls).withDeadline(deadline));
    }

    @AfterEach
    void tearDown() {
        peer.close();
        client.close();
        loops.close();
        edge.close();
    }

    private TurnServer server(Transport transport) {
        return server("localhost", transport, edge.listen(transport, 0));
    }

    private static TurnServer server(String host, Transport transport, InetSocketAddress at) {
        String scheme = transport == Transport.TLS ? "turns:" : "turn:";
        return TurnServer.parse(scheme + host + ":" + at.getPort() + "?transport=tcp")
                .credentials("alice", "s3cret");
    }

    private TurnFailure failure(TurnServer server) {
        return client.allocate(server)
                .handle((relay, failure) -> {
                    Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
                    return ((TurnException) Objects.requireNonNull(cause)).failure();
                })
                .orTimeout(60, SECONDS)
                .join();
    }

    private DatagramPacket hear() throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
        peer.receive(packet);
        return packet;
    }

    private InetSocketAddress peerAddress() {
        return (InetSocketAddress) peer.getLocalSocketAddress();
    }

    private int allocations() throws Exception {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        edge.act(machine -> answer.complete(machine.allocationCount()));
        return answer.get(30, SECONDS);
    }

    // RFC 5928 §3: the URI has a port, and names no transport. Nobody listens there over UDP.
    @Test
    void aServerThatIsThereOverTcpAloneIsFoundByItsPort() throws Exception {
        String uri = "turn:127.0.0.1:" + edge.listen(Transport.TCP, 0).getPort();

        try (TurnRelay relay = client.allocate(TurnServer.parse(uri).credentials("alice", "s3cret"))
                .get(30, SECONDS)) {
            assertThat(relay.relayedAddress()).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "TLS"})
    void dataCrossesTheRelayBothWays(Transport transport) throws Exception {
        TurnRelay relay = client.allocate(server(transport)).get(20, SECONDS);
        relay.onReceive((from, data) -> received.add(UTF_8.decode(data).toString()));

        relay.permit(peerAddress().getAddress()).get(30, SECONDS);
        assertThat(relay.send(peerAddress(), UTF_8.encode("odd"))).isTrue();
        DatagramPacket first = hear();
        relay.bindChannel(peerAddress()).get(30, SECONDS);
        assertThat(relay.send(peerAddress(), UTF_8.encode("padded"))).isTrue(); // RFC 8656 §12.5: to four bytes
        DatagramPacket second = hear();
        peer.send(new DatagramPacket(new byte[] {'h', 'i', '!'}, 3, first.getSocketAddress()));

        assertThat(new String(first.getData(), 0, first.getLength(), UTF_8)).isEqualTo("odd");
        assertThat(new String(second.getData(), 0, second.getLength(), UTF_8)).isEqualTo("padded");
        assertThat(received.poll(30, SECONDS)).isEqualTo("hi!");
        assertThat(relay.relayedAddress().getPort()).isEqualTo(first.getPort());
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "TLS"})
    void closingReleasesTheAllocation(Transport transport) throws Exception {
        TurnRelay relay = client.allocate(server(transport)).get(20, SECONDS);
        assertThat(allocations()).as("control").isEqualTo(1);

        relay.close();

        assertThat(relay.closed().isDone()).isTrue();
        assertThat(allocations()).isZero();
    }

    // RFC 8489 §6.2.3: the identity of the server is verified.
    @Test
    void aServerWhoseCertificateNobodyTrustsIsNotSpokenTo() {
        TurnServer server = server(Transport.TLS);
        client = client(TlsSettings.create());

        assertThat(failure(server).kind()).isEqualTo(TurnFailure.Kind.UNTRUSTED);
    }

    // RFC 8489 §6.2.3: and so is its name. 127.0.0.2 is the same server, but not in the certificate.
    @Test
    void aServerOfAnotherNameIsNotSpokenTo() {
        EdgeServer elsewhere = EdgeServer.start(
                EdgeConfig.create().user("alice", "s3cret"),
                0,
                List.of(new InetSocketAddress("127.0.0.2", 0).getAddress()),
                event -> {},
                ConnectionSettings.create().withTls(LoopbackIdentity.server()));
        try (elsewhere) {
            TurnServer other = server("127.0.0.2", Transport.TLS, elsewhere.listen(Transport.TLS, 0));

            assertThat(failure(other).kind()).isEqualTo(TurnFailure.Kind.UNTRUSTED);

            client = client(LoopbackIdentity.client().withoutHostNameVerification());
            assertThat(client.allocate(other)).as("control").succeedsWithin(Duration.ofSeconds(60));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"turn:localhost:9?transport=tcp", "turns:localhost:9"})
    void aRefusedConnectionFailsAtOnce(String uri) {
        long begun = System.nanoTime();

        TurnFailure failure = failure(TurnServer.parse(uri));

        assertThat(failure.kind()).isEqualTo(TurnFailure.Kind.UNREACHABLE);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("the deadline was not waited for")
                .isLessThan(Duration.ofSeconds(30));
    }

    // Half a TLS handshake: somebody accepts, and says nothing more.
    @Test
    void aSilentServerEndsTheAttemptWithinItsDeadline() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            TurnServer server = server("localhost", Transport.TLS, (InetSocketAddress) silent.getLocalSocketAddress());
            client = client(LoopbackIdentity.client(), Duration.ofSeconds(1));

            assertThat(failure(server).kind()).isEqualTo(TurnFailure.Kind.TIMED_OUT);
        }
    }

    // Somebody who does not speak TLS, or takes us for somebody else, often hangs up without a word.
    @Test
    void aServerThatHangsUpInTheHandshakeIsSaidToHaveDoneSo() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> hungUp = CompletableFuture.runAsync(() -> {
                try (Socket accepted = listening.accept()) {
                    DataInputStream in = new DataInputStream(accepted.getInputStream());
                    in.readNBytes(3);
                    in.readNBytes(in.readUnsignedShort()); // the whole record, or closing would reset
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            InetSocketAddress at = (InetSocketAddress) listening.getLocalSocketAddress();

            TurnFailure failure = failure(server("127.0.0.1", Transport.TLS, at));

            assertThat(failure.detail()).endsWith("the other side has closed it before it stood");
            assertThat(failure.kind()).isEqualTo(TurnFailure.Kind.UNREACHABLE);
            hungUp.get(30, SECONDS);
        }
    }

    // CVE-2021-32686: closing raced with a handshake, at every step of it
    @ParameterizedTest
    @EnumSource(names = {"TCP", "TLS"})
    void closingInTheMidstOfAHandshakeLeavesNothingHanging(Transport transport) throws Exception {
        TurnServer server = server(transport);

        for (int i = 0; i < 100; i++) {
            TurnClient hasty = client(LoopbackIdentity.client());
            CompletableFuture<TurnRelay> relay = hasty.allocate(server);
            for (int turn = 0; turn < i % 20; turn++) {
                loops.next().submit(() -> {}).get(30, SECONDS);
            }
            hasty.close();

            assertThat(relay.handle((made, failure) -> "over")).succeedsWithin(Duration.ofSeconds(60));
        }

        assertThat(client.allocate(server)).as("control").succeedsWithin(Duration.ofSeconds(60));
    }

    @Test
    void aConnectionThatEndsTakesTheAllocationAlong() throws Exception {
        TurnRelay relay = client.allocate(server(Transport.TCP)).get(20, SECONDS);

        edge.close();

        assertThatThrownBy(() -> relay.closed().get(30, SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        TurnException.class,
                        gone -> assertThat(gone.failure().kind()).isEqualTo(TurnFailure.Kind.ALLOCATION_LOST));
    }

    // RFC 1928 §4, RFC 9110 §9.3.6: the proxy is told a name that nobody else knows.
    @ParameterizedTest
    @CsvSource({"HTTP_CONNECT, TCP", "HTTP_CONNECT, TLS", "SOCKS5, TCP", "SOCKS5, TLS"})
    void aProxyLeadsToAServerWhoseNameOnlyItKnows(Proxy.Kind kind, Transport transport) throws Exception {
        InetSocketAddress at = edge.listen(transport, 0);
        try (TestProxy proxy = new TestProxy()) {
            client = TurnClient.over(
                    loops,
                    ConnectionSettings.create()
                            .withTls(LoopbackIdentity.client())
                            .via(new Proxy(kind, "127.0.0.1", proxy.port(), "", "")));

            TurnRelay relay =
                    client.allocate(server("turn.example.test", transport, at)).get(20, SECONDS);

            assertThat(relay.relayedAddress()).isNotNull();
            assertThat(proxy.asked()).contains("turn.example.test:" + at.getPort());
            relay.close();
        }
    }

    // RFC 7617, RFC 1929
    @ParameterizedTest
    @EnumSource(
            value = Proxy.Kind.class,
            names = {"HTTP_CONNECT", "SOCKS5"})
    void aProxyThatKnowsItsUsersLetsUsThrough(Proxy.Kind kind) throws Exception {
        InetSocketAddress at = edge.listen(Transport.TCP, 0);
        try (TestProxy proxy = new TestProxy("carol", "0pen sesame")) {
            Proxy known = new Proxy(kind, "127.0.0.1", proxy.port(), "", "").credentials("carol", "0pen sesame");
            client = TurnClient.over(loops, ConnectionSettings.create().via(known));

            TurnRelay relay = client.allocate(server("turn.example.test", Transport.TCP, at))
                    .get(20, SECONDS);

            assertThat(proxy.asked()).contains("turn.example.test:" + at.getPort());
            relay.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP_CONNECT, wrong, 407", "HTTP_CONNECT, '', 407", "SOCKS5, wrong, authStatus", "SOCKS5, '', auth"})
    void aProxyThatRefusesUsIsNamedAsTheReason(Proxy.Kind kind, String secret, String reason) throws Exception {
        InetSocketAddress at = edge.listen(Transport.TCP, 0);
        try (TestProxy proxy = new TestProxy("carol", "0pen sesame")) {
            Proxy unknown = new Proxy(kind, "127.0.0.1", proxy.port(), secret.isEmpty() ? "" : "carol", secret);
            client = TurnClient.over(loops, ConnectionSettings.create().via(unknown));

            assertThatThrownBy(() -> client.allocate(server("turn.example.test", Transport.TCP, at))
                            .get(20, SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(TurnException.class, refused -> assertThat(
                                    refused.failure().detail())
                            .contains(reason)
                            .contains("the connection to turn.example.test:" + at.getPort())
                            .contains("by the proxy 127.0.0.1 port " + proxy.port()));
            assertThat(proxy.asked()).isEmpty();
        }
    }

    @Test
    void bouncyCastleCarriesTlsOutAsWell() throws Exception {
        client = client(LoopbackIdentity.client().withProvider(TlsSettings.Provider.BOUNCY_CASTLE));

        assertThat(client.allocate(server(Transport.TLS)).get(30, SECONDS).relayedAddress())
                .isNotNull();
    }

    @Test
    void aRedirectionIsFollowedOnANewConnection() throws Exception {
        EdgeServer other = EdgeServer.start(EdgeConfig.create().user("alice", "s3cret"));
        try (other) {
            InetSocketAddress next = other.listen(Transport.TCP, 0);
            edge.act(machine -> machine.faults().redirect(next)).get(30, SECONDS);

            TurnRelay relay = client.allocate(server(Transport.TCP)).get(20, SECONDS);

            assertThat(relay.relayedAddress()).isNotNull();
            assertThat(allocations()).isZero();
            CompletableFuture<Integer> there = new CompletableFuture<>();
            other.act((EdgeMachine machine) -> there.complete(machine.allocationCount()));
            assertThat(there.get(30, SECONDS)).isEqualTo(1);
        }
    }
}
