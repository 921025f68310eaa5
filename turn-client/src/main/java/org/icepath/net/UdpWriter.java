// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The way of media out of a UDP channel. What is written before a flush leaves as a {@link DatagramRun} where the kernel cuts those; where it
 * refuses one, its datagrams leave one by one, and so do all later ones of this socket. Confined to the channel's event loop.
 *
 * <p>A datagram has no promise of its own: that would cost an object for each. A run is kept until the channel has let go of it, and it
 * is written only where nothing else is on its way whose failure could be taken for its own.
 */
final class UdpWriter {

    /** Where datagrams go on coming, as many as leave before the next ones are asked for. */
    private static final int MOST_UNFLUSHED = DatagramRun.MOST_DATAGRAMS;

    private final Channel channel;
    private final BiConsumer<InetSocketAddress, Throwable> failures;
    private final DatagramRun run = new DatagramRun();
    private boolean joins;
    private int unflushed;
    private @Nullable InetSocketAddress sendingTo;
    private @Nullable SegmentedDatagramPacket onItsWay;

    /**
     * @param joins whether the kernel cuts what is joined
     * @param failures hears of each datagram that could not be sent and is known by its destination
     */
    UdpWriter(Channel channel, boolean joins, BiConsumer<InetSocketAddress, Throwable> failures) {
        this.channel = channel;
        this.joins = joins;
        this.failures = failures;
    }

    /** Whether runs are joined: the kernel can cut them, and has refused none. */
    boolean joins() {
        return joins;
    }

    /** Whether datagrams wait for the next flush. */
    boolean holds() {
        return unflushed > 0;
    }

    /** Sends a datagram, and what waited before it. */
    void send(ByteBuf datagram, InetSocketAddress to) {
        if (unflushed > 0) {
            write(datagram, to);
            flush();
        } else if (isSettled()) {
            sendingTo = to;
            channel.writeAndFlush(new DatagramPacket(datagram, to), channel.voidPromise());
            sendingTo = null;
        } else {
            sendKnown(datagram, to);
        }
    }

    /** Sends a datagram with the next flush, or before. */
    void write(ByteBuf datagram, InetSocketAddress to) {
        unflushed++;
        if (!isSettled()) {
            writeKnown(datagram, to);
        } else if (!joins) {
            channel.write(new DatagramPacket(datagram, to), channel.voidPromise());
        } else {
            append(datagram, to);
        }
        flushIfMany();
    }

    /**
     * Sends a datagram with the next flush, or before, where it can be joined with others.
     *
     * @param prefix four bytes that go before the data; 0 for none
     * @param data from position to limit; copied, its position does not move
     * @return false where it cannot, and was not taken
     */
    boolean write(int prefix, ByteBuffer data, InetSocketAddress to) {
        if (!joins || !isSettled()) {
            return false;
        }
        if (!run.add(prefix, data, to)) {
            writeRun();
            if (!joins || !isSettled()) {
                return false;
            }
            run.add(prefix, data, to);
        }
        unflushed++;
        flushIfMany();
        return true;
    }

    private void flushIfMany() {
        if (unflushed >= MOST_UNFLUSHED || run.isFull()) {
            flush();
        }
    }

    private void append(ByteBuf datagram, InetSocketAddress to) {
        if (!run.add(datagram, to)) {
            writeRun();
            if (!joins || !isSettled()) {
                writeKnown(datagram, to);
                return;
            }
            run.add(datagram, to);
        }
    }

    /** Sends what waits. */
    void flush() {
        if (unflushed == 0) {
            return;
        }
        unflushed = 0;
        if (!run.isEmpty()) {
            writeRun();
        }
        channel.flush();
    }

    private void writeRun() {
        DatagramPacket packet = run.take();
        if (packet instanceof SegmentedDatagramPacket joined) {
            channel.flush();
            if (isClear()) {
                sendJoined(joined);
            } else {
                writeOneByOne(joined);
            }
        } else {
            channel.write(packet, channel.voidPromise());
        }
    }

    private void sendJoined(SegmentedDatagramPacket joined) {
        onItsWay = joined.retain();
        channel.writeAndFlush(joined, channel.voidPromise());
        isSettled();
    }

    /** Whether the channel holds nothing back. */
    private boolean isClear() {
        ChannelOutboundBuffer held = channel.unsafe().outboundBuffer();
        return held != null && held.isEmpty();
    }

    /** Whether the channel has let go of the last run; then failures are no longer that one's. */
    private boolean isSettled() {
        SegmentedDatagramPacket last = onItsWay;
        if (last != null && last.refCnt() == 1) {
            onItsWay = null;
            last.release();
        }
        return onItsWay == null;
    }

    /**
     * A write without a promise has failed.
     *
     * @return whether it is known what it was, and has been told or mended
     */
    boolean failed(Throwable cause) {
        SegmentedDatagramPacket refused = onItsWay;
        if (refused != null && refused.refCnt() == 1) {
            onItsWay = null;
            mend(refused, cause);
            return true;
        }
        InetSocketAddress to = sendingTo;
        if (to != null) {
            failures.accept(to, cause);
        }
        return to != null;
    }

    private void mend(SegmentedDatagramPacket refused, Throwable cause) {
        if (SocketFailures.concernsJoining(cause)) {
            joins = false;
            writeOneByOne(refused);
            channel.flush();
        } else {
            refused.release();
            failures.accept(refused.recipient(), cause);
        }
    }

    private void writeOneByOne(SegmentedDatagramPacket joined) {
        ByteBuf all = joined.content();
        while (all.isReadable()) {
            int length = Math.min(joined.segmentSize(), all.readableBytes());
            writeKnown(all.readRetainedSlice(length), joined.recipient());
        }
        joined.release();
    }

    /** Sends a datagram at once, with a promise: if it fails, that is told whatever else is on its way. */
    void sendKnown(ByteBuf datagram, InetSocketAddress to) {
        writeKnown(datagram, to);
        channel.flush();
    }

    private void writeKnown(ByteBuf datagram, InetSocketAddress to) {
        ChannelPromise sent = channel.newPromise();
        sent.addListener(outcome -> {
            if (!outcome.isSuccess()) {
                failures.accept(to, outcome.cause());
            }
        });
        channel.write(new DatagramPacket(datagram, to), sent);
    }

    /** Drops what waits. */
    void clear() {
        run.clear();
        unflushed = 0;
        SegmentedDatagramPacket last = onItsWay;
        onItsWay = null;
        if (last != null) {
            last.release();
        }
    }
}
