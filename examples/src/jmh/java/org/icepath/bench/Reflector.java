// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import org.icepath.turn.wire.ChannelData;

/**
 * The cheapest relay there is: ChannelData with media in it goes back to its sender as it is, a burst as a burst. All else goes to a TURN
 * server and back, so that an allocation and its channel can be had through it.
 */
final class Reflector implements AutoCloseable {

    private static final int LARGEST_JOINED = 65_507;
    private static final int RTP_FIRST_BYTE = 0x80;

    private final InetSocketAddress server;
    private final Channel front;
    private final Channel back;
    private InetSocketAddress client = new InetSocketAddress(0);

    /**
     * A relay that stands.
     *
     * @param server behind it; with nobody there, only ChannelData is answered
     * @param packets that come at a time
     */
    Reflector(EventLoopGroup group, InetSocketAddress server, int packets) {
        this.server = server;
        this.front = BareLane.bind(group, packets, packets == 1 ? new Front() : new JoiningFront());
        this.back = BareLane.bind(group, 1, new Back());
    }

    InetSocketAddress address() {
        return (InetSocketAddress) front.localAddress();
    }

    @Override
    public void close() {
        front.close().syncUninterruptibly();
        back.close().syncUninterruptibly();
    }

    private static boolean isMedia(ByteBuf datagram) {
        int start = datagram.readerIndex();
        return datagram.readableBytes() > ChannelData.HEADER_LENGTH
                && ChannelData.isChannel(datagram.getUnsignedShort(start))
                && datagram.getUnsignedByte(start + ChannelData.HEADER_LENGTH) >= RTP_FIRST_BYTE;
    }

    private class Front extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            DatagramPacket packet = (DatagramPacket) message;
            if (isMedia(packet.content())) {
                reflect(context, packet);
            } else {
                client = packet.sender();
                back.writeAndFlush(new DatagramPacket(packet.content(), server), back.voidPromise());
            }
        }

        void reflect(ChannelHandlerContext context, DatagramPacket media) {
            context.writeAndFlush(new DatagramPacket(media.content(), media.sender()), context.voidPromise());
        }
    }

    /** Has what it has read at a time leave at a time: it comes from one client, in packets of one length. */
    private final class JoiningFront extends Front {

        private ByteBuf joined = Unpooled.EMPTY_BUFFER;
        private int segmentBytes;

        @Override
        void reflect(ChannelHandlerContext context, DatagramPacket media) {
            client = media.sender();
            segmentBytes = media.content().readableBytes();
            if (!joined.isReadable()) {
                joined = context.alloc().directBuffer(LARGEST_JOINED, LARGEST_JOINED);
            }
            joined.writeBytes(media.content());
            media.release();
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            if (joined.isReadable()) {
                context.writeAndFlush(new SegmentedDatagramPacket(joined, segmentBytes, client), context.voidPromise());
                joined = Unpooled.EMPTY_BUFFER;
            }
        }
    }

    private final class Back extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            DatagramPacket packet = (DatagramPacket) message;
            front.writeAndFlush(new DatagramPacket(packet.content(), client), front.voidPromise());
        }
    }
}
