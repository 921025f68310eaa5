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
import io.netty.util.concurrent.Future;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.icepath.net.EventLoops;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.jspecify.annotations.Nullable;

/**
 * One socket of each family on port 5353, shared with whatever else on this machine speaks multicast DNS, and in the group on every
 * interface. Confined to one event loop.
 */
final class GroupSockets implements AutoCloseable {

    private final EventLoops loops;
    private final EventLoop loop;
    private final Supplier<List<NetworkInterface>> interfaces;
    private final Listener listener;
    private final Map<Base, Way> ways = new HashMap<>();
    private final Family ipv4 = new Family(any(4), MulticastDnsMachine.IPV4_GROUP);
    private final Family ipv6 = new Family(any(16), MulticastDnsMachine.IPV6_GROUP);
    private boolean closed;
    private long lastBase;

    /** How the datagrams of a base leave. */
    private record Way(DatagramChannel channel, NetworkInterface over) {}

    /** The socket of one family, and where it is in the group. */
    private static final class Family {

        private final InetAddress local;
        private final InetSocketAddress group;
        private final Set<Integer> joined = new HashSet<>(); // the system's numbers of interfaces
        private List<NetworkInterface> able = List.of();
        private boolean binding;
        private @Nullable DatagramChannel channel;

        Family(InetAddress local, InetAddress group) {
            this.local = local;
            this.group = new InetSocketAddress(group, MulticastDnsMachine.PORT);
        }

        void close() {
            DatagramChannel open = channel;
            if (open != null) {
                open.close();
                channel = null;
            }
        }
    }

    /** Hears what the sockets have to say, on the event loop. */
    interface Listener {

        /** The group can be reached this way. */
        void opened(Base base);

        /** @param payload borrowed for the call */
        void received(Base base, InetSocketAddress from, ByteBuffer payload);

        /** The group cannot be reached this way any more. */
        void closed(Base base);

        /** There is no socket, or no group, of this kind. */
        void failed(String what, Throwable why);
    }

    /** @param interfaces those that are up and take part, as they are now */
    GroupSockets(EventLoops loops, EventLoop loop, Supplier<List<NetworkInterface>> interfaces, Listener listener) {
        this.loops = loops;
        this.loop = loop;
        this.interfaces = interfaces;
        this.listener = listener;
    }

    /** Opens sockets, or follows the interfaces that have come and gone since. */
    void update() {
        List<NetworkInterface> present = interfaces.get();
        update(ipv4, present);
        update(ipv6, present);
    }

    private void update(Family family, List<NetworkInterface> present) {
        family.able = present.stream()
                .filter(each -> each.inetAddresses().anyMatch(address -> isIpv4(address) == isIpv4(family.local)))
                .toList();
        if (family.channel != null) {
            leave(family);
            join(family);
        } else if (!family.able.isEmpty() && !family.binding) {
            bind(family);
        }
    }

    private void bind(Family family) {
        family.binding = true;
        new Bootstrap()
                .group(loop)
                .channelFactory(() -> loops.newDatagramChannel(family.local))
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.SO_REUSEADDR, true)
                .handler(new Ear())
                .bind(new InetSocketAddress(family.local, MulticastDnsMachine.PORT))
                .addListener((ChannelFuture bound) -> bound(bound, family));
    }

    private void bound(ChannelFuture bound, Family family) {
        family.binding = false;
        if (!bound.isSuccess()) {
            listener.failed("port " + MulticastDnsMachine.PORT, bound.cause());
        } else if (closed) {
            bound.channel().close();
        } else {
            family.channel = (DatagramChannel) bound.channel();
            join(family);
        }
    }

    private void join(Family family) {
        DatagramChannel channel = family.channel;
        for (NetworkInterface each : family.able) {
            if (channel != null && family.joined.add(each.getIndex())) {
                channel.joinGroup(family.group, each).addListener(joined -> joined(joined, family, channel, each));
            }
        }
    }

    private void joined(Future<?> joined, Family family, DatagramChannel channel, NetworkInterface over) {
        if (joined.isSuccess() && !closed) {
            Base base = new Base(++lastBase, Transport.UDP, channel.localAddress());
            ways.put(base, new Way(channel, over));
            listener.opened(base);
        } else if (!closed) {
            family.joined.remove(over.getIndex());
            listener.failed("the group on " + over.getName(), joined.cause());
        }
    }

    // One that comes back may have the same number: the system would refuse to join a group twice.
    private void leave(Family family) {
        Map<Base, Way> gone = new HashMap<>(ways);
        gone.values()
                .removeIf(way -> way.channel() != family.channel
                        || family.able.stream()
                                .anyMatch(each -> each.getIndex() == way.over().getIndex()));
        gone.forEach((base, way) -> {
            ways.remove(base);
            family.joined.remove(way.over().getIndex());
            way.channel().leaveGroup(family.group, way.over());
            listener.closed(base);
        });
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
        ipv4.close();
        ipv6.close();
        ways.clear();
    }

    private static boolean isIpv4(InetAddress address) {
        return address instanceof Inet4Address;
    }

    // Loopback, too: both ends of a call may be on this machine, which may have no network at all.
    static List<NetworkInterface> interfaces() {
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
