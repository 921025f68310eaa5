// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.FastThreadLocal;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The end of a UDP channel's pipeline: turns what Netty says into calls of a {@link UdpSocketListener}.
 *
 * <p>A received datagram is handed on where it lies in the event loop's buffer ({@link ReadBuffer}); what lies elsewhere is copied into
 * another one. That costs nothing visible and no object, while a view of Netty's slice costs 128 bytes a packet.
 */
final class UdpReader extends ChannelInboundHandlerAdapter {

    private static final int LARGEST_DATAGRAM = 65_535;

    private static final FastThreadLocal<ByteBuffer> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected ByteBuffer initialValue() {
            return ByteBuffer.allocateDirect(LARGEST_DATAGRAM);
        }
    };

    private final UdpSocketListener listener;

    private @Nullable UdpSocket socket;
    private @Nullable ReadBuffer buffer;
    private boolean reading;
    private long read;
    private volatile boolean closing;
    private long unattributedFailures;

    UdpReader(UdpSocketListener listener) {
        this.listener = listener;
    }

    void belongTo(UdpSocket owner) {
        this.socket = owner;
    }

    /** The number of the system call that what is being handed over came by; 0 when it is not known. */
    long read() {
        return read;
    }

    boolean isReading() {
        return reading;
    }

    void closing() {
        closing = true;
    }

    long unattributedFailures() {
        return unattributedFailures;
    }

    void reportSendFailure(InetSocketAddress to, Throwable failure) {
        UdpSocket owner = socket;
        if (owner != null && !closing) {
            listener.sendFailed(owner, to, SocketFailures.causeOf(failure));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        reading = true;
        try {
            if (message instanceof DatagramPacket packet) {
                deliver(packet);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void deliver(DatagramPacket packet) {
        UdpSocket owner = socket;
        if (owner == null || closing) {
            return;
        }
        ByteBuf content = packet.content();
        ReadBuffer known = buffer;
        if (known == null) {
            known = ReadBuffer.ofLoopIfAny();
            buffer = known;
        }
        ByteBuffer inPlace = known == null ? null : known.view(content);
        read = known == null ? 0 : known.reads();
        listener.received(owner, packet.sender(), inPlace == null ? copy(content) : inPlace);
    }

    private static ByteBuffer copy(ByteBuf content) {
        ByteBuffer payload = SCRATCH.get();
        payload.clear().limit(content.readableBytes());
        content.getBytes(content.readerIndex(), payload);
        return payload.flip();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
        UdpSocket owner = socket;
        if (owner != null) {
            owner.writer().flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        UdpSocket owner = socket;
        if (owner != null && !closing) {
            listener.writabilityChanged(owner);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        UdpSocket owner = socket;
        if (owner == null || !owner.writer().failed(failure)) {
            unattributedFailures++;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        UdpSocket owner = socket;
        if (owner == null) {
            return;
        }
        owner.writer().clear();
        if (!closing) {
            listener.lost(owner, UdpSocket.gone());
        }
    }
}
