// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

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
import org.icepath.net.EventLoops;
import org.icepath.net.LocalAddress;
import org.icepath.net.LocalAddresses;

/** The ports of a runtime that its sessions share; sessions take turns. Thread-safe. */
final class SharedPorts implements AutoCloseable {

    private static final long BIND_SECONDS = 10;

    private final EventLoops loops;
    private final List<SharedPort> ports = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    SharedPorts(EventLoops loops) {
        this.loops = loops;
    }

    /**
     * Binds a port, and waits for it.
     *
     * @throws UncheckedIOException when it cannot be bound
     */
    void bind(RuntimeConfig.PortPlan plan) {
        if (loops.inEventLoop()) {
            throw new IllegalStateException("a shared port cannot be waited for on an event loop");
        }
        try {
            List<InetAddress> addresses = plan.addresses().isEmpty() ? all() : plan.addresses();
            CompletableFuture<SharedPort> bound = SharedPort.bind(loops, addresses, plan.port());
            ports.add(bound.get(BIND_SECONDS, TimeUnit.SECONDS));
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

    List<SharedPortStatistics> statistics() {
        return ports.stream()
                .map(port -> new SharedPortStatistics(port.addresses(), port.strangers()))
                .toList();
    }

    @Override
    public void close() {
        ports.forEach(SharedPort::close);
        ports.clear();
    }
}
