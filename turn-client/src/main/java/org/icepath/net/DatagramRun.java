// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive datagrams to one destination that may leave by one system call, to be cut apart again below (Linux' UDP_SEGMENT): all of one
 * length, but for the last, which may be shorter. Not thread-safe.
 *
 * <p>The first waits as it is; only a second one has them copied into one buffer. So a datagram that stays alone costs nothing.
 */
final class DatagramRun {

    /** What every kernel that can do it takes at a time. */
    static final int MOST_DATAGRAMS = 64;

    /** The longest payload of UDP over IPv4. */
    static final int MOST_BYTES = 65_507;

    private @Nullable InetSocketAddress destination;
    private @Nullable ByteBuf first;
    private @Nullable ByteBuf joined;
    private int segmentBytes;
    private int count;
    private boolean ended;

    boolean isEmpty() {
        return count == 0;
    }

    /** Whether none can be added. */
    boolean isFull() {
        return ended;
    }

    /**
     * Adds a datagram at the end; an empty run takes any.
     *
     * @param datagram readable bytes; ownership passes to the run where it is taken
     * @return false where it does not continue this run
     */
    boolean add(ByteBuf datagram, InetSocketAddress to) {
        int length = datagram.readableBytes();
        if (count == 0) {
            begin(datagram, to, length);
            return true;
        }
        if (!continues(length, to)) {
            return false;
        }
        join(datagram);
        ended = length < segmentBytes || count == MOST_DATAGRAMS || (count + 1) * segmentBytes > MOST_BYTES;
        return true;
    }

    private void begin(ByteBuf datagram, InetSocketAddress to, int length) {
        first = datagram;
        destination = to;
        segmentBytes = length;
        count = 1;
        ended = length == 0 || 2 * length > MOST_BYTES;
    }

    private boolean continues(int length, InetSocketAddress to) {
        // Mostly it is the same object: the route of a path has one.
        return !ended && length > 0 && length <= segmentBytes && (to == destination || to.equals(destination));
    }

    private void join(ByteBuf datagram) {
        ByteBuf all = joined;
        if (all == null) {
            int capacity = Math.min(MOST_DATAGRAMS * segmentBytes, MOST_BYTES);
            all = PooledByteBufAllocator.DEFAULT.directBuffer(capacity, capacity);
            joined = all;
            append(all, Objects.requireNonNull(first));
            first = null;
        }
        append(all, datagram);
        count++;
    }

    private static void append(ByteBuf all, ByteBuf datagram) {
        all.writeBytes(datagram, datagram.readerIndex(), datagram.readableBytes());
        datagram.release();
    }

    /**
     * What was added, as one message for a channel, and begins anew. Ownership passes to the caller.
     *
     * @return a {@link SegmentedDatagramPacket} where there were two or more
     */
    DatagramPacket take() {
        InetSocketAddress to = Objects.requireNonNull(destination, "an empty run");
        ByteBuf all = joined;
        DatagramPacket message = all == null
                ? new DatagramPacket(Objects.requireNonNull(first), to)
                : new SegmentedDatagramPacket(all, segmentBytes, to);
        forget();
        return message;
    }

    private void forget() {
        destination = null;
        first = null;
        joined = null;
        count = 0;
        ended = false;
    }

    /** Drops what was added. */
    void clear() {
        if (count > 0) {
            take().release();
        }
    }
}
