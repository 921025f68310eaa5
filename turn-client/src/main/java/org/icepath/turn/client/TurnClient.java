// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import org.icepath.connection.ConnectionSettings;
import org.icepath.net.EventLoops;
import org.icepath.net.LocalAddresses;
import org.icepath.net.NameResolver;
import org.icepath.sansio.Transport;
import org.icepath.stun.AddressFamily;
import org.icepath.turn.RelayedTransport;
import org.icepath.turn.ServerAddress;
import org.icepath.turn.TurnFailure;
import org.icepath.turn.TurnServer;
import org.jspecify.annotations.Nullable;

/**
 * Allocates relays on TURN servers (RFC 8656).
 *
 * <p>Thread-safe. One client serves any number of servers and relays on a few event loops, its own or shared ones.
 */
public final class TurnClient implements AutoCloseable {

    private static final Duration NAME_DEADLINE = Duration.ofSeconds(5);

    private final EventLoops loops;
    private final boolean ownsLoops;
    private final ConnectionSettings connections;
    private final ScheduledExecutorService control;
    private final NameResolver names;
    private final ServerDiscovery discovery;
    private final SecureRandom random = new SecureRandom();
    private final Set<TurnRelay> relays = ConcurrentHashMap.newKeySet();
    private final Set<CompletableFuture<TurnRelay>> wanted = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private TurnClient(EventLoops loops, boolean ownsLoops, ConnectionSettings connections, NameResolver names) {
        this.loops = loops;
        this.connections = connections;
        this.ownsLoops = ownsLoops;
        this.names = names;
        this.discovery = new ServerDiscovery(Lookups.of(names, NAME_DEADLINE), connections.proxy(), random);
        this.control = loops.next();
    }

    /** A client with event loops of its own, which end when it is closed. */
    public static TurnClient start() {
        return start(ConnectionSettings.create());
    }

    /** A client with event loops of its own, whose connections over TCP, TLS and DTLS are made as the settings say. */
    public static TurnClient start(ConnectionSettings connections) {
        EventLoops loops = EventLoops.start();
        return new TurnClient(loops, true, connections, new NameResolver(loops, loops.next()));
    }

    /** A client on event loops that somebody else ends. */
    public static TurnClient over(EventLoops loops) {
        return over(loops, ConnectionSettings.create());
    }

    /** A client on event loops that somebody else ends, whose connections are made as the settings say. */
    public static TurnClient over(EventLoops loops, ConnectionSettings connections) {
        return over(loops, connections, new NameResolver(loops, loops.next()));
    }

    /** The same, which asks for names as {@code names} does, and closes it. */
    static TurnClient over(EventLoops loops, ConnectionSettings connections, NameResolver names) {
        return new TurnClient(loops, false, connections, names);
    }

    /** Allocates an IPv4 relayed address; see {@link #allocate(TurnServer, AddressFamily)}. */
    public CompletableFuture<TurnRelay> allocate(TurnServer server) {
        return allocate(server, AddressFamily.IPV4);
    }

    /**
     * Allocates a relayed address. All addresses of the server are tried, each a quarter of a second after the one before, and then, where
     * its URI names no transport, the next one a second later ({@link ServerAddress#headStartOver}).
     *
     * @param family of the relayed address
     * @return fails with a {@link TurnException} when no address of the server gave one, or the client is closed
     */
    public CompletableFuture<TurnRelay> allocate(TurnServer server, AddressFamily family) {
        return allocate(server, RelaySettings.create().withFamily(family));
    }

    /**
     * Allocates a relayed address that is to be like this; see {@link #allocate(TurnServer, AddressFamily)}.
     *
     * @throws IllegalArgumentException if TCP is to be relayed by a server that is reached by datagrams (RFC 6062 §4.1)
     */
    public CompletableFuture<TurnRelay> allocate(TurnServer server, RelaySettings settings) {
        if (relaysTcp(settings) && server.transports().stream().noneMatch(Transport::reliable)) {
            throw new IllegalArgumentException("TCP is relayed over TCP or TLS, not by " + server);
        }
        CompletableFuture<TurnRelay> relay = new CompletableFuture<>();
        wanted.add(relay);
        relay.whenComplete((done, failure) -> wanted.remove(relay));
        if (closed) {
            fail(relay);
            return relay;
        }
        find(server, settings)
                .thenCompose(found -> race(server, settings, found))
                .whenComplete((made, failure) -> settle(relay, made, failure));
        return relay;
    }

    private static boolean relaysTcp(RelaySettings settings) {
        return settings.options().transport() instanceof RelayedTransport.Tcp;
    }

    /** RFC 6062 §4.1: the server is spoken to over a connection, too, where it is to relay TCP. */
    private CompletableFuture<ServerDiscovery.Found> find(TurnServer server, RelaySettings settings) {
        return discovery.find(server).thenApply(found -> {
            if (!relaysTcp(settings) || found.places().isEmpty()) {
                return found;
            }
            return new ServerDiscovery.Found(
                    found.places().stream()
                            .filter(place -> place.transport().reliable())
                            .toList(),
                    "the server has no address to be reached over TCP or TLS, which relayed connections need");
        });
    }

    private static void settle(
            CompletableFuture<TurnRelay> wanted, @Nullable TurnRelay made, @Nullable Throwable failure) {
        if (made == null) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            wanted.completeExceptionally(cause == null ? failure(TurnFailure.Kind.UNREACHABLE, "no relay") : cause);
        } else if (!wanted.complete(made)) {
            made.release();
        }
    }

    private static void fail(CompletableFuture<TurnRelay> wanted) {
        wanted.completeExceptionally(failure(TurnFailure.Kind.RELEASED, "the client is closed"));
    }

    private CompletableFuture<TurnRelay> race(TurnServer server, RelaySettings settings, ServerDiscovery.Found found) {
        if (found.places().isEmpty()) {
            return CompletableFuture.failedFuture(failure(TurnFailure.Kind.UNREACHABLE, found.problem()));
        }
        return new AllocationRace<>(control, found.places(), place -> runner(relay(server, settings, place), place))
                .start();
    }

    private static AllocationRace.Runner<TurnRelay> runner(TurnRelay relay, ServerAddress place) {
        return new AllocationRace.Runner<>(
                relay.open(LocalAddresses.anyFor(place.address().getAddress())), relay::release);
    }

    private TurnRelay relay(TurnServer server, RelaySettings settings, ServerAddress place) {
        TurnRelay relay =
                new TurnRelay(loops, server.over(place.transport()), place.address(), settings, random, connections);
        relays.add(relay);
        relay.closed().whenComplete((done, failure) -> relays.remove(relay));
        if (closed) {
            relay.release();
        }
        return relay;
    }

    private static TurnException failure(TurnFailure.Kind kind, String detail) {
        return new TurnException(new TurnFailure(kind, 0, detail));
    }

    /**
     * Closes all relays and what else is ours, and fails what is being allocated; waits a few seconds at most, and not at all on an event
     * loop. Idempotent.
     */
    @Override
    public void close() {
        closed = true;
        List<TurnRelay> open = List.copyOf(relays);
        open.forEach(TurnRelay::release);
        if (!loops.inEventLoop()) {
            TurnRelay.waitFor(
                    CompletableFuture.allOf(open.stream().map(TurnRelay::closed).toArray(CompletableFuture<?>[]::new)));
        }
        wanted.forEach(TurnClient::fail);
        names.close();
        if (ownsLoops) {
            loops.close();
        }
    }
}
