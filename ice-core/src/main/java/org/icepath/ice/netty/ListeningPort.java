// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import org.icepath.ice.engine.SharedPortTable;
import org.icepath.net.EventLoops;
import org.icepath.net.MachineDriver;
import org.icepath.net.SharedListener;
import org.icepath.turn.wire.Rfc4571Framing;

/**
 * One TCP port for many sessions: the first check on a connection names its session by the username fragment (RFC 6544 §7.2). The port
 * and its sessions live on one event loop, to which this is confined, except where a method says "any thread".
 */
final class ListeningPort implements AutoCloseable {

    /** A check follows the handshake at once; lost packets cost seconds. */
    private static final SharedListener.Limits LIMITS = new SharedListener.Limits(Duration.ofSeconds(10), 256);

    private final EventLoop loop;
    private final Map<InetAddress, SharedListener> listeners = new HashMap<>();
    private final List<SharedListener> bound = new CopyOnWriteArrayList<>();
    private final SharedPortTable<MachineDriver<?>> sessions = new SharedPortTable<>();

    private ListeningPort(EventLoop loop) {
        this.loop = loop;
    }

    /** Where the port and its sessions live. Any thread. */
    EventLoop loop() {
        return loop;
    }

    /**
     * Binds the port on some addresses. Any thread.
     *
     * @param port 0 for any
     * @return fails when one address cannot be bound; nothing is left open then
     */
    static CompletableFuture<ListeningPort> bind(
            EventLoops loops, EventLoop loop, List<InetAddress> addresses, int port) {
        ListeningPort made = new ListeningPort(loop);
        CompletableFuture<?>[] binding = addresses.stream()
                .map(address -> SharedListener.open(
                                loops,
                                loop,
                                new InetSocketAddress(address, port),
                                Rfc4571Framing.INSTANCE,
                                LIMITS,
                                made::addressee)
                        .thenAcceptAsync(made::add, loop))
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(binding).handle((all, failure) -> {
            if (failure != null) {
                made.close();
                throw failure instanceof CompletionException known ? known : new CompletionException(failure);
            }
            return made;
        });
    }

    private void add(SharedListener listener) {
        listeners.put(listener.localAddress().getAddress(), listener);
        bound.add(listener);
    }

    private Optional<MachineDriver<?>> addressee(InetSocketAddress from, ByteBuffer first) {
        List<MachineDriver<?>> meant = sessions.find(from, first);
        return meant.isEmpty() ? Optional.empty() : Optional.of(meant.get(0));
    }

    /** Where it is bound, and who came to no session. Any thread. */
    SharedPortStatistics statistics() {
        return new SharedPortStatistics(
                bound.stream().map(SharedListener::localAddress).toList(),
                bound.stream().mapToLong(SharedListener::strangers).sum());
    }

    /** The place of a session at this port. Any thread. */
    Lodging lodge(MachineDriver<?> driver) {
        return new Lodging(driver);
    }

    /** Closes the port; connections of sessions stay. Any thread. */
    @Override
    public void close() {
        bound.forEach(SharedListener::close);
    }

    /** One session at the port. */
    final class Lodging {

        private final MachineDriver<?> driver;

        private Lodging(MachineDriver<?> driver) {
            this.driver = driver;
        }

        /** The port on an address; empty when it is not bound there. */
        Optional<InetSocketAddress> at(InetAddress address) {
            return Optional.ofNullable(listeners.get(address)).map(SharedListener::localAddress);
        }

        /** The session answers checks for this username fragment from now on. */
        void answers(String fragment) {
            sessions.answers(driver, fragment);
        }

        /** The session is over. Any thread. */
        void leave() {
            if (loop.inEventLoop()) {
                sessions.remove(driver);
                return;
            }
            try {
                loop.execute(() -> sessions.remove(driver));
            } catch (RejectedExecutionException loopHasEnded) {
                sessions.remove(driver); // nobody is there to race with
            }
        }
    }
}
