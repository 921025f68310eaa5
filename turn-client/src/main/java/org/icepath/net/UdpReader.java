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
 * <p>A received datagram is copied into one direct buffer for each event loop. That costs nothing visible and no object, while a
 * view of Netty's slice costs 128 bytes a packet.
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
    private boolean reading;
    private volatile boolean closing;
    private long unattributedFailures;

    UdpReader(UdpSocketListener listener) {
        this.listener = listener;
    }

    void belongTo(UdpSocket owner) {
        this.socket = owner;
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
        ByteBuffer payload = SCRATCH.get();
        payload.clear().limit(content.readableBytes());
        content.getBytes(content.readerIndex(), payload);
        payload.flip();
        listener.received(owner, packet.sender(), payload);
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
