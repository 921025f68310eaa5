// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceException;
import org.icepath.ice.IcePacket;
import org.icepath.ice.IcePath;
import org.icepath.ice.PathChange;
import org.icepath.ice.PathStatistics;
import org.icepath.ice.SendResult;
import org.jspecify.annotations.Nullable;

/**
 * A path whose packets go from and to Netty's buffers.
 *
 * <p>On the session's event loop a packet goes straight to its socket, without an object of its own. From other threads it hops
 * to the loop: {@link SendResult#SENT} then says that it is on its way there, and at most {@value #MOST_QUEUED} packets of one path
 * are.
 */
public final class NettyIcePath implements IcePath {

    private static final int MOST_QUEUED = 1_024;

    private final SessionShell shell;
    private final NettyIcePeer peer;
    private final int streamIndex;
    private final String stream;
    private final int component;
    private final IceFuture<Void> ready;
    private final IceFuture<Void> selected;
    private final PathCounters counters = new PathCounters();
    private final ReceivedPacket packet = new ReceivedPacket();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicBoolean refreshing = new AtomicBoolean();

    private @Nullable HeldPackets held; // on the event loop

    private volatile @Nullable PathRoute route;
    private volatile SendResult whenAbsent = SendResult.NO_PATH;
    private volatile @Nullable Consumer<? super IcePacket> receiver;
    private volatile @Nullable PathChange lastChange;
    private volatile long roundTripNanos = -1;

    NettyIcePath(SessionShell shell, NettyIcePeer peer, int streamIndex, String stream, int component) {
        this.shell = shell;
        this.peer = peer;
        this.streamIndex = streamIndex;
        this.stream = stream;
        this.component = component;
        this.ready = shell.newFuture();
        this.selected = shell.newFuture();
    }

    @Override
    public String stream() {
        return stream;
    }

    @Override
    public int component() {
        return component;
    }

    @Override
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    @Override
    public CompletableFuture<Void> selected() {
        return selected.copy();
    }

    /**
     * A buffer in direct memory, with {@link IcePath#HEADROOM} bytes before its first, for {@link #send(ByteBuf)}. Any thread; the
     * caller owns it.
     *
     * @param capacity the longest packet that it must hold, in bytes
     */
    public ByteBuf allocate(int capacity) {
        int whole = HEADROOM + capacity;
        return PooledByteBufAllocator.DEFAULT.directBuffer(whole, whole).setIndex(HEADROOM, HEADROOM);
    }

    @Override
    public SendResult send(ByteBuffer payload) {
        OutboundPackets.requireNotStun(payload);
        PathRoute way = route;
        if (way == null) {
            return refuse(whenAbsent);
        }
        int position = payload.position();
        ByteBuf copy = allocate(payload.remaining()).writeBytes(payload);
        payload.position(position);
        return dispatch(way, copy);
    }

    /**
     * Sends one packet without copying it; never blocks. Any thread.
     *
     * @param payload the packet's readable bytes; ownership passes to the path, whatever the result. Bytes before its reader index
     *     may be overwritten where nobody else holds the buffer, see {@link #allocate}
     * @throws IllegalArgumentException when it is a STUN message, which ICE would swallow; the buffer is released
     */
    public SendResult send(ByteBuf payload) {
        if (OutboundPackets.isStun(payload)) {
            payload.release();
            throw OutboundPackets.stunRefused();
        }
        PathRoute way = route;
        if (way == null) {
            payload.release();
            return refuse(whenAbsent);
        }
        return dispatch(way, payload);
    }

    private SendResult dispatch(PathRoute way, ByteBuf payload) {
        return shell.inEventLoop() ? transmit(way, payload) : handOver(way, payload);
    }

    private SendResult handOver(PathRoute way, ByteBuf payload) {
        if (!way.socket().isWritable()) {
            payload.release();
            return refuse(SendResult.FULL);
        }
        if (queued.incrementAndGet() > MOST_QUEUED) {
            queued.decrementAndGet();
            payload.release();
            return refuse(SendResult.FULL);
        }
        try {
            shell.execute(() -> {
                queued.decrementAndGet();
                transmitQueued(payload);
            });
            return SendResult.SENT;
        } catch (RejectedExecutionException loopHasEnded) {
            queued.decrementAndGet();
            payload.release();
            return refuse(SendResult.NO_PATH);
        }
    }

    // The route may have changed while the packet waited: it takes the one of now.
    private void transmitQueued(ByteBuf payload) {
        PathRoute way = route;
        if (way == null) {
            payload.release();
            refuse(whenAbsent);
        } else {
            transmit(way, payload);
        }
    }

    private SendResult transmit(PathRoute way, ByteBuf payload) {
        int bytes = payload.readableBytes();
        if (way.viaEngine()) {
            shell.sendThroughEngine(this, OutboundPackets.takeBytes(payload));
            return SendResult.SENT;
        }
        if (!way.socket().isWritable()) {
            payload.release();
            return refuse(SendResult.FULL);
        }
        ByteBuf datagram = way.channel() == 0 ? payload : OutboundPackets.withChannelHeader(payload, way.channel());
        counters.sent(bytes);
        way.socket().send(datagram, way.destination());
        return SendResult.SENT;
    }

    private SendResult refuse(SendResult why) {
        counters.dropped();
        return why;
    }

    @Override
    public void onReceive(Consumer<? super IcePacket> newReceiver) {
        receiver = newReceiver;
        try {
            shell.execute(this::releaseHeld);
        } catch (RejectedExecutionException loopHasEnded) {
            // nothing arrives any more, and what was held went with the loop
            return;
        }
    }

    @Override
    public Optional<CandidatePair> current() {
        PathRoute way = route;
        return way == null ? Optional.empty() : Optional.of(way.pair());
    }

    @Override
    public PathStatistics statistics() {
        PathRoute way = route;
        return new PathStatistics(
                counters.packetsSent(),
                counters.bytesSent(),
                counters.packetsReceived(),
                counters.bytesReceived(),
                counters.packetsDropped(),
                roundTripTime(),
                way != null && way.relayed(),
                Optional.ofNullable(lastChange));
    }

    // The engine knows it, on its loop: what is read here is what it said when last asked, and it is asked again.
    private Optional<Duration> roundTripTime() {
        refreshRoundTrip();
        long nanos = roundTripNanos;
        return nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }

    private void refreshRoundTrip() {
        if (refreshing.compareAndSet(false, true)) {
            shell.perform(now -> {
                refreshing.set(false);
                roundTripNanos = shell.roundTripNanos(now, this);
            });
        }
    }

    @Override
    public String toString() {
        return "path " + stream + "/" + component;
    }

    /** Whether packets go over a channel of a relay now (RFC 8656 §12). Any thread. */
    boolean usesChannel() {
        PathRoute way = route;
        return way != null && way.channel() != 0;
    }

    NettyIcePeer peer() {
        return peer;
    }

    int streamIndex() {
        return streamIndex;
    }

    /** Takes what became of a packet that the engine was to send. On the event loop. */
    void sentThroughEngine(int bytes, boolean sent) {
        if (sent) {
            counters.sent(bytes);
        } else {
            counters.dropped();
        }
    }

    /** Takes a packet that arrived. On the event loop. */
    void received(InetSocketAddress from, ByteBuffer payload) {
        counters.received(payload.remaining());
        Consumer<? super IcePacket> taker = receiver;
        if (taker == null) {
            hold(from, payload);
            return;
        }
        releaseHeld();
        lend(from, payload, taker);
    }

    private void hold(InetSocketAddress from, ByteBuffer payload) {
        HeldPackets packets = held;
        if (packets == null) {
            packets = new HeldPackets();
            held = packets;
        }
        packets.hold(from, payload);
    }

    /** On the event loop. */
    private void releaseHeld() {
        HeldPackets packets = held;
        Consumer<? super IcePacket> taker = receiver;
        if (packets != null && taker != null) {
            held = null;
            packets.release((from, payload) -> lend(from, payload, taker));
        }
    }

    private void lend(InetSocketAddress from, ByteBuffer payload, Consumer<? super IcePacket> taker) {
        try {
            packet.lend(from, payload, taker);
        } catch (RuntimeException thrown) {
            shell.log().callbackThrew(thrown);
        }
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
            ready.complete(null);
        }
    }

    void changed(PathChange cause) {
        lastChange = cause;
        roundTripNanos = -1;
        refreshRoundTrip();
    }

    void streamSelected() {
        refreshRoundTrip();
        selected.complete(null);
    }

    /** What is still awaited will not come. On the event loop. */
    void failed(IceException failure) {
        ready.completeExceptionally(failure);
        selected.completeExceptionally(failure);
    }

    void closed(IceException failure) {
        routeChanged(null, SendResult.NO_PATH);
        failed(failure);
        receiver = null;
    }
}
