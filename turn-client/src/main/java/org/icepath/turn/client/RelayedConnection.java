// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.icepath.net.Endpoint;
import org.icepath.net.MachineDriver;
import org.icepath.sansio.Base;
import org.icepath.turn.TurnEvent;

/**
 * A connection to a peer over a TURN server (RFC 6062). Thread-safe; callbacks come on the relay's event loop.
 *
 * <p>How bytes lie on it was said when the relay was asked for: as they are, or as framed datagrams.
 */
public final class RelayedConnection implements AutoCloseable {

    private static final int MOST_QUEUED = 256;

    private final MachineDriver<TurnEvent> driver;
    private final Endpoint endpoint;
    private final InetSocketAddress peer;
    private final boolean incoming;
    private final Consumer<Base> close;
    private final AtomicInteger queued = new AtomicInteger();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile Consumer<ByteBuffer> receiver = data -> {};

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

    /** Takes what the peer sends, borrowed for the call; one receiver, the last one set. What comes before the first is dropped. */
    public void onReceive(Consumer<ByteBuffer> next) {
        receiver = next;
    }

    /**
     * Sends bytes, or a datagram where datagrams are framed; never blocks.
     *
     * @param data from position to limit; copied, its position does not move
     * @return false if nothing was taken: it is closed, or more waits than the network takes; to be tried again a little later
     */
    public boolean send(ByteBuffer data) {
        if (closed.isDone() || !endpoint.isWritable()) {
            return false;
        }
        if (driver.inEventLoop()) {
            return endpoint.send(endpoint.allocate(data.remaining()).writeBytes(data.duplicate()), peer);
        }
        if (queued.incrementAndGet() > MOST_QUEUED) {
            queued.decrementAndGet();
            return false;
        }
        ByteBuffer copy =
                ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip();
        driver.perform(now -> {
            queued.decrementAndGet();
            endpoint.send(copy, peer);
        });
        return true;
    }

    void received(ByteBuffer data) {
        receiver.accept(data);
    }

    void ended() {
        closed.complete(null);
    }

    /** Completed when it has ended, by whomever. */
    public CompletableFuture<Void> closed() {
        return closed.copy();
    }

    /** Ends it; the server ends the peer's side. Idempotent, does not wait. */
    @Override
    public void close() {
        close.accept(endpoint.base());
    }
}
