// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.icepath.connection.ConnectionSettings;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A connection over TCP or TLS, with datagrams framed on it; on demand through a proxy.
 *
 * <p>Media that the network does not take at once waits in a {@link MediaQueue}; control messages go before it, and are dropped only when
 * {@value #MOST_BACKLOG} bytes wait in the channel. Confined to its event loop.
 */
final class StreamConnection extends ChannelConnection {

    private static final int MOST_BACKLOG = 1 << 18;
    static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(8 << 10, 32 << 10);

    private final MediaQueue waiting;
    private final StreamReader reader;
    private volatile Framing framing;
    private volatile boolean crowded;
    private @Nullable ProxyRace race;

    StreamConnection(
            EventLoops loops,
            EventLoop loop,
            Base base,
            InetSocketAddress remote,
            Framing framing,
            ConnectionSettings settings,
            Listener listener) {
        super(loops, loop, base, remote, settings, listener);
        this.framing = framing;
        this.waiting = new MediaQueue(settings.queueBytes());
        this.reader = new StreamReader(this, framing);
    }

    /** Lays what comes next on the stream in another way. */
    void reframe(Framing next) {
        framing = next;
        reader.reframe(next);
    }

    /**
     * Begins on a channel that was accepted, in place of {@link #start}.
     *
     * @param tls null over TCP
     */
    void start(Channel accepted, @Nullable SslContext tls) {
        begin();
        hangOn(accepted);
        if (tls == null) {
            accepted.pipeline().addLast(reader);
            greet();
            return;
        }
        SslHandler handler = tls.newHandler(PooledByteBufAllocator.DEFAULT, ForkJoinPool.commonPool());
        handler.setHandshakeTimeoutMillis(0);
        accepted.pipeline().addLast(handler, reader);
        openWith(handler.handshakeFuture());
    }

    @Override
    public void start() {
        begin();
        Proxies.addresses(settings.proxy(), loops, loop).whenComplete((proxies, failure) -> {
            if (failure != null) {
                end(SocketFailures.causeOf(failure));
            } else if (base.transport() == Transport.TLS) {
                loops.tlsContexts()
                        .client(settings.tls())
                        .whenCompleteAsync((tls, unusable) -> connect(proxies, tls, unusable), loop);
            } else {
                connect(proxies, null, null);
            }
        });
    }

    private void connect(List<InetSocketAddress> proxies, @Nullable SslContext tls, @Nullable Throwable failure) {
        if (!isOpening()) {
            return;
        }
        SslHandler secure = tls == null ? null : secure(tls);
        if (failure != null) {
            end(SocketFailures.causeOf(failure));
        } else if (proxies.isEmpty()) {
            connect(secure);
        } else {
            race = new ProxyRace(loop, settings.proxy(), proxies, this::bootstrap, base, remote, new Tunnel(secure));
            race.run();
        }
    }

    private void connect(@Nullable SslHandler secure) {
        boolean anywhere = base.address().getAddress().isAnyLocalAddress();
        ChannelFuture connecting = bootstrap(pipeline(secure)).connect(remote, anywhere ? null : base.address());
        hangOn(connecting.channel());
        connecting.addListener(this::endUnlessSuccessful);
        openWith(secure == null ? connecting : secure.handshakeFuture());
    }

    private void openWith(Future<?> last) {
        last.addListener(done -> {
            endUnlessSuccessful(done);
            greet();
        });
    }

    private void endUnlessSuccessful(Future<?> step) {
        if (!step.isSuccess()) {
            boolean hungUp = step.cause() instanceof ClosedChannelException; // what we close ourselves has ended before
            end(
                    hungUp
                            ? new Cause(Cause.Kind.REFUSED, "the other side has closed it before it stood")
                            : SocketFailures.causeOf(step.cause()));
        }
    }

    private SslHandler secure(SslContext tls) {
        // The handshake's arithmetic takes milliseconds, cold some hundred: not on the loop that media runs on.
        SslHandler handler = tls.newHandler(
                PooledByteBufAllocator.DEFAULT, remote.getHostString(), remote.getPort(), ForkJoinPool.commonPool());
        handler.setHandshakeTimeoutMillis(0); // the deadline is for the whole connection
        return handler;
    }

    private ChannelInitializer<Channel> pipeline(@Nullable SslHandler secure) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel made) {
                lay(made, secure);
            }
        };
    }

    private void lay(Channel made, @Nullable SslHandler secure) {
        if (secure != null) {
            made.pipeline().addLast(secure);
        }
        made.pipeline().addLast(reader);
    }

    private Bootstrap bootstrap(ChannelInitializer<Channel> pipeline) {
        Bootstrap bootstrap = new Bootstrap();
        if (base.address().getPort() != 0) {
            loops.leaveFromAcceptingPort(bootstrap);
        }
        return loops.streamOptions(bootstrap
                .group(loop)
                .channelFactory(loops::newSocketChannel)
                .resolver(NoopAddressResolverGroup.INSTANCE)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0) // the deadline is for the whole connection
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .handler(pipeline));
    }

    /** Says what goes before the first datagram, where the framing has such a thing. */
    private void greet() {
        Channel made = channel();
        if (isOpening() && made != null) {
            framing.greeting()
                    .ifPresentOrElse(
                            greeting -> made.pipeline()
                                    .addBefore(
                                            made.pipeline().context(reader).name(),
                                            null,
                                            new GreetingHandler(greeting, this, this::opened)),
                            this::opened);
        }
    }

    /** Takes a datagram; false if no more are wanted. */
    boolean received(ByteBuffer datagram) {
        if (isOpen()) {
            listener().received(this, datagram);
        }
        return isOpen();
    }

    @Override
    void letGo() {
        waiting.clear();
        ProxyRace running = race;
        if (running != null) {
            running.cancel();
        }
    }

    /** Sends what has been waiting, as far as the channel takes it. */
    void sendWaiting() {
        Channel made = channel();
        if (!isOpen() || made == null) {
            return;
        }
        boolean some = !waiting.isEmpty();
        while (made.isWritable()) {
            ByteBuf next = waiting.poll();
            if (next == null) {
                break;
            }
            made.write(next, made.voidPromise());
        }
        if (some) {
            made.flush();
        }
        if (waiting.isEmpty() && (some || made.isWritable())) {
            crowded(false);
        }
    }

    private void crowded(boolean now) {
        if (crowded != now) {
            crowded = now;
            listener().writabilityChanged(this);
        }
    }

    @Override
    public boolean isWritable() {
        return isOpen() && !crowded;
    }

    @Override
    public boolean queues() {
        return isOpen();
    }

    @Override
    public ByteBuf allocate(int capacity) {
        int trailer = framing.trailerLength(capacity);
        int header = framing.headerLength(capacity);
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(header + capacity + trailer);
        return buffer.setIndex(header, header);
    }

    @Override
    public void send(ByteBuffer payload, InetSocketAddress to) {
        Channel made = channel();
        if (!isOpen() || made == null || (!made.isWritable() && made.bytesBeforeWritable() > MOST_BACKLOG)) {
            return;
        }
        ByteBuf datagram = allocate(payload.remaining()).writeBytes(payload.duplicate());
        write(made, framed(datagram));
    }

    @Override
    public int longestDatagram() {
        return framing.longestPayload();
    }

    @Override
    public boolean offer(ByteBuffer payload, InetSocketAddress to) {
        Channel made = channel();
        if (!isOpen() || made == null) {
            return false;
        }
        if (!made.isWritable() || !waiting.isEmpty()) {
            crowded(true);
            return false;
        }
        write(made, framed(allocate(payload.remaining()).writeBytes(payload.duplicate())));
        return true;
    }

    @Override
    public boolean send(ByteBuf datagram, InetSocketAddress to) {
        Channel made = channel();
        if (!isOpen() || made == null) {
            datagram.release();
            return false;
        }
        ByteBuf frame = framed(datagram);
        if (!made.isWritable() || !waiting.isEmpty()) {
            boolean fits = waiting.add(frame);
            crowded(!waiting.isEmpty());
            return fits;
        }
        write(made, frame);
        return true;
    }

    // Answers to a burst leave as a burst: while datagrams are being read, the flush waits for the end of the read.
    private void write(Channel made, ByteBuf frame) {
        if (reader.isReading()) {
            made.write(frame, made.voidPromise());
        } else {
            made.writeAndFlush(frame, made.voidPromise());
        }
    }

    /** Lays a datagram out for the stream: in place where there is room around it and the buffer is nobody else's. */
    private ByteBuf framed(ByteBuf datagram) {
        int length = datagram.readableBytes();
        int header = framing.headerLength(length);
        int trailer = framing.trailerLength(length);
        boolean room = datagram.readerIndex() >= header && datagram.maxWritableBytes() >= trailer;
        if (header + trailer > 0 && (!room || datagram.refCnt() > 1 || datagram.isReadOnly())) {
            ByteBuf copy = allocate(length).writeBytes(datagram, datagram.readerIndex(), length);
            datagram.release();
            return framed(copy);
        }
        if (header > 0) {
            int start = datagram.readerIndex() - header;
            ByteBuffer into = datagram.nioBuffer(start, header + length);
            ByteBuffer payload = into.duplicate().position(header);
            framing.writeHeader(into, payload);
            datagram.readerIndex(start);
        }
        return datagram.writeZero(trailer);
    }

    @Override
    public String toString() {
        return base.transport() + " connection to " + remote;
    }

    /** What goes on once a proxy has connected to the server. */
    private final class Tunnel implements ProxyRace.Outcome {

        private final @Nullable SslHandler secure;

        Tunnel(@Nullable SslHandler secure) {
            this.secure = secure;
        }

        @Override
        public void through(Channel channel, Future<Channel> whole) {
            hangOn(channel);
            lay(channel, secure);
            openWith(secure == null ? whole : secure.handshakeFuture());
        }

        @Override
        public void failed(Throwable failure) {
            Cause cause = SocketFailures.causeOf(failure);
            String by = settings.proxy().host() + " port " + settings.proxy().port();
            end(new Cause(cause.kind(), "by the proxy " + by + ": " + cause.detail()));
        }
    }
}
