// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The limit: two Netty epoll channels with one handler that looks at the packet and releases it. */
final class BareLane implements Lane {

    private static final int LARGEST_DATAGRAM = 2048;

    private final Channel sender;
    private final Channel receiver;
    private final InetSocketAddress to;
    private Runnable arrival = () -> {};
    private long seen;

    // What an application does with a packet is never so little that it disappears in Netty's read loop. If it did
    // here, the compiler would take away the packet and the address that Netty makes, and the limit would be nobody's.
    private @Nullable DatagramPacket taken;

    BareLane(EventLoopGroup group) {
        sender = bind(group);
        receiver = bind(group);
        to = (InetSocketAddress) receiver.localAddress();
    }

    private Channel bind(EventLoopGroup group) {
        return new Bootstrap()
                .group(group)
                .channel(EpollDatagramChannel.class)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(LARGEST_DATAGRAM).maxMessagesPerRead(64))
                .handler(new Arrivals())
                .bind(new InetSocketAddress("127.0.0.1", 0))
                .syncUninterruptibly()
                .channel();
    }

    @Override
    public EventLoop loop() {
        return sender.eventLoop();
    }

    @Override
    public void onArrival(Runnable newArrival) {
        arrival = newArrival;
    }

    @Override
    public void send() {
        ByteBuf packet = sender.alloc().directBuffer(PACKET_BYTES, PACKET_BYTES);
        packet.setByte(0, 0x80).writerIndex(PACKET_BYTES);
        sender.writeAndFlush(new DatagramPacket(packet, to), sender.voidPromise());
    }

    @Override
    public void close() {
        sender.close().syncUninterruptibly();
        receiver.close().syncUninterruptibly();
    }

    private final class Arrivals extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            DatagramPacket packet = (DatagramPacket) message;
            taken = packet;
            seen += packet.content().getByte(packet.content().readerIndex());
            packet.release();
            arrival.run();
        }
    }
}
