// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.sansio.Base;

/**
 * Our end of what datagrams leave by: a bound socket, or a connection to one server.
 *
 * <p>Used on its event loop only, except where a method says "any thread".
 */
public interface Endpoint extends AutoCloseable {

    /** What machines call it. Any thread. */
    Base base();

    /** The local address in use. Any thread. */
    InetSocketAddress localAddress();

    /** Whether a datagram that is sent now would leave without waiting, and without another being dropped. Any thread. */
    boolean isWritable();

    /** Whether what cannot leave at once waits its turn, and the oldest media makes room; otherwise it is to be dropped by the sender. */
    default boolean queues() {
        return false;
    }

    /**
     * A buffer from this endpoint's pool, in direct memory; the caller owns it until it is sent. Any thread.
     *
     * @param capacity in bytes
     */
    ByteBuf allocate(int capacity);

    /**
     * Sends a control message.
     *
     * @param payload the datagram from position to limit; copied, its position does not move
     * @param to on a connection its other end, whatever is said here
     */
    void send(ByteBuffer payload, InetSocketAddress to);

    /** Most bytes of a datagram that can leave here at all, as far as that is known. Any thread. */
    default int longestDatagram() {
        return Integer.MAX_VALUE;
    }

    /**
     * Sends what may neither be dropped nor drop anything else: bytes of a stream.
     *
     * @param payload from position to limit; copied, its position does not move
     * @param to on a connection its other end, whatever is said here
     * @return false if nothing was taken; {@link #isWritable} is false then, and says when it is to be tried again
     */
    default boolean offer(ByteBuffer payload, InetSocketAddress to) {
        boolean takes = isWritable();
        if (takes) {
            send(payload, to);
        }
        return takes;
    }

    /**
     * Sends a media datagram.
     *
     * @param datagram readable bytes; ownership passes to the endpoint
     * @param to on a connection its other end, whatever is said here
     * @return false if there was no room and something was dropped: on a connection the media that had waited longest
     */
    boolean send(ByteBuf datagram, InetSocketAddress to);

    /**
     * Sends a media datagram as {@link #send(ByteBuf, InetSocketAddress)} does, with the next {@link #flush} or before: for bursts.
     *
     * @param datagram readable bytes; ownership passes to the endpoint
     * @param to on a connection its other end, whatever is said here
     * @return false if there was no room and something was dropped: on a connection the media that had waited longest
     */
    default boolean write(ByteBuf datagram, InetSocketAddress to) {
        return send(datagram, to);
    }

    /**
     * Sends a media datagram as {@link #write(ByteBuf, InetSocketAddress)} does, from a buffer that stays the caller's.
     *
     * @param prefix four bytes that go before the data, big-endian, such as the header of channel data (RFC 8656 §12.4); 0 for none
     * @param data from position to limit; copied, its position does not move
     * @return false if there was no room: it was not taken, or on a connection the media was dropped that had waited longest
     */
    default boolean write(int prefix, ByteBuffer data, InetSocketAddress to) {
        if (!isWritable() && !queues()) {
            return false;
        }
        ByteBuf datagram = allocate(Integer.BYTES + data.remaining());
        if (prefix != 0) {
            datagram.writeInt(prefix);
        }
        return write(datagram.writeBytes(data.duplicate()), to);
    }

    /** Sends what was written. */
    default void flush() {}

    /**
     * Sends a media datagram from a buffer that stays the caller's, as {@link #send(ByteBuf, InetSocketAddress)} does.
     *
     * @param prefix four bytes that go before the data, big-endian, such as the header of channel data (RFC 8656 §12.4)
     * @param data from position to limit; copied, its position does not move
     */
    default boolean sendPrefixed(int prefix, ByteBuffer data, InetSocketAddress to) {
        ByteBuf datagram = allocate(Integer.BYTES + data.remaining());
        return send(datagram.writeInt(prefix).writeBytes(data.duplicate()), to);
    }

    /** Closes it; nothing is reported any more. Idempotent, any thread. */
    @Override
    void close();
}
