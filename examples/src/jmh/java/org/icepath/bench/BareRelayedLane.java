// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import org.icepath.turn.wire.ChannelData;
import org.jspecify.annotations.Nullable;

/** The limit of {@link RelayedLane}: a bare channel whose packets are ChannelData from the start, to the same {@link Reflector} and back. */
final class BareRelayedLane implements Lane {

    private static final int DATAGRAM_BYTES = ChannelData.HEADER_LENGTH + PACKET_BYTES;

    private final Reflector relay;
    private final Channel channel;
    private final InetSocketAddress to;
    private Runnable arrival = () -> {};
    private long seen;

    // What an application does with a packet is never so little that it disappears in Netty's read loop. If it did
    // here, the compiler would take away the packet and the address that Netty makes, and the limit would be nobody's.
    private @Nullable DatagramPacket taken;

    BareRelayedLane(EventLoopGroup group) {
        relay = new Reflector(group, new InetSocketAddress("127.0.0.1", 9));
        channel = Reflector.bind(group, new Arrivals());
        to = relay.address();
    }

    @Override
    public EventLoop loop() {
        return channel.eventLoop();
    }

    @Override
    public void onArrival(Runnable newArrival) {
        arrival = newArrival;
    }

    @Override
    public void send() {
        ByteBuf packet = channel.alloc().directBuffer(DATAGRAM_BYTES, DATAGRAM_BYTES);
        packet.setInt(0, ChannelData.MIN_CHANNEL << 16 | PACKET_BYTES)
                .setByte(ChannelData.HEADER_LENGTH, 0x80)
                .writerIndex(DATAGRAM_BYTES);
        channel.writeAndFlush(new DatagramPacket(packet, to), channel.voidPromise());
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        relay.close();
    }

    private final class Arrivals extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            DatagramPacket packet = (DatagramPacket) message;
            taken = packet;
            seen += packet.content().getByte(packet.content().readerIndex() + ChannelData.HEADER_LENGTH);
            packet.release();
            arrival.run();
        }
    }
}
