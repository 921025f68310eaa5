// SPDX-License-Identifier: Apache-2.0
package org.icepath.net.mdns;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.icepath.net.EventLoops;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;

/**
 * One socket of each family on port 5353, shared with whatever else on this machine speaks multicast DNS, and in the group on every
 * interface. Confined to one event loop.
 */
final class GroupSockets implements AutoCloseable {

    private final EventLoops loops;
    private final EventLoop loop;
    private final Listener listener;
    private final Map<Base, Way> ways = new HashMap<>();
    private final List<DatagramChannel> channels = new ArrayList<>();
    private boolean closed;
    private long lastBase;

    /** How the datagrams of a base leave. */
    private record Way(DatagramChannel channel, NetworkInterface over) {}

    /** Hears what the sockets have to say, on the event loop. */
    interface Listener {

        /** The group can be reached this way. */
        void opened(Base base);

        /** @param payload borrowed for the call */
        void received(Base base, InetSocketAddress from, ByteBuffer payload);

        /** There is no socket, or no group, of this kind. */
        void failed(String what, Throwable why);
    }

    GroupSockets(EventLoops loops, EventLoop loop, Listener listener) {
        this.loops = loops;
        this.loop = loop;
        this.listener = listener;
    }

    void open() {
        List<NetworkInterface> interfaces = interfaces();
        open(any(4), MulticastDnsMachine.IPV4_GROUP, interfaces);
        open(any(16), MulticastDnsMachine.IPV6_GROUP, interfaces);
    }

    private void open(InetAddress local, InetAddress group, List<NetworkInterface> interfaces) {
        List<NetworkInterface> able = interfaces.stream()
                .filter(each -> each.inetAddresses().anyMatch(address -> isIpv4(address) == isIpv4(local)))
                .toList();
        if (able.isEmpty()) {
            return;
        }
        new Bootstrap()
                .group(loop)
                .channelFactory(() -> loops.newDatagramChannel(local))
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.SO_REUSEADDR, true)
                .handler(new Ear())
                .bind(new InetSocketAddress(local, MulticastDnsMachine.PORT))
                .addListener((ChannelFuture bound) -> bound(bound, group, able));
    }

    private void bound(ChannelFuture bound, InetAddress group, List<NetworkInterface> interfaces) {
        if (!bound.isSuccess()) {
            listener.failed("port " + MulticastDnsMachine.PORT, bound.cause());
            return;
        }
        DatagramChannel channel = (DatagramChannel) bound.channel();
        if (closed) {
            channel.close();
            return;
        }
        channels.add(channel);
        InetSocketAddress address = new InetSocketAddress(group, MulticastDnsMachine.PORT);
        interfaces.forEach(each -> channel.joinGroup(address, each).addListener(joined -> {
            if (joined.isSuccess() && !closed) {
                Base base = new Base(++lastBase, Transport.UDP, channel.localAddress());
                ways.put(base, new Way(channel, each));
                listener.opened(base);
            } else if (!closed) {
                listener.failed("the group on " + each.getName(), joined.cause());
            }
        }));
    }

    /** Sends to a group over the interface of a base. */
    void send(Base base, InetSocketAddress to, ByteBuffer payload) {
        Way way = ways.get(base);
        if (way == null) {
            return;
        }
        ByteBuf copy = Unpooled.copiedBuffer(payload.duplicate());
        way.channel().config().setNetworkInterface(way.over());
        way.channel().writeAndFlush(new DatagramPacket(copy, to)).addListener(sent -> {
            if (!sent.isSuccess() && !closed) {
                listener.failed("a message over " + way.over().getName(), sent.cause());
            }
        });
    }

    /** The bases that stand. */
    List<Base> bases() {
        return List.copyOf(ways.keySet());
    }

    @Override
    public void close() {
        closed = true;
        channels.forEach(DatagramChannel::close);
        channels.clear();
        ways.clear();
    }

    private static boolean isIpv4(InetAddress address) {
        return address instanceof Inet4Address;
    }

    // Loopback, too: both ends of a call may be on this machine, which may have no network at all.
    private static List<NetworkInterface> interfaces() {
        try {
            List<NetworkInterface> all = new ArrayList<>();
            for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
                if (each.isUp() && (each.supportsMulticast() || each.isLoopback())) {
                    all.add(each);
                }
            }
            return all;
        } catch (SocketException unlisted) {
            return List.of();
        }
    }

    private static InetAddress any(int length) {
        try {
            return InetAddress.getByAddress(new byte[length]);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What arrives on a socket came over one of its interfaces, and the machine answers on all: any of its bases will do. */
    private final class Ear extends SimpleChannelInboundHandler<DatagramPacket> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            ways.entrySet().stream()
                    .filter(each -> each.getValue().channel() == context.channel())
                    .findFirst()
                    .ifPresent(each -> listener.received(
                            each.getKey(), packet.sender(), packet.content().nioBuffer()));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            listener.failed("a socket", cause);
        }
    }
}
