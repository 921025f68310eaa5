// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
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
            begin(to, length);
            first = datagram;
            return true;
        }
        if (!continues(length, to)) {
            return false;
        }
        append(room(), datagram);
        count++;
        reviewEnd(length);
        return true;
    }

    /**
     * Adds a datagram from a buffer that stays the caller's; an empty run takes any.
     *
     * @param prefix four bytes that go before the data; 0 for none
     * @param data from position to limit; copied, its position does not move
     * @return false where it does not continue this run
     */
    boolean add(int prefix, ByteBuffer data, InetSocketAddress to) {
        int length = data.remaining() + (prefix == 0 ? 0 : Integer.BYTES);
        if (count == 0) {
            begin(to, length);
        } else if (continues(length, to)) {
            count++;
        } else {
            return false;
        }
        ByteBuf all = room();
        if (prefix != 0) {
            all.writeInt(prefix);
        }
        int position = data.position();
        all.writeBytes(data);
        data.position(position);
        reviewEnd(length);
        return true;
    }

    private void begin(InetSocketAddress to, int length) {
        destination = to;
        segmentBytes = length;
        count = 1;
        reviewEnd(length);
    }

    private void reviewEnd(int length) {
        ended = length == 0
                || length < segmentBytes
                || count == MOST_DATAGRAMS
                || (count + 1) * segmentBytes > MOST_BYTES;
    }

    private boolean continues(int length, InetSocketAddress to) {
        // Mostly it is the same object: the route of a path has one.
        return !ended && length > 0 && length <= segmentBytes && (to == destination || to.equals(destination));
    }

    /** The one buffer for all, with what has come so far. */
    private ByteBuf room() {
        ByteBuf all = joined;
        if (all == null) {
            int capacity = Math.max(segmentBytes, Math.min(MOST_DATAGRAMS * segmentBytes, MOST_BYTES));
            all = PooledByteBufAllocator.DEFAULT.directBuffer(capacity, capacity);
            joined = all;
            ByteBuf alone = first;
            if (alone != null) {
                first = null;
                append(all, alone);
            }
        }
        return all;
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
        ByteBuf bytes = Objects.requireNonNull(first == null ? joined : first);
        DatagramPacket message =
                count == 1 ? new DatagramPacket(bytes, to) : new SegmentedDatagramPacket(bytes, segmentBytes, to);
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
