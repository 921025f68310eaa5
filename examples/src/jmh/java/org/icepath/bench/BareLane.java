// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
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
import org.icepath.turn.wire.ChannelData;
import org.jspecify.annotations.Nullable;

/**
 * The limit: Netty epoll channels with one handler that looks at the packet and releases it. Bursts are joined already when they are sent,
 * and are read joined. What goes to a relay is ChannelData from the start, to the same {@link Reflector} and back.
 */
final class BareLane implements Lane {

    private static final int LARGEST_DATAGRAM = 2_048;
    private static final int LARGEST_JOINED = 65_536;
    private static final byte RTP = (byte) 0x80;

    private final Channel sender;
    private final InetSocketAddress to;
    private final Runnable otherEnd;
    private final Arrivals arrivals;
    private final int packets;
    private final int payloadBytes;

    private BareLane(Channel sender, InetSocketAddress to, Runnable otherEnd, Arrivals arrivals, int packets) {
        this.sender = sender;
        this.to = to;
        this.otherEnd = otherEnd;
        this.arrivals = arrivals;
        this.packets = packets;
        this.payloadBytes = packets == 1 ? PACKET_BYTES : BURST_PACKET_BYTES;
    }

    /**
     * From one channel to another.
     *
     * @param packets sent at a time
     */
    static BareLane direct(EventLoopGroup group, int packets) {
        Arrivals arrivals = new Arrivals(0);
        Channel receiver = bind(group, packets, arrivals);
        InetSocketAddress to = (InetSocketAddress) receiver.localAddress();
        Channel sender = bind(group, packets, new Arrivals(0));
        return new BareLane(sender, to, () -> receiver.close().syncUninterruptibly(), arrivals, packets);
    }

    /**
     * From a channel to a relay and back.
     *
     * @param packets sent at a time
     */
    static BareLane relayed(EventLoopGroup group, int packets) {
        Arrivals arrivals = new Arrivals(ChannelData.HEADER_LENGTH);
        Reflector relay = new Reflector(group, new InetSocketAddress("127.0.0.1", 9), packets);
        return new BareLane(bind(group, packets, arrivals), relay.address(), relay::close, arrivals, packets);
    }

    /**
     * Binds a channel to loopback.
     *
     * @param packets that arrive at a time; more than one are read as the kernel has joined them
     */
    static Channel bind(EventLoopGroup group, int packets, ChannelHandler handler) {
        int largest = packets == 1 ? LARGEST_DATAGRAM : LARGEST_JOINED;
        return new Bootstrap()
                .group(group)
                .channel(EpollDatagramChannel.class)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(EpollChannelOption.UDP_GRO, packets > 1)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(largest).maxMessagesPerRead(64))
                .handler(handler)
                .bind(new InetSocketAddress("127.0.0.1", 0))
                .syncUninterruptibly()
                .channel();
    }

    @Override
    public EventLoop loop() {
        return sender.eventLoop();
    }

    @Override
    public void onArrival(Runnable arrival) {
        arrivals.arrival = arrival;
    }

    @Override
    public int packets() {
        return packets;
    }

    @Override
    public void send() {
        int header = arrivals.payloadAt;
        int each = header + payloadBytes;
        int bytes = packets * each;
        ByteBuf all = sender.alloc().directBuffer(bytes, bytes);
        for (int start = 0; start < bytes; start += each) {
            if (header > 0) {
                all.setInt(start, ChannelData.MIN_CHANNEL << 16 | payloadBytes);
            }
            all.setByte(start + header, RTP);
        }
        all.writerIndex(bytes);
        sender.writeAndFlush(
                packets == 1 ? new DatagramPacket(all, to) : new SegmentedDatagramPacket(all, each, to),
                sender.voidPromise());
    }

    @Override
    public void close() {
        sender.close().syncUninterruptibly();
        otherEnd.run();
    }

    private static final class Arrivals extends ChannelInboundHandlerAdapter {

        private final int payloadAt;
        private Runnable arrival = () -> {};
        private long seen;

        // What an application does with a packet is never so little that it disappears
        // in Netty's read loop. If it did here, the compiler would take away the
        // packet and the address that Netty makes, and the limit would be nobody's.
        private @Nullable DatagramPacket taken;

        /** @param payloadAt bytes before a packet's own */
        Arrivals(int payloadAt) {
            this.payloadAt = payloadAt;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            DatagramPacket packet = (DatagramPacket) message;
            taken = packet;
            seen += packet.content().getByte(packet.content().readerIndex() + payloadAt);
            packet.release();
            arrival.run();
        }
    }
}
