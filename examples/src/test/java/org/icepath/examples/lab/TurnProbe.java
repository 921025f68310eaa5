// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.icepath.connection.ConnectionSettings;
import org.icepath.connection.TlsSettings;
import org.icepath.turn.AllocationOptions;
import org.icepath.turn.AllocationState;
import org.icepath.turn.RelayedTransport;
import org.icepath.turn.TokenKey;
import org.icepath.turn.TurnEvent;
import org.icepath.turn.TurnServer;
import org.icepath.turn.client.RelaySettings;
import org.icepath.turn.client.RelayedConnection;
import org.icepath.turn.client.TurnClient;
import org.icepath.turn.client.TurnRelay;
import org.icepath.turn.wire.RawStream;

/**
 * A program for a host of the lab: allocates twice on a server over one transport, has the two relays speak to each other, and again
 * after some time, and lets go of them. Prints one line for each step.
 */
public final class TurnProbe {

    /** The name under which coturn knows the key of tokens, and the key. */
    static final String KEY_NAME = "icepath";

    static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);

    // A dozen of these begin at a time, half of them with a TLS handshake, on what may be two processors.
    private static final int PATIENCE_SECONDS = 60;

    /** Why an allocation ends that the server has released. */
    private static final String CONFIRMED = "the server let go of it";

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final TurnClient client;
    private final TurnServer server;
    private final Duration pause;

    private TurnProbe(TurnClient client, TurnServer server, Duration pause) {
        this.client = client;
        this.server = server;
        this.pause = pause;
    }

    /**
     * Runs it.
     *
     * @param arguments what is tried ({@code datagrams}, {@code families}, {@code mobile}, {@code token} or {@code connections}), the
     *     server's URI, user name, password, a PEM file with whom to trust, and how many seconds pass in between
     */
    public static void main(String[] arguments) throws Exception {
        try (InputStream pem = Files.newInputStream(Path.of(arguments[4]));
                TurnClient client = TurnClient.start(ConnectionSettings.create()
                        .withTls(TlsSettings.create().trustOnly(pem))
                        .withDeadline(Duration.ofSeconds(PATIENCE_SECONDS)))) {
            TurnServer server = TurnServer.parse(arguments[1]);
            Duration pause = Duration.ofSeconds(Long.parseLong(arguments[5]));
            TurnProbe probe = new TurnProbe(client, server.credentials(arguments[2], arguments[3]), pause);
            switch (arguments[0]) {
                case "datagrams" -> probe.datagrams(RelaySettings.create());
                case "families" -> probe.families();
                case "mobile" -> probe.mobile();
                case "token" -> new TurnProbe(client, server, pause).datagrams(withToken());
                case "connections" -> probe.connections();
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }

    private void datagrams(RelaySettings settings) throws Exception {
        TurnRelay one = get(client.allocate(server, settings));
        TurnRelay other = get(client.allocate(server, settings));
        System.out.println("allocated");
        listen(one, other);
        get(one.permit(other.relayedAddress().getAddress()));
        get(other.bindChannel(one.relayedAddress()));
        speakTwice(one, one.relayedAddress(), other, other.relayedAddress());
        release(one, other);
    }

    /** One allocation with two addresses (RFC 8656 §7.1), of which each carries data. */
    private void families() throws Exception {
        RelaySettings both = RelaySettings.create().withOptions(AllocationOptions.NONE.withBothFamilies());
        TurnRelay one = get(client.allocate(server, both));
        TurnRelay other = get(client.allocate(server, both));
        InetSocketAddress ofOne = one.additionalRelayedAddress().orElseThrow();
        InetSocketAddress ofOther = other.additionalRelayedAddress().orElseThrow();
        System.out.println("allocated");
        listen(one, other);
        get(one.permit(ofOther.getAddress()));
        get(other.bindChannel(ofOne));
        get(one.permit(other.relayedAddress().getAddress()));
        get(other.bindChannel(one.relayedAddress()));
        bothWays(one, one.relayedAddress(), other, other.relayedAddress(), "over IPv4");
        speakTwice(one, ofOne, other, ofOther);
        release(one, other);
    }

    /** A relay that hangs on another socket or connection in between, twice (RFC 8016). */
    private void mobile() throws Exception {
        TurnRelay one =
                get(client.allocate(server, RelaySettings.create().withOptions(AllocationOptions.NONE.withMobility())));
        TurnRelay other = get(client.allocate(server));
        System.out.println("allocated");
        listen(one, other);
        get(one.permit(other.relayedAddress().getAddress()));
        get(other.bindChannel(one.relayedAddress()));
        InetSocketAddress before = one.relayedAddress();
        get(one.move());
        bothWays(one, one.relayedAddress(), other, other.relayedAddress(), "elsewhere");
        get(one.move());
        System.out.println(
                "moved, and the relayed address is " + (before.equals(one.relayedAddress()) ? "the same" : "new"));
        speakTwice(one, one.relayedAddress(), other, other.relayedAddress());
        release(one, other);
    }

    /** The authorization server is this program (RFC 7635 §4). */
    private static RelaySettings withToken() {
        SecureRandom random = new SecureRandom();
        return RelaySettings.create().withCredentials(wanted -> {
            System.out.println("a token is wanted");
            return CompletableFuture.completedFuture(TokenKey.of(KEY_NAME, KEY)
                    .seal(
                            wanted.authorizationServer(),
                            TokenKey.newSessionKey(random),
                            Instant.now(),
                            Duration.ofHours(1),
                            random));
        });
    }

    /** The relays connect to each other (RFC 6062). */
    private void connections() throws Exception {
        RelaySettings tcp = RelaySettings.create()
                .withOptions(AllocationOptions.NONE.withTransport(RelayedTransport.tcp(RawStream.INSTANCE)));
        TurnRelay one = get(client.allocate(server, tcp));
        TurnRelay other = get(client.allocate(server, tcp));
        System.out.println("allocated");
        CompletableFuture<RelayedConnection> accepted = new CompletableFuture<>();
        other.onConnection(accepted::complete);
        get(one.permit(other.relayedAddress().getAddress()));
        get(other.permit(one.relayedAddress().getAddress()));
        RelayedConnection there = get(one.connect(other.relayedAddress()));
        RelayedConnection back = get(accepted);
        there.onReceive(data -> heard.add("one heard " + UTF_8.decode(data)));
        back.onReceive(data -> heard.add("other heard " + UTF_8.decode(data)));
        speak(there, back, "first");
        waitFor(one.closed());
        speak(there, back, "later");
        release(one, other);
    }

    private void speak(RelayedConnection there, RelayedConnection back, String word) throws InterruptedException {
        there.send(UTF_8.encode(word));
        String first = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        back.send(UTF_8.encode(word));
        System.out.println(first + ", " + heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    private void listen(TurnRelay one, TurnRelay other) {
        one.onReceive((from, data) -> heard.add("one heard " + UTF_8.decode(data)));
        other.onReceive((from, data) -> heard.add("other heard " + UTF_8.decode(data)));
    }

    private void speakTwice(TurnRelay one, InetSocketAddress ofOne, TurnRelay other, InetSocketAddress ofOther)
            throws Exception {
        bothWays(one, ofOne, other, ofOther, "first");
        waitFor(one.closed());
        bothWays(one, ofOne, other, ofOther, "later");
    }

    /** By indication one way and by channel the other. */
    private void bothWays(
            TurnRelay one, InetSocketAddress ofOne, TurnRelay other, InetSocketAddress ofOther, String word)
            throws InterruptedException {
        one.send(ofOther, UTF_8.encode(word));
        String there = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        other.send(ofOne, UTF_8.encode(word));
        System.out.println(there + ", " + heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    private static void release(TurnRelay one, TurnRelay other) {
        BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        for (TurnRelay relay : List.of(one, other)) {
            relay.onEvent(event -> {
                if (event instanceof TurnEvent.StateChanged changed && changed.to() == AllocationState.RELEASED) {
                    ends.add(changed.reason());
                }
            });
            relay.close();
        }
        boolean confirmed = List.copyOf(ends).equals(List.of(CONFIRMED, CONFIRMED));
        System.out.println(confirmed ? "released" : "released: " + ends);
    }

    private void waitFor(CompletableFuture<Void> end) throws Exception {
        try {
            end.get(pause.toMillis(), TimeUnit.MILLISECONDS);
            throw new IllegalStateException("a relay was closed");
        } catch (TimeoutException itStands) {
            System.out.println("stood for " + pause.toSeconds() + " s");
        }
    }

    private static <T> T get(CompletableFuture<T> future)
            throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
