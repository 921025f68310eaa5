// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import org.icepath.turn.wire.ChannelData;

/**
 * The cheapest relay there is: ChannelData with media in it goes back to its sender as it is. All else goes to a TURN server and back,
 * so that an allocation and its channel can be had through it.
 */
final class Reflector implements AutoCloseable {

    private static final int LARGEST_DATAGRAM = 2048;
    private static final int RTP_FIRST_BYTE = 0x80;

    private final InetSocketAddress server;
    private final Channel front;
    private final Channel back;
    private InetSocketAddress client = new InetSocketAddress(0);

    /** @param server behind it; with nobody there, only ChannelData is answered */
    Reflector(EventLoopGroup group, InetSocketAddress server) {
        this.server = server;
        this.front = bind(group, new Front());
        this.back = bind(group, new Back());
    }

    static Channel bind(EventLoopGroup group, ChannelInboundHandlerAdapter handler) {
        return new Bootstrap()
                .group(group)
                .channel(EpollDatagramChannel.class)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(LARGEST_DATAGRAM).maxMessagesPerRead(64))
                .handler(handler)
                .bind(new InetSocketAddress("127.0.0.1", 0))
                .syncUninterruptibly()
                .channel();
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

    private final class Front extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            DatagramPacket packet = (DatagramPacket) message;
            if (isMedia(packet.content())) {
                context.writeAndFlush(new DatagramPacket(packet.content(), packet.sender()), context.voidPromise());
            } else {
                client = packet.sender();
                back.writeAndFlush(new DatagramPacket(packet.content(), server), back.voidPromise());
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
