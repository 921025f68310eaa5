// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceException;
import org.icepath.ice.IcePacket;
import org.icepath.ice.IcePath;
import org.icepath.ice.PairStatistics;
import org.icepath.ice.PathChange;
import org.icepath.ice.PathStatistics;
import org.icepath.ice.SendResult;
import org.icepath.ice.engine.PathQuality;
import org.icepath.ice.engine.WallClock;
import org.icepath.net.Endpoint;
import org.icepath.net.MonotonicClock;
import org.jspecify.annotations.Nullable;

/**
 * A path whose packets go from and to Netty's buffers. Each path of a runtime that {@code Icepath.start()} gave is one: cast what {@link
 * org.icepath.ice.IcePeer#path} returns.
 *
 * <p>On the session's event loop a packet goes straight to its socket, without an object of its own. From other threads it hops
 * to the loop: {@link SendResult#SENT} then says that it is on its way there, and at most {@value PathSender#MOST_QUEUED} packets
 * of one path are.
 */
public final class NettyIcePath implements IcePath {

    private final SessionShell shell;
    private final NettyIcePeer peer;
    private final int streamIndex;
    private final String stream;
    private final int component;
    private volatile IceFuture<Void> ready; // the event loop alone puts another in its place
    private volatile IceFuture<Void> selected; // likewise
    private final PathCounters counters = new PathCounters();
    private final PathSender sender;
    private final PathReceiver receiver;
    private final PathFaces faces;
    private final AtomicBoolean asking = new AtomicBoolean();

    private volatile @Nullable PathChange lastChange;
    private volatile PathQuality quality = PathQuality.UNKNOWN;
    private volatile long changes;

    NettyIcePath(SessionShell shell, NettyIcePeer peer, int streamIndex, String stream, int component) {
        this.shell = shell;
        this.peer = peer;
        this.streamIndex = streamIndex;
        this.stream = stream;
        this.component = component;
        this.ready = shell.newFuture();
        this.selected = shell.newFuture();
        this.sender = new PathSender(shell, this, counters);
        this.receiver = new PathReceiver(shell);
        this.faces = new PathFaces(shell, this);
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
        return PathSender.allocate(capacity);
    }

    @Override
    public SendResult send(ByteBuffer payload) {
        return sender.send(Objects.requireNonNull(payload, "packet"));
    }

    @Override
    public int sendBurst(List<ByteBuffer> packets) {
        return sender.sendBurst(Objects.requireNonNull(packets, "packets"));
    }

    /**
     * Sends one packet without copying it; never blocks. Any thread.
     *
     * @param payload the packet's readable bytes; ownership passes to the path, whatever the result. Bytes before its reader index
     *     may be overwritten where nobody else holds the buffer, see {@link #allocate}
     * @throws IllegalArgumentException when it is a STUN message, which ICE would swallow, or longer than {@link #MAX_PACKET}; the buffer
     *     is released
     */
    public SendResult send(ByteBuf payload) {
        Objects.requireNonNull(payload, "payload");
        IllegalArgumentException objection = OutboundPackets.objectionTo(payload);
        if (objection != null) {
            payload.release();
            throw objection;
        }
        return sender.send(payload, 1);
    }

    @Override
    public boolean isWritable() {
        return sender.isWritable();
    }

    @Override
    public void onReceive(Consumer<? super IcePacket> newReceiver) {
        receiver.onReceive(Objects.requireNonNull(newReceiver, "receiver"));
    }

    @Override
    public Channel channel() {
        return faces.channel();
    }

    @Override
    public DatagramSocket datagramSocket() {
        return faces.socket();
    }

    @Override
    public Optional<CandidatePair> current() {
        PathRoute way = sender.route();
        return way == null ? Optional.empty() : Optional.of(way.pair());
    }

    @Override
    public PathStatistics statistics() {
        PathRoute way = sender.route();
        askQuality();
        PathQuality known = quality;
        WallClock clock = new WallClock(MonotonicClock.now(), Instant.now());
        return new PathStatistics(
                clock.instant(),
                counters.packetsSent(),
                counters.bytesSent(),
                counters.packetsReceived(),
                counters.bytesReceived(),
                clock.instant(counters.lastSentAt()),
                clock.instant(counters.lastReceivedAt()),
                counters.packetsRefused(),
                counters.bytesRefused(),
                duration(known.roundTripNanos()),
                known.requestsSent(),
                known.requestsReceived(),
                known.responsesSent(),
                known.responsesReceived(),
                known.consentRequestsSent(),
                known.loss(),
                duration(known.consentAgeNanos()),
                changes,
                way != null && way.relayed(),
                Optional.ofNullable(lastChange));
    }

    private static Optional<Duration> duration(long nanos) {
        return nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }

    // The engine knows it, on its loop: what is read here is what it said when last asked, and it is asked again.
    private void askQuality() {
        if (shell.inEventLoop()) {
            readQuality();
        } else if (asking.compareAndSet(false, true)) {
            shell.perform(now -> {
                asking.set(false);
                readQuality();
            });
        }
    }

    private void readQuality() {
        quality = shell.engine().quality(MonotonicClock.now(), peer.number(), streamIndex, component);
    }

    @Override
    public String toString() {
        return "path " + stream + "/" + component;
    }

    /** Whether packets go over a channel of a relay now (RFC 8656 §12). Any thread. */
    boolean usesChannel() {
        PathRoute way = sender.route();
        return way != null && way.channel() != 0;
    }

    /** Where packets leave: the socket's address, or that of our relay. Any thread. */
    Optional<InetSocketAddress> localAddress() {
        PathRoute way = sender.route();
        if (way == null) {
            return Optional.empty();
        }
        return way.relayed()
                ? way.pair().local().address().socketAddress()
                : Optional.of(way.socket().localAddress());
    }

    /** Where packets end up: the peer's candidate. Any thread. */
    Optional<InetSocketAddress> remoteAddress() {
        PathRoute way = sender.route();
        return way == null ? Optional.empty() : way.pair().remote().address().socketAddress();
    }

    /** @throws IllegalStateException on an event loop, which must not wait */
    void requireMayWait() {
        shell.requireMayWait();
    }

    NettyIcePeer peer() {
        return peer;
    }

    int streamIndex() {
        return streamIndex;
    }

    /** Adds what has left from here on a pair. On the event loop. */
    void addTo(SentOnPair sum, PairStatistics pair) {
        counters.addTo(sum, pair.pair(), pair.generation());
    }

    PathSender sender() {
        return sender;
    }

    PathReceiver receiver() {
        return receiver;
    }

    /** Takes what became of a packet that the engine was to send. On the event loop. */
    void sentThroughEngine(int bytes, boolean sent) {
        if (sent) {
            counters.sent(bytes);
        } else {
            counters.refused(bytes);
        }
    }

    /** Takes a packet that arrived. On the event loop. */
    void received(long at, InetSocketAddress from, ByteBuffer payload) {
        counters.received(at, payload.remaining());
        receiver.received(from, payload);
    }

    /** As {@link PathSender#routeChanged}. On the event loop. */
    void routeChanged(@Nullable PathRoute newRoute, SendResult absent) {
        sender.routeChanged(newRoute, absent);
        if (newRoute != null) {
            ready = renewed(ready);
            ready.complete(null);
        }
    }

    /** The kernel takes more datagrams of this socket, or takes none. On the event loop. */
    void writabilityChanged(Endpoint socket) {
        PathRoute way = sender.route();
        if (way != null && socket.equals(way.socket())) {
            sender.review();
        }
    }

    /** Packets would be taken from now on, or would not. On the event loop. */
    void writabilityChanged(boolean writable) {
        faces.writabilityChanged();
        shell.events().tell(peer.number(), new IceEvent.WritabilityChanged(stream, component, writable));
    }

    void changed(PathChange cause) {
        lastChange = cause;
        changes = changes + 1; // the event loop alone writes it
        readQuality();
    }

    void streamSelected() {
        readQuality();
        selected = renewed(selected);
        selected.complete(null);
    }

    /** A restart goes on where this path had failed: there is something to wait for again. On the event loop. */
    void awaitAgain() {
        ready = renewed(ready);
        selected = renewed(selected);
    }

    private IceFuture<Void> renewed(IceFuture<Void> future) {
        return future.isCompletedExceptionally() ? shell.newFuture() : future;
    }

    /** What is still awaited will not come. On the event loop. */
    void failed(IceException failure) {
        ready.completeExceptionally(failure);
        selected.completeExceptionally(failure);
    }

    void closed(IceException failure) {
        sender.routeChanged(null, SendResult.NO_PATH);
        failed(failure);
        receiver.stop();
        faces.close();
    }
}
