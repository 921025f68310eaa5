// SPDX-License-Identifier: Apache-2.0
package org.icepath.sansio;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Where a {@link Machine} puts what it wants done and what it has to tell.
 *
 * <p>Implemented by the shell that owns the sockets, by a parent machine that translates what its child says, and by tests.
 *
 * @param <E> the events that it takes
 */
public interface Output<E> {

    /**
     * Sends one datagram.
     *
     * @param payload the datagram from position to limit, valid only during the call
     */
    void transmit(Base base, InetSocketAddress to, ByteBuffer payload);

    /** Takes an event. */
    void event(E event);

    /**
     * Opens a connection from {@code base} to {@code to}; answered by {@link Machine#opened} or {@link Machine#closed}.
     *
     * <p>A driver without streams need not implement it: only a machine that was given stream transports asks.
     */
    default void open(Base base, InetSocketAddress to, Framing framing) {
        throw new IllegalStateException("this driver opens no connections, asked for " + base + " to " + to);
    }

    /**
     * Lays what comes next on a connection that stands in another way: what follows the datagram that is being handled, and what is
     * sent from now on.
     *
     * <p>A driver without streams need not implement it.
     */
    default void reframe(Base base, Framing framing) {
        throw new IllegalStateException("this driver has no connections, asked for " + framing + " on " + base);
    }

    /** Closes a connection, or gives up a base that is no longer needed. */
    default void close(Base base) {}
}
