// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.icepath.connection.ConnectionSettings;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.jspecify.annotations.Nullable;

/**
 * A connection over DTLS: a UDP socket of its own, connected to the server, and a {@link DtlsEngine} before it (RFC 7350 §4).
 *
 * <p>Nothing waits here: what the kernel does not take is dropped. Confined to its event loop.
 */
final class DtlsConnection extends ChannelConnection {

    private static final long FIRST_RETRANSMISSION_MILLIS = 500; // RFC 7350 §4.1
    private static final long LAST_RETRANSMISSION_MILLIS = 4_000;
    private static final int LARGEST_DATAGRAM = 4_096;

    private @Nullable DtlsEngine engine;
    private @Nullable ScheduledFuture<?> retransmission;

    DtlsConnection(
            EventLoops loops,
            EventLoop loop,
            Base base,
            InetSocketAddress remote,
            ConnectionSettings settings,
            Listener listener) {
        super(loops, loop, base, remote, settings, listener);
    }

    @Override
    public void start() {
        begin();
        loops.tlsContexts().datagrams(settings.tls()).whenCompleteAsync(this::connect, loop);
    }

    private void connect(@Nullable SSLContext tls, @Nullable Throwable failure) {
        if (!isOpening()) {
            return;
        }
        if (tls == null) {
            end(SocketFailures.causeOf(failure == null ? new SSLException("no DTLS") : failure));
            return;
        }
        DtlsEngine made = new DtlsEngine(
                TlsContexts.engine(tls, settings.tls(), remote.getHostString(), remote.getPort()), new EngineWire());
        engine = made;
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channelFactory(() -> loops.newDatagramChannel(base.address().getAddress()))
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(LARGEST_DATAGRAM).maxMessagesPerRead(64))
                .handler(new Reader())
                .connect(remote, base.address());
        hangOn(connecting.channel());
        connecting.addListener(done -> {
            if (done.isSuccess()) {
                perform(made::begin);
                retransmitAfter(FIRST_RETRANSMISSION_MILLIS);
            } else {
                end(SocketFailures.causeOf(done.cause()));
            }
        });
    }

    private void retransmitAfter(long millis) {
        if (isOpening()) {
            retransmission = loop.schedule(
                    () -> {
                        DtlsEngine current = engine;
                        if (isOpening() && current != null) {
                            perform(current::retransmit);
                            retransmitAfter(Math.min(2 * millis, LAST_RETRANSMISSION_MILLIS));
                        }
                    },
                    millis,
                    TimeUnit.MILLISECONDS);
        }
    }

    /** Something that is done with the engine. */
    private interface Step {
        void run() throws SSLException;
    }

    // The one place that catches what the engine makes of what has arrived.
    private void perform(Step step) {
        try {
            step.run();
        } catch (SSLException refused) {
            end(SocketFailures.causeOf(refused));
        }
    }

    @Override
    void sayLast() {
        DtlsEngine ending = engine;
        if (ending != null) {
            perform(ending::close);
        }
    }

    @Override
    void letGo() {
        ScheduledFuture<?> armed = retransmission;
        if (armed != null) {
            armed.cancel(false);
        }
    }

    @Override
    public boolean isWritable() {
        Channel made = channel();
        return isOpen() && made != null && made.isWritable();
    }

    @Override
    public ByteBuf allocate(int capacity) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(capacity, capacity);
    }

    @Override
    public void send(ByteBuffer payload, InetSocketAddress to) {
        DtlsEngine protector = engine;
        if (protector != null && isWritable()) {
            perform(() -> protector.send(payload));
        }
    }

    @Override
    public boolean send(ByteBuf datagram, InetSocketAddress to) {
        boolean room = isWritable();
        if (room) {
            send(datagram.nioBuffer(), to);
        }
        datagram.release();
        return room;
    }

    @Override
    public String toString() {
        return "DTLS connection to " + remote;
    }

    /** What the engine wants done. */
    private final class EngineWire implements DtlsEngine.Wire {

        @Override
        public void transmit(ByteBuffer datagram) {
            Channel made = channel();
            if (made != null) {
                ByteBuf copy = made.alloc().directBuffer(datagram.remaining()).writeBytes(datagram);
                made.writeAndFlush(copy, made.voidPromise());
            }
        }

        @Override
        public void deliver(ByteBuffer datagram) {
            listener().received(DtlsConnection.this, datagram);
        }

        @Override
        public void handshaken() {
            opened();
        }

        @Override
        public void ended() {
            end(new Cause(Cause.Kind.REFUSED, "the other end closed the connection"));
        }

        @Override
        public void calculate(Runnable task) {
            ForkJoinPool.commonPool().execute(() -> {
                task.run();
                loop.execute(() -> {
                    DtlsEngine current = engine;
                    if (!isClosed() && current != null) {
                        perform(current::calculated);
                    }
                });
            });
        }
    }

    /** The end of the channel's pipeline. */
    private final class Reader extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                DtlsEngine current = engine;
                if (message instanceof DatagramPacket packet && current != null && !isClosed()) {
                    perform(() -> current.receive(packet.content().nioBuffer()));
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (isOpen()) {
                listener().writabilityChanged(DtlsConnection.this);
            }
        }

        // Once it stands, an ICMP error may be forged, and what does not get through shows in time.
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            if (isOpening()) {
                end(SocketFailures.causeOf(failure));
            }
        }
    }
}
