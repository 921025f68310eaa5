// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.icepath.connection.ConnectionSettings;
import org.icepath.net.EventLoops;
import org.icepath.net.MachineDriver;
import org.icepath.net.UdpSocket;
import org.icepath.sansio.Transport;
import org.icepath.stun.ms.MsStreamFraming;
import org.icepath.turn.wire.StunFraming;

/**
 * An {@link EdgeMachine} on real sockets: a STUN and TURN server within this process, over UDP, and on demand over TCP and TLS.
 *
 * <p>It has one event loop and no other thread. Its methods may be called from any thread but that one. Relayed addresses are on the
 * addresses that it listens on.
 */
public final class EdgeServer implements AutoCloseable {

    private static final long START_TIMEOUT_SECONDS = 60;
    private static final int MOST_EVENTS = 10_000;
    private static final int RELAYS_OVER_TCP = 16;

    private final EventLoops loops;
    private final EdgeMachine machine;
    private final MachineDriver<EdgeEvent> driver;
    private final Deque<EdgeEvent> events = new ConcurrentLinkedDeque<>();
    private final List<InetSocketAddress> addresses;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final boolean speaksMs;
    private int eventCount;

    private EdgeServer(
            EdgeConfig config,
            int port,
            List<InetAddress> at,
            Consumer<? super EdgeEvent> listener,
            ConnectionSettings connections) {
        this.loops = EventLoops.start(1);
        this.speaksMs = config.ms().isPresent();
        SocketPool pool = new SocketPool(at);
        this.machine = new EdgeMachine(config, pool, new SecureRandom());
        Consumer<EdgeEvent> hearing = event -> {
            remember(event);
            listener.accept(event);
        };
        this.driver = new MachineDriver<>("edge", loops, loops.next(), machine, hearing, connections);
        try {
            List<CompletableFuture<UdpSocket>> listening =
                    at.stream().map(address -> listen(address, port)).toList();
            CompletableFuture.allOf(listening.toArray(CompletableFuture<?>[]::new))
                    .thenCompose(each -> pool.fillFrom(driver))
                    .thenCompose(each -> pool.listen(driver, RELAYS_OVER_TCP))
                    .orTimeout(START_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .join();
            this.addresses = listening.stream()
                    .map(socket -> socket.join().localAddress())
                    .toList();
        } catch (CompletionException e) {
            close();
            String where = at.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(" and "));
            String why = e.getCause() == null ? "" : ": " + e.getCause().getMessage();
            throw new UncheckedIOException(
                    new IOException("cannot listen on " + where + " port " + port + why, e.getCause()));
        }
    }

    private void remember(EdgeEvent event) {
        events.add(event);
        if (++eventCount > MOST_EVENTS) {
            events.poll();
        }
    }

    private CompletableFuture<UdpSocket> listen(InetAddress address, int port) {
        return driver.open(SocketPool.options(address).withPort(port)).whenComplete((socket, failure) -> {
            if (socket != null) {
                machine.listen(socket.base());
            }
        });
    }

    /**
     * Starts a server on the IPv4 loopback address, on a free port.
     *
     * @throws UncheckedIOException when it cannot listen
     */
    public static EdgeServer start(EdgeConfig config) {
        return start(config, 0, InetAddress.getLoopbackAddress());
    }

    /**
     * Starts a server.
     *
     * @param port 0 picks a free one
     * @param addresses at most one of each family; clients are heard and peers are met on them
     * @throws UncheckedIOException when it cannot listen
     */
    public static EdgeServer start(EdgeConfig config, int port, InetAddress... addresses) {
        return start(config, port, List.of(addresses), event -> {});
    }

    /**
     * Starts a server.
     *
     * @param listener hears each event, on the event loop
     * @throws UncheckedIOException when it cannot listen
     */
    public static EdgeServer start(
            EdgeConfig config, int port, List<InetAddress> addresses, Consumer<? super EdgeEvent> listener) {
        return start(config, port, addresses, listener, ConnectionSettings.create());
    }

    /**
     * Starts a server.
     *
     * @param listener hears each event, on the event loop
     * @param connections the identity in it is the certificate of {@link #listen} over TLS
     * @throws UncheckedIOException when it cannot listen
     */
    public static EdgeServer start(
            EdgeConfig config,
            int port,
            List<InetAddress> addresses,
            Consumer<? super EdgeEvent> listener,
            ConnectionSettings connections) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("no address to listen on");
        }
        return new EdgeServer(config, port, addresses, listener, connections);
    }

    /** Where clients send to; the first, if there are several. */
    public InetSocketAddress address() {
        return addresses.get(0);
    }

    /** Where clients send to. */
    public List<InetSocketAddress> addresses() {
        return addresses;
    }

    /**
     * Listens over TCP or TLS too, on the addresses of the server.
     *
     * @param port 0 picks a free one
     * @return the first address that it listens on
     * @throws UncheckedIOException when it cannot listen, or has no certificate for TLS
     */
    public InetSocketAddress listen(Transport transport, int port) {
        try {
            return addresses.stream()
                    .map(address -> driver.listen(
                                    transport, new InetSocketAddress(address.getAddress(), port), StunFraming.INSTANCE)
                            .orTimeout(START_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                            .join()
                            .localAddress())
                    .toList()
                    .get(0);
        } catch (CompletionException e) {
            throw new UncheckedIOException(
                    new IOException("cannot listen over " + transport + " on port " + port, e.getCause()));
        }
    }

    /**
     * Listens for MS-TURN over TCP, on the addresses of the server.
     *
     * @param pseudoTls whether clients begin with the greeting that looks like TLS
     * @param port 0 picks a free one
     * @return the first address that it listens on
     * @throws UncheckedIOException when it cannot listen
     * @throws IllegalStateException when its configuration has no MS-TURN
     */
    public InetSocketAddress listenInMs(boolean pseudoTls, int port) {
        if (!speaksMs) {
            throw new IllegalStateException("this server speaks no MS-TURN");
        }
        try {
            return addresses.stream()
                    .map(address -> driver.listen(
                                    Transport.TCP,
                                    new InetSocketAddress(address.getAddress(), port),
                                    pseudoTls ? MsStreamFraming.AFTER_CLIENT_GREETING : MsStreamFraming.INSTANCE)
                            .thenCompose(listener -> act(machine -> machine.listenInMs(
                                            listener.localAddress().getPort()))
                                    .thenApply(done -> listener.localAddress()))
                            .orTimeout(START_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                            .join())
                    .toList()
                    .get(0);
        } catch (CompletionException e) {
            throw new UncheckedIOException(new IOException("cannot listen for MS-TURN on " + port, e.getCause()));
        }
    }

    /** What it has done so far, the last 10,000 events at most. */
    public List<EdgeEvent> events() {
        return List.copyOf(events);
    }

    /**
     * Does something to the machine on its event loop, such as changing its faults; returns at once.
     *
     * @return completes when it is done: packets that are sent before may overtake it
     */
    public CompletableFuture<Void> act(Consumer<EdgeMachine> action) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        driver.perform(now -> {
            action.accept(machine);
            done.complete(null);
        });
        return done;
    }

    /** Ends all allocations without a word and gives all sockets back. Idempotent. */
    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            driver.close();
            loops.close();
        }
    }
}
