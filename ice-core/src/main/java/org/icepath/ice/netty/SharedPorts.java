// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.icepath.net.EventLoops;
import org.icepath.net.LocalAddress;
import org.icepath.net.LocalAddresses;

/** The ports of a runtime that its sessions share; sessions take turns. Thread-safe. */
final class SharedPorts implements AutoCloseable {

    private static final long BIND_SECONDS = 10;

    private final EventLoops loops;
    private final List<SharedPort> ports = new CopyOnWriteArrayList<>();
    private final List<ListeningPort> listening = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicInteger listeningTurn = new AtomicInteger();

    SharedPorts(EventLoops loops) {
        this.loops = loops;
    }

    /**
     * Binds a port, and waits for it.
     *
     * @throws UncheckedIOException when it cannot be bound
     */
    void bind(RuntimeConfig.PortPlan plan) {
        ports.add(await(plan, addresses -> SharedPort.bind(loops, addresses, plan.port())));
    }

    /**
     * Binds a TCP port, and waits for it; it lives where the shared UDP port of the same place does.
     *
     * @throws UncheckedIOException when it cannot be bound
     */
    void listen(RuntimeConfig.PortPlan plan) {
        EventLoop loop =
                listening.size() < ports.size() ? ports.get(listening.size()).loop() : loops.next();
        listening.add(await(plan, addresses -> ListeningPort.bind(loops, loop, addresses, plan.port())));
    }

    private <T> T await(RuntimeConfig.PortPlan plan, Function<List<InetAddress>, CompletableFuture<T>> binding) {
        if (loops.inEventLoop()) {
            throw new IllegalStateException("a shared port cannot be waited for on an event loop");
        }
        try {
            List<InetAddress> addresses = plan.addresses().isEmpty() ? all() : plan.addresses();
            return binding.apply(addresses).get(BIND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause();
            throw failed(plan, cause == null ? failure : cause);
        } catch (IOException | TimeoutException failure) {
            throw failed(plan, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw failed(plan, interrupted);
        }
    }

    private static UncheckedIOException failed(RuntimeConfig.PortPlan plan, Throwable why) {
        return new UncheckedIOException(
                new IOException("port " + plan.port() + " for all sessions cannot be bound: " + why.getMessage(), why));
    }

    private static List<InetAddress> all() throws IOException {
        return LocalAddresses.scan(false).stream().map(LocalAddress::address).toList();
    }

    Optional<SharedPort> next() {
        return ports.isEmpty()
                ? Optional.empty()
                : Optional.of(ports.get(Math.floorMod(turn.getAndIncrement(), ports.size())));
    }

    /** The TCP port for the next session, which must live there if its place is given already. */
    Optional<ListeningPort> nextListening(Optional<EventLoop> where) {
        List<ListeningPort> possible = listening.stream()
                .filter(port -> where.isEmpty() || where.get() == port.loop())
                .toList();
        return possible.isEmpty()
                ? Optional.empty()
                : Optional.of(possible.get(Math.floorMod(listeningTurn.getAndIncrement(), possible.size())));
    }

    List<SharedPortStatistics> listeningStatistics() {
        return listening.stream().map(ListeningPort::statistics).toList();
    }

    List<SharedPortStatistics> statistics() {
        return ports.stream()
                .map(port -> new SharedPortStatistics(port.addresses(), port.strangers()))
                .toList();
    }

    @Override
    public void close() {
        ports.forEach(SharedPort::close);
        ports.clear();
        listening.forEach(ListeningPort::close);
        listening.clear();
    }
}
