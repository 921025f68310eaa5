// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.nat.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.icepath.net.EventLoops;
import org.icepath.net.NameResolver;
import org.icepath.net.ResolvedName;
import org.icepath.sansio.Transport;
import org.icepath.turn.StunServer;
import org.icepath.turn.nat.NatDiscoverySettings;
import org.icepath.turn.nat.NatEvent;
import org.icepath.turn.nat.NatReport;

/**
 * Finds out what the NATs and firewalls on the way to a STUN server do (RFC 5780).
 *
 * <p>Thread-safe. What is found holds for the moment and for this server: nothing to build a call on.
 */
public final class NatClient implements AutoCloseable {

    private static final Duration NAME_DEADLINE = Duration.ofSeconds(5);

    private final EventLoops loops;
    private final boolean ownsLoops;
    private final NameResolver names;
    private final SecureRandom random = new SecureRandom();
    private final Set<NatSession> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private NatClient(EventLoops loops, boolean ownsLoops) {
        this.loops = loops;
        this.ownsLoops = ownsLoops;
        this.names = new NameResolver(loops, loops.next());
    }

    /** A client with event loops of its own, which end when it is closed. */
    public static NatClient start() {
        return new NatClient(EventLoops.start(1), true);
    }

    /** A client on event loops that somebody else ends. */
    public static NatClient over(EventLoops loops) {
        return new NatClient(loops, false);
    }

    /** As {@link #discover(StunServer, List, Consumer)}, without lifetimes. */
    public CompletableFuture<NatReport> discover(StunServer server) {
        return discover(server, List.of(), event -> {});
    }

    /**
     * Asks a server, from the local address that the system would send to it from.
     *
     * @param server reached over UDP; one with a single address can say but little
     * @param silences for how long mappings are to be left alone to see whether they survive, all at a time: at most 64, of at most
     *     2 h; empty for not to
     * @param listener hears each test that is done, on an event loop, and must not wait there
     * @return the report, also where the server does not answer: 17 s at most after its name was resolved, or after the longest silence
     *     and another 11 s; fails with an {@link IOException} where nothing can be sent to it, or the client is closed
     * @throws IllegalArgumentException if the server is not reached over UDP, or there are more or longer silences
     */
    public CompletableFuture<NatReport> discover(
            StunServer server, List<Duration> silences, Consumer<? super NatEvent> listener) {
        if (server.transport() != Transport.UDP) {
            throw new IllegalArgumentException("NAT behaviour is asked over UDP, not as " + server);
        }
        NatDiscoverySettings.requireSilences(silences);
        return names.resolve(server.host(), NAME_DEADLINE)
                .thenCompose(found -> ask(found, server.port(), silences, listener));
    }

    private CompletableFuture<NatReport> ask(
            ResolvedName found, int port, List<Duration> silences, Consumer<? super NatEvent> listener) {
        // NATs are a matter of IPv4; IPv6 is asked where the server has nothing else.
        List<InetAddress> addresses = found.ipv4().isEmpty() ? found.ipv6() : found.ipv4();
        if (addresses.isEmpty()) {
            String why = "no address for " + found.name() + ": " + String.join("; ", found.problems());
            return CompletableFuture.failedFuture(new IOException(why));
        }
        InetSocketAddress target = new InetSocketAddress(addresses.get(0), port);
        try {
            return run(new NatSession(loops, target, localTowards(target), random, listener), silences);
        } catch (IOException unreachable) {
            return CompletableFuture.failedFuture(unreachable);
        }
    }

    private CompletableFuture<NatReport> run(NatSession session, List<Duration> silences) {
        running.add(session);
        CompletableFuture<NatReport> report = session.run(silences);
        if (closed) {
            cancel(session);
        }
        return report.whenComplete((done, failure) -> running.remove(session));
    }

    private static void cancel(NatSession session) {
        session.cancel(new IOException("the client is closed"));
    }

    // Connecting a UDP socket sends nothing: it asks the system for the route.
    private static InetAddress localTowards(InetSocketAddress target) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.connect(target);
            return ((InetSocketAddress) channel.getLocalAddress()).getAddress();
        }
    }

    /** Ends what is ours; discoveries that run fail with an {@link IOException}. Idempotent. */
    @Override
    public void close() {
        closed = true;
        running.forEach(NatClient::cancel);
        names.close();
        if (ownsLoops) {
            loops.close();
        }
    }
}
