// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.icepath.ice.Envelope;
import org.icepath.ice.IcePath;
import org.icepath.ice.SendResult;
import org.icepath.net.Endpoint;
import org.icepath.net.MonotonicClock;
import org.jspecify.annotations.Nullable;

/**
 * The way out of a path. On the session's event loop a packet goes straight to its socket; from other threads it hops to the loop,
 * and at most {@value #MOST_QUEUED} packets are on their way there. Thread-safe where it does not say otherwise.
 */
final class PathSender {

    static final int MOST_QUEUED = 1_024;

    // A queue that is full for one packet and free for the next would flood the application with events.
    private static final int FREE_AGAIN = MOST_QUEUED / 2;

    private static final int CHANNEL_SHIFT = 16; // of the channel number before the length (RFC 8656 §12.4)

    private final SessionShell shell;
    private final NettyIcePath path;
    private final PathCounters counters;
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicInteger toFollow = new AtomicInteger();
    private boolean toldWritable; // on the event loop
    private @Nullable Endpoint unflushed; // likewise
    private ByteBuffer header = ByteBuffer.allocate(0); // on the event loop

    private volatile boolean overrun;
    private volatile @Nullable PathRoute route;
    private volatile SendResult whenAbsent = SendResult.NO_PATH;

    PathSender(SessionShell shell, NettyIcePath path, PathCounters counters) {
        this.shell = shell;
        this.path = path;
        this.counters = counters;
    }

    @Nullable
    PathRoute route() {
        return route;
    }

    /** Whether a packet would be taken now. */
    boolean isWritable() {
        PathRoute way = route;
        return way != null && !overrun && way.socket().isWritable();
    }

    /** As {@link NettyIcePath#allocate}. */
    static ByteBuf allocate(int capacity) {
        int whole = IcePath.HEADROOM + capacity;
        return PooledByteBufAllocator.DEFAULT.directBuffer(whole, whole).setIndex(IcePath.HEADROOM, IcePath.HEADROOM);
    }

    /** Sends a copy of the bytes from position to limit. */
    SendResult send(ByteBuffer payload) {
        OutboundPackets.requireMedia(payload);
        PathRoute way = route;
        if (way == null) {
            return refuse(payload.remaining(), whenAbsent);
        }
        return dispatch(way, copyOf(payload), 1);
    }

    private static ByteBuf copyOf(ByteBuffer payload) {
        int position = payload.position();
        ByteBuf copy = allocate(payload.remaining()).writeBytes(payload);
        payload.position(position);
        return copy;
    }

    /**
     * Sends the readable bytes; ownership of one reference passes to the path, whatever the result.
     *
     * @param holders how many references the sender has to answer for: where the buffer has no more, its headroom may be written to
     */
    SendResult send(ByteBuf payload, int holders) {
        PathRoute way = route;
        if (way == null) {
            return refuse(payload, whenAbsent);
        }
        return dispatch(way, payload, holders);
    }

    /** Sends copies of the bytes from position to limit of each; returns how many were taken. */
    int sendBurst(List<ByteBuffer> packets) {
        packets.forEach(OutboundPackets::requireMedia);
        int taken = 0;
        if (!shell.inEventLoop()) { // they hop to the loop one by one, and meet again there
            while (taken < packets.size() && send(packets.get(taken)) == SendResult.SENT) {
                taken++;
            }
            return taken;
        }
        long now = MonotonicClock.now();
        while (taken < packets.size() && write(now, packets.get(taken)) == SendResult.SENT) {
            taken++;
        }
        flush();
        return taken;
    }

    private SendResult write(long now, ByteBuffer packet) {
        PathRoute way = route;
        if (way == null) {
            return refuse(packet.remaining(), whenAbsent);
        }
        if (way.viaEngine() || way.envelope() != null) { // more goes in front than a channel's header
            return ofThisPacket(way, transmit(way, copyOf(packet), 1, true));
        }
        int length = packet.remaining();
        int prefix = way.channel() == 0 ? 0 : way.channel() << CHANNEL_SHIFT | length;
        if (!writing(way).write(prefix, packet, way.destination())) {
            counters.overflowed(length);
            if (!way.socket().queues()) {
                return SendResult.FULL;
            }
        }
        counters.sent(now, length);
        return SendResult.SENT;
    }

    /** Where packets queue, it was an older one that a full queue has dropped. */
    private static SendResult ofThisPacket(PathRoute way, SendResult result) {
        return result == SendResult.FULL && way.socket().queues() ? SendResult.SENT : result;
    }

    private SendResult dispatch(PathRoute way, ByteBuf payload, int holders) {
        return shell.inEventLoop() ? transmit(way, payload, holders, false) : handOver(way, payload);
    }

    /**
     * As {@link #send(ByteBuf, int)}, but to leave with others, by {@link #flush} at the latest. On the event loop.
     *
     * @return what became of this packet: sent where an older one made room for it
     */
    SendResult write(ByteBuf payload, int holders) {
        PathRoute way = route;
        if (way == null) {
            return refuse(payload, whenAbsent);
        }
        return ofThisPacket(way, transmit(way, payload, holders, true));
    }

    /** What was written leaves. On the event loop. */
    void flush() {
        Endpoint written = unflushed;
        if (written != null) {
            unflushed = null;
            written.flush();
        }
    }

    private SendResult handOver(PathRoute way, ByteBuf payload) {
        if (isFull(way)) {
            return refuse(payload, SendResult.FULL);
        }
        if (queued.incrementAndGet() > MOST_QUEUED) {
            queued.decrementAndGet();
            overrun = true;
            return refuse(payload, SendResult.FULL);
        }
        try {
            shell.execute(() -> transmitQueued(payload));
            toFollow.incrementAndGet();
            return SendResult.SENT;
        } catch (RejectedExecutionException loopHasEnded) {
            queued.decrementAndGet();
            return refuse(payload, SendResult.NO_PATH);
        }
    }

    // The route may have changed while the packet waited: it takes the one of now. Packets that queue up are a burst:
    // they leave together when the last of those that are sure to be in the loop's queue has come.
    private void transmitQueued(ByteBuf payload) {
        boolean last = toFollow.decrementAndGet() <= 0;
        int left = queued.decrementAndGet();
        if (overrun) {
            reviewOverrun(left);
        }
        PathRoute way = route;
        if (way == null) {
            refuse(payload, whenAbsent);
        } else {
            transmit(way, payload, 1, !last);
        }
        if (last) {
            flush();
        }
    }

    private SendResult transmit(PathRoute way, ByteBuf payload, int holders, boolean more) {
        int bytes = payload.readableBytes();
        if (way.viaEngine()) {
            shell.sendThroughEngine(path, OutboundPackets.takeBytes(payload));
            return SendResult.SENT;
        }
        if (isFull(way)) {
            return refuse(payload, SendResult.FULL);
        }
        ByteBuf whole = way.envelope() == null ? payload : wrapped(payload, way.envelope(), holders);
        ByteBuf datagram =
                way.channel() == 0 ? whole : OutboundPackets.withChannelHeader(whole, way.channel(), holders);
        counters.sent(bytes);
        boolean taken = more
                ? writing(way).write(datagram, way.destination())
                : way.socket().send(datagram, way.destination());
        if (!taken) {
            counters.overflowed(bytes);
        }
        return taken ? SendResult.SENT : SendResult.FULL;
    }

    /** The socket of a route, to be flushed later. */
    private Endpoint writing(PathRoute way) {
        if (unflushed != way.socket()) {
            flush();
            unflushed = way.socket();
        }
        return way.socket();
    }

    private ByteBuf wrapped(ByteBuf payload, Envelope envelope, int holders) {
        if (header.capacity() < envelope.length()) {
            header = ByteBuffer.allocate(envelope.length());
        }
        envelope.write(header.clear(), payload.readableBytes());
        return OutboundPackets.withHeader(payload, header.flip(), holders);
    }

    /** A connection takes packets even so: there the oldest makes room. */
    private static boolean isFull(PathRoute way) {
        return !way.socket().isWritable() && !way.socket().queues();
    }

    private SendResult refuse(ByteBuf payload, SendResult why) {
        int bytes = payload.readableBytes();
        payload.release();
        return refuse(bytes, why);
    }

    private SendResult refuse(int bytes, SendResult why) {
        if (why == SendResult.FULL) {
            counters.overflowed(bytes);
        } else {
            counters.refused(bytes);
        }
        return why;
    }

    /**
     * Packets leave this way from now on. On the event loop.
     *
     * @param newRoute null when they may not leave at all
     * @param absent what a send is answered with then
     */
    void routeChanged(@Nullable PathRoute newRoute, SendResult absent) {
        whenAbsent = absent;
        route = newRoute;
        if (newRoute != null) {
            counters.uses(newRoute.pair(), newRoute.generation());
        }
        review();
    }

    // The first of the packets that fill the queue says that it is
    // full; the one that leaves it half empty, that it is free.
    private void reviewOverrun(int left) {
        if (left <= FREE_AGAIN) {
            overrun = false;
        }
        review();
    }

    /** Says so where the path has become writable, or is no longer. On the event loop. */
    void review() {
        boolean writable = isWritable();
        if (writable != toldWritable) {
            toldWritable = writable;
            path.writabilityChanged(writable);
        }
    }
}
