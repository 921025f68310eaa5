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
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The limit of bursts: two Netty epoll channels, of which one sends what is joined already, and the other reads it so. */
final class BareBurstLane implements Lane {

    private static final int LARGEST_READ = 65_536;

    private final Channel sender;
    private final Channel receiver;
    private final InetSocketAddress to;
    private Runnable arrival = () -> {};
    private long seen;
    private @Nullable DatagramPacket taken; // as in BareLane

    BareBurstLane(EventLoopGroup group) {
        sender = bind(group);
        receiver = bind(group);
        to = (InetSocketAddress) receiver.localAddress();
    }

    private Channel bind(EventLoopGroup group) {
        return new Bootstrap()
                .group(group)
                .channel(EpollDatagramChannel.class)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(EpollChannelOption.UDP_GRO, true)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(LARGEST_READ).maxMessagesPerRead(64))
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
    public int packets() {
        return BURST;
    }

    @Override
    public void send() {
        int bytes = BURST * BURST_PACKET_BYTES;
        ByteBuf packets = sender.alloc().directBuffer(bytes, bytes);
        for (int start = 0; start < bytes; start += BURST_PACKET_BYTES) {
            packets.setByte(start, 0x80);
        }
        packets.writerIndex(bytes);
        sender.writeAndFlush(new SegmentedDatagramPacket(packets, BURST_PACKET_BYTES, to), sender.voidPromise());
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
