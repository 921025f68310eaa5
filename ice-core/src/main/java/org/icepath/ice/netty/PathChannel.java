// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AbstractChannel;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.icepath.ice.IcePacket;
import org.icepath.ice.SendResult;
import org.jspecify.annotations.Nullable;

/**
 * A path as a datagram channel of Netty, see {@link org.icepath.ice.IcePath#channel}. Confined to the session's event loop, as any
 * channel is to its own.
 */
final class PathChannel extends AbstractChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false);
    private static final int MOST_HELD = 64;
    private static final int PATH_WRITABILITY = 1; // Netty's index of a reason of our own

    private final NettyIcePath path;
    private final ChannelConfig config;
    private final Consumer<IcePacket> taker = this::received;
    private final ArrayDeque<DatagramPacket> held = new ArrayDeque<>(0);

    private volatile boolean open = true;
    private @Nullable ChannelHandlerContext settled; // the last handler that is known to take messages
    private @Nullable ChannelHandlerContext awaited; // the last one that is about to
    private boolean readPending;
    private boolean reading;

    PathChannel(NettyIcePath path) {
        super(null);
        this.path = path;
        this.config = new DefaultChannelConfig(this);
        config.setAllocator(PooledByteBufAllocator.DEFAULT);
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open && isRegistered();
    }

    // Never cached, as the superclass would: the pair beneath a path changes.
    @Override
    public @Nullable SocketAddress localAddress() {
        return localAddress0();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return remoteAddress0();
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return path.localAddress().orElse(null);
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return path.remoteAddress().orElse(null);
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true; // there is no descriptor for it to watch
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new PathUnsafe();
    }

    @Override
    protected void doRegister(ChannelPromise registered) {
        path.receiver().onReceive(taker);
        reviewWritability();
        registered.setSuccess();
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException("a path is bound by ICE");
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doClose() {
        open = false;
        path.receiver().forget(taker);
        held.forEach(DatagramPacket::release);
        held.clear();
    }

    /** The path takes packets, or none. On the event loop. */
    void reviewWritability() {
        ChannelOutboundBuffer outbound = unsafe().outboundBuffer();
        if (outbound != null) {
            outbound.setUserDefinedWritability(PATH_WRITABILITY, path.isWritable());
        }
    }

    private void received(IcePacket packet) {
        if (!open) {
            return;
        }
        ByteBuffer payload = packet.payload();
        int length = payload.remaining();
        ByteBuf copy = config.getAllocator().directBuffer(length, length);
        copy.writeBytes(payload.duplicate());
        if (held.size() >= MOST_HELD) {
            held.remove().release(); // of media the oldest is worth the least
        }
        held.add(new DatagramPacket(copy, path.localAddress().orElse(null), packet.from()));
        deliver();
    }

    // Nobody handles packets yet, or has asked for them: they wait, as they would in a socket's buffer.
    private void deliver() {
        ChannelHandlerContext last = pipeline().lastContext();
        if (!readPending || reading || held.isEmpty() || last == null) {
            return;
        }
        if (last != settled) {
            awaitAdded();
            return;
        }
        reading = true;
        readPending = false;
        for (DatagramPacket next = held.poll(); next != null; next = held.poll()) {
            pipeline().fireChannelRead(next);
        }
        reading = false;
        pipeline().fireChannelReadComplete();
    }

    // A handler that another thread adds stands in the pipeline before it takes messages, and those that come meanwhile
    // go by it
    // and are lost. The pipeline holds its lock from the one until the task is queued that begins the other.
    private void awaitAdded() {
        ChannelHandlerContext seen;
        synchronized (pipeline()) {
            seen = pipeline().lastContext();
        }
        if (seen == awaited) {
            return;
        }
        awaited = seen;
        eventLoop().execute(() -> {
            settled = seen;
            deliver();
        });
    }

    @Override
    protected void doBeginRead() {
        readPending = true;
        if (!held.isEmpty()) {
            eventLoop().execute(this::deliver);
        }
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        Object content = message instanceof AddressedEnvelope<?, ?> envelope ? envelope.content() : message;
        if (!(content instanceof ByteBuf packet)) {
            throw new UnsupportedOperationException("expected a ByteBuf or a DatagramPacket, not "
                    + message.getClass().getName());
        }
        IllegalArgumentException objection = OutboundPackets.objectionTo(packet);
        if (objection != null) {
            throw objection;
        }
        return packet;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer outbound) {
        for (Object message = outbound.current(); message != null; message = outbound.current()) {
            ByteBuf packet = (ByteBuf) message;
            SendResult result =
                    path.sender().write(packet.retain(), 2); // the outbound buffer holds the other reference
            if (result == SendResult.SENT) {
                outbound.remove();
            } else {
                outbound.remove(UnsentPacketException.of(result));
            }
        }
        path.sender().flush();
    }

    private final class PathUnsafe extends AbstractUnsafe {

        @Override
        public void connect(SocketAddress remote, @Nullable SocketAddress local, ChannelPromise promise) {
            promise.setFailure(new UnsupportedOperationException("a path is connected by ICE"));
        }
    }
}
