// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.icepath.connection.ConnectionSettings;
import org.icepath.connection.TlsSettings;
import org.icepath.turn.TurnServer;
import org.icepath.turn.client.TurnClient;
import org.icepath.turn.client.TurnRelay;

/**
 * A program for a host of the lab: allocates twice on a server over one transport, has the two relays speak to each other, and again
 * after some time, and lets go of them. Prints one line for each step.
 */
public final class TurnProbe {

    private static final int PATIENCE_SECONDS = 15;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private TurnProbe() {}

    /**
     * Runs it.
     *
     * @param arguments the server's URI, user name, password, a PEM file with whom to trust, and how many seconds pass in between
     */
    public static void main(String[] arguments) throws Exception {
        try (InputStream pem = Files.newInputStream(Path.of(arguments[3]))) {
            ConnectionSettings settings =
                    ConnectionSettings.create().withTls(TlsSettings.create().trustOnly(pem));
            TurnServer server = TurnServer.parse(arguments[0]).credentials(arguments[1], arguments[2]);
            new TurnProbe().run(settings, server, Duration.ofSeconds(Long.parseLong(arguments[4])));
        }
    }

    private void run(ConnectionSettings settings, TurnServer server, Duration pause) throws Exception {
        try (TurnClient client = TurnClient.start(settings)) {
            TurnRelay one = get(client.allocate(server));
            TurnRelay other = get(client.allocate(server));
            System.out.println("allocated");
            one.onReceive((from, data) -> heard.add("one heard " + UTF_8.decode(data)));
            other.onReceive((from, data) -> heard.add("other heard " + UTF_8.decode(data)));
            get(one.permit(other.relayedAddress().getAddress()));
            get(other.bindChannel(one.relayedAddress()));
            bothWays(one, other, "first");
            waitFor(one.closed(), pause);
            bothWays(one, other, "later");
            one.close();
            other.close();
            System.out.println("released");
        }
    }

    /** By indication one way and by channel the other. */
    private void bothWays(TurnRelay one, TurnRelay other, String word) throws InterruptedException {
        one.send(other.relayedAddress(), UTF_8.encode(word));
        String there = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        other.send(one.relayedAddress(), UTF_8.encode(word));
        System.out.println(there + ", " + heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    private static void waitFor(CompletableFuture<Void> end, Duration time) throws Exception {
        try {
            end.get(time.toMillis(), TimeUnit.MILLISECONDS);
            throw new IllegalStateException("a relay was closed");
        } catch (TimeoutException itStands) {
            System.out.println("stood for " + time.toSeconds() + " s");
        }
    }

    private static <T> T get(CompletableFuture<T> future)
            throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
