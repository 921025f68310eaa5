// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.icepath.connection.ConnectionSettings;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Transport;

/**
 * A TCP port whose connections belong to many machines: the first datagram on each says whose it is, and nothing is ever sent before.
 *
 * <p>Who says nothing has little time, and there are few of them: the oldest makes room. Confined to its event loop, which is that of all
 * machines that it serves, except where a method says "any thread".
 */
public final class SharedListener implements AutoCloseable {

    /** The upper quarter of what identifiers of sockets and connections have. */
    private static final long FIRST_ID = 3L << 30;

    private static final long IDS = 1L << 30;
    private static final AtomicLong NEXT_ID = new AtomicLong();

    private final EventLoops loops;
    private final EventLoop loop;
    private final Framing framing;
    private final Limits limits;
    private final Doorman doorman;
    private final Map<StreamConnection, ScheduledFuture<?>> waiting = new LinkedHashMap<>();
    private final Waiting listener = new Waiting();
    private final CompletableFuture<StreamListener> port;
    private volatile long strangers;
    private boolean closed;

    /**
     * What those may cost who have not said whom they want.
     *
     * @param patience how long a first datagram may take to come
     * @param most how many connections wait for theirs at a time
     */
    public record Limits(Duration patience, int most) {}

    /** Knows whose a connection is. */
    @FunctionalInterface
    public interface Doorman {

        /**
         * The machine that a connection is for.
         *
         * @param first the first datagram that came over it, borrowed for the call
         * @return empty when nobody here is meant; the connection is closed
         */
        Optional<MachineDriver<?>> addressee(InetSocketAddress from, ByteBuffer first);
    }

    private SharedListener(
            EventLoops loops, EventLoop loop, InetSocketAddress at, Framing framing, Limits limits, Doorman doorman) {
        this.loops = loops;
        this.loop = loop;
        this.framing = framing;
        this.limits = limits;
        this.doorman = doorman;
        this.port = StreamListener.open(loops, loop, at, false, this::accepted);
    }

    /**
     * Binds. Any thread.
     *
     * @param loop one of {@code loops}
     * @return completed when the port is bound; fails as binding does
     */
    public static CompletableFuture<SharedListener> open(
            EventLoops loops, EventLoop loop, InetSocketAddress at, Framing framing, Limits limits, Doorman doorman) {
        SharedListener made = new SharedListener(loops, loop, at, framing, limits, doorman);
        return made.port.thenApply(bound -> made);
    }

    /** The bound local address. Any thread. */
    public InetSocketAddress localAddress() {
        return port.join().localAddress();
    }

    /** How many connections were closed because they were for nobody here, or did not say for whom. Any thread. */
    public long strangers() {
        return strangers;
    }

    private void accepted(Channel channel) {
        if (closed) {
            channel.close();
            return;
        }
        if (waiting.size() >= limits.most()) {
            refuse(waiting.keySet().iterator().next());
        }
        long id = FIRST_ID + NEXT_ID.getAndIncrement() % IDS;
        Base base = new Base(id, Transport.TCP, (InetSocketAddress) channel.localAddress());
        InetSocketAddress from = (InetSocketAddress) channel.remoteAddress();
        StreamConnection connection =
                new StreamConnection(loops, loop, base, from, framing, ConnectionSettings.create(), listener);
        waiting.put(
                connection,
                loop.schedule(() -> refuse(connection), limits.patience().toMillis(), TimeUnit.MILLISECONDS));
        connection.start(channel, null);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void refuse(StreamConnection connection) {
        if (forget(connection)) {
            strangers++;
            connection.close();
        }
    }

    private boolean forget(StreamConnection connection) {
        ScheduledFuture<?> patience = waiting.remove(connection);
        if (patience != null) {
            patience.cancel(false);
        }
        return patience != null;
    }

    /** Accepts no more, and ends what waits; what was handed on stays. Any thread. */
    @Override
    public void close() {
        port.thenAccept(StreamListener::close);
        if (loop.inEventLoop()) {
            closeWaiting();
        } else if (!loop.isShuttingDown()) {
            loop.execute(this::closeWaiting);
        }
    }

    private void closeWaiting() {
        closed = true;
        for (StreamConnection connection : waiting.keySet().toArray(StreamConnection[]::new)) {
            forget(connection);
            connection.close();
        }
    }

    /** Hears of connections that nobody has yet. */
    private final class Waiting implements Connection.Listener {

        @Override
        public void opened(Connection connection) {}

        @Override
        public void received(Connection connection, ByteBuffer payload) {
            if (!(connection instanceof StreamConnection stream) || !waiting.containsKey(stream)) {
                return;
            }
            Optional<MachineDriver<?>> addressee = doorman.addressee(stream.remote(), payload);
            if (addressee.isEmpty()) {
                refuse(stream);
            } else if (forget(stream)) {
                addressee.get().take(stream, payload);
            }
        }

        @Override
        public void writabilityChanged(Connection connection) {}

        @Override
        public void closed(Connection connection, Cause cause) {
            if (connection instanceof StreamConnection stream) {
                forget(stream);
            }
        }
    }
}
