// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.icepath.sansio.Cause;
import org.jspecify.annotations.Nullable;

/** The TCP of one host: its listening ports and its connections. Ports are apart from those of UDP. */
final class VirtualTcp {

    private static final int FIRST_EPHEMERAL_PORT = 32_768;

    private final VirtualNetwork network;
    private final String hostName;
    private final BiConsumer<VirtualPacket, InetSocketAddress> sender;
    private final Map<InetSocketAddress, Listening> listening = new LinkedHashMap<>();
    private final Map<Pair, TcpFlow> flows = new LinkedHashMap<>();
    private final Map<InetAddress, Integer> nextPorts = new HashMap<>();

    private record Pair(InetSocketAddress local, InetSocketAddress remote) {}

    /**
     * A port that accepts.
     *
     * @param owners makes who hears of a connection with a remote address
     * @param lost is told when the port's interface goes
     */
    record Listening(AcceptFactory owners, Consumer<Cause> lost) {}

    /** Makes who hears of a connection that a remote address has opened. */
    interface AcceptFactory {
        TcpFlow.Owner accepted(InetSocketAddress remote);
    }

    /** @param sender sends a packet from an address of the host */
    VirtualTcp(VirtualNetwork network, String hostName, BiConsumer<VirtualPacket, InetSocketAddress> sender) {
        this.network = network;
        this.hostName = hostName;
        this.sender = sender;
    }

    String hostName() {
        return hostName;
    }

    /**
     * Accepts connections.
     *
     * @param port 0 picks a free one
     */
    InetSocketAddress listen(InetAddress address, int port, Listening to) {
        InetSocketAddress at = new InetSocketAddress(address, port == 0 ? freePort(address) : port);
        if (listening.putIfAbsent(at, to) != null) {
            throw new IllegalArgumentException(at + " listens already on " + hostName);
        }
        return at;
    }

    /** Accepts no more; what was accepted stays. */
    void unlisten(InetSocketAddress at) {
        listening.remove(at);
    }

    /**
     * Opens a connection.
     *
     * @param from port 0 picks a free one; one that listens may open, too (RFC 6544 §7.1)
     * @return null when there is one between the two already
     */
    @Nullable
    TcpFlow connect(InetSocketAddress from, InetSocketAddress to, TcpFlow.Owner owner) {
        InetSocketAddress local =
                from.getPort() == 0 ? new InetSocketAddress(from.getAddress(), freePort(from.getAddress())) : from;
        Pair pair = new Pair(local, to);
        if (flows.containsKey(pair)) {
            return null;
        }
        TcpFlow flow = TcpFlow.connect(this, local, to, owner);
        flows.put(pair, flow);
        return flow;
    }

    private int freePort(InetAddress address) {
        int port = nextPorts.merge(address, FIRST_EPHEMERAL_PORT, (last, first) -> last + 1);
        return listening.containsKey(new InetSocketAddress(address, port)) ? freePort(address) : port;
    }

    void arrive(VirtualPacket packet, Segment segment) {
        TcpFlow flow = flows.get(new Pair(packet.destination(), packet.source()));
        Listening port = listening.get(packet.destination());
        if (flow != null) {
            flow.arrive(segment, packet.bytes());
        } else if (port != null && segment.syn() && !segment.ack()) {
            TcpFlow.Owner owner = port.owners().accepted(packet.source());
            flows.put(
                    new Pair(packet.destination(), packet.source()),
                    TcpFlow.accept(this, packet.destination(), packet.source(), owner, segment));
        } else if (!segment.rst() && !segment.fin()) {
            send(packet.destination(), packet.source(), Segment.reset(segment.acknowledged()));
        }
    }

    private void send(InetSocketAddress from, InetSocketAddress to, Segment segment) {
        sender.accept(
                VirtualPacket.tcp(network.nextPacketId(), new Nobody(from, hostName), to, segment, new byte[0]), from);
    }

    void send(TcpFlow flow, Segment segment, byte[] bytes) {
        VirtualPacket packet = VirtualPacket.tcp(network.nextPacketId(), flow, flow.remote(), segment, bytes);
        sender.accept(packet, flow.address());
    }

    void after(long nanos, Runnable action) {
        network.at(network.now() + nanos, action);
    }

    void forget(TcpFlow flow) {
        flows.remove(new Pair(flow.address(), flow.remote()), flow);
    }

    /** An interface goes, with what stands on it. */
    void lose(InetAddress address, Cause cause) {
        Predicate<InetSocketAddress> there = each -> each.getAddress().equals(address);
        List<Listening> ports = listening.entrySet().stream()
                .filter(each -> there.test(each.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        listening.keySet().removeIf(there);
        ports.forEach(port -> port.lost().accept(cause));
        List.copyOf(flows.values()).stream()
                .filter(flow -> there.test(flow.address()))
                .forEach(flow -> flow.lost(cause));
    }

    /** Ends all connections, for both ends. */
    void reset() {
        Cause cause = new Cause(Cause.Kind.REFUSED, "Connection reset by peer");
        for (TcpFlow flow : List.copyOf(flows.values())) {
            send(flow, new Segment(false, true, false, true, 0, 0), new byte[0]);
            flow.lost(cause);
        }
    }

    /** How many ports accept. */
    int ports() {
        return listening.size();
    }

    /** How many connections are known. */
    int connections() {
        return flows.size();
    }

    /** Who a reset comes from that no connection sends. */
    private record Nobody(InetSocketAddress address, String hostName) implements Endpoint {

        @Override
        public void receive(InetSocketAddress from, byte[] payload) {}

        @Override
        public void sendFailed(InetSocketAddress to, Cause cause) {}

        @Override
        public void lost(Cause cause) {}
    }
}
