// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.icepath.net.Endpoint;
import org.icepath.net.MachineDriver;
import org.icepath.sansio.Base;
import org.icepath.turn.TurnEvent;

/**
 * A connection to a peer over a TURN server (RFC 6062). Thread-safe; callbacks come on the relay's event loop.
 *
 * <p>How bytes lie on it was said when the relay was asked for: as they are, or as framed datagrams. Nothing that was taken is left
 * out: where the network is slower than the sender, {@link #send} takes nothing more until it has caught up.
 */
public final class RelayedConnection implements AutoCloseable {

    /** Most bytes that wait between other threads and the event loop; beside them one piece of any size. */
    private static final int MOST_WAITING = 1 << 16;

    private final MachineDriver<TurnEvent> driver;
    private final Endpoint endpoint;
    private final InetSocketAddress peer;
    private final boolean incoming;
    private final Consumer<Base> close;
    private final HeldBytes held = new HeldBytes();
    private final Queue<ByteBuffer> waiting = new ArrayDeque<>();
    private final AtomicInteger waitingBytes = new AtomicInteger();
    private final AtomicBoolean refused = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile Runnable writability = () -> {};

    RelayedConnection(
            MachineDriver<TurnEvent> driver, Endpoint endpoint, TurnEvent.PeerConnected made, Consumer<Base> close) {
        this.driver = driver;
        this.endpoint = endpoint;
        this.peer = made.peer();
        this.incoming = made.incoming();
        this.close = close;
    }

    /** Who is at the other end. */
    public InetSocketAddress peer() {
        return peer;
    }

    /** Whether the peer has begun. */
    public boolean incoming() {
        return incoming;
    }

    /**
     * Takes what the peer sends, borrowed for the call; one receiver, the last one set. What comes before the first is held for it, up to
     * 256 KiB; a connection that brings more ends, since a stream with a hole is none.
     */
    public void onReceive(Consumer<ByteBuffer> next) {
        if (driver.inEventLoop()) {
            held.receiver(next);
        } else {
            driver.eventLoop().execute(() -> held.receiver(next));
        }
    }

    /** Hears when {@link #send} may take something again after it has taken nothing; one listener, the last one set. */
    public void onWritable(Runnable next) {
        writability = next;
    }

    /**
     * Sends bytes, or a datagram where datagrams are framed; never blocks. Pieces that one thread sends stay in order.
     *
     * @param data from position to limit; copied, its position does not move. It is taken whole, or not at all
     * @return false if nothing was taken: it is closed, or more waits than the network takes; {@link #onWritable} says when to try again
     * @throws IllegalArgumentException if it is longer than a frame can say
     */
    public boolean send(ByteBuffer data) {
        if (data.remaining() > endpoint.longestDatagram()) {
            throw new IllegalArgumentException("a datagram of " + data.remaining() + " bytes");
        }
        if (takes(data)) {
            return true;
        }
        refused.set(true);
        return takes(data); // what has made room meanwhile may not have seen that somebody wants it
    }

    private boolean takes(ByteBuffer data) {
        if (closed.isDone() || !endpoint.isWritable()) {
            return false;
        }
        if (driver.inEventLoop()) {
            return waiting.isEmpty() && endpoint.offer(data, peer);
        }
        int size = data.remaining();
        if (waitingBytes.getAndAdd(size) > MOST_WAITING) {
            waitingBytes.addAndGet(-size);
            return false;
        }
        ByteBuffer copy = ByteBuffer.allocate(size).put(data.duplicate()).flip();
        driver.perform(now -> {
            waiting.add(copy);
            sendWaiting();
        });
        return true;
    }

    /** The network takes more, or something has come from another thread. */
    void sendWaiting() {
        while (!waiting.isEmpty() && endpoint.offer(waiting.element(), peer)) {
            waitingBytes.addAndGet(-waiting.remove().remaining());
        }
        if (waiting.isEmpty() && endpoint.isWritable() && refused.compareAndSet(true, false)) {
            writability.run();
        }
    }

    void received(ByteBuffer data) {
        if (!held.received(data)) {
            close();
        }
    }

    void ended() {
        waiting.clear();
        closed.complete(null);
    }

    /** Completed when it has ended, by whomever. */
    public CompletableFuture<Void> closed() {
        return closed.copy();
    }

    /** Ends it at once, whatever still waits to leave; the server ends the peer's side. Idempotent, does not wait. */
    @Override
    public void close() {
        close.accept(endpoint.base());
    }
}
