// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Transport;
import org.icepath.testkit.network.PacketEvent.Fate;
import org.jspecify.annotations.Nullable;

/**
 * A host with interfaces in one or more zones, and the sockets and machines on it.
 *
 * <p>A socket is bound to one address, and what it sends leaves through that address' interface.
 */
public final class VirtualHost {

    private static final int FIRST_EPHEMERAL_PORT = 49_152;

    private final VirtualNetwork network;
    private final String name;
    private final Map<InetAddress, Attachment> interfaces = new LinkedHashMap<>();
    private final Map<InetSocketAddress, Endpoint> endpoints = new LinkedHashMap<>();
    private final List<VirtualNode<?>> nodes = new ArrayList<>();
    private @Nullable VirtualNode<?> stepping;
    private int nextPort = FIRST_EPHEMERAL_PORT;
    private boolean refusesClosedPorts;
    private final VirtualTcp tcp;
    private final Map<Base, BaseStream> streams = new LinkedHashMap<>();
    private final List<Port> waiting = new ArrayList<>();
    private final Map<Base, InetSocketAddress> ports = new LinkedHashMap<>();

    VirtualHost(VirtualNetwork network, String name) {
        this.network = network;
        this.name = name;
        this.tcp = new VirtualTcp(network, name, this::sendSegment);
    }

    /** The name, for logs. */
    public String name() {
        return name;
    }

    /** The addresses of the interfaces, in the order they were attached. */
    public List<InetAddress> addresses() {
        return List.copyOf(interfaces.keySet());
    }

    /** Adds an interface. */
    public VirtualHost attach(Zone zone, String address) {
        InetAddress literal = Addresses.literal(address);
        if (interfaces.containsKey(literal)) {
            throw new IllegalArgumentException(name + " has " + address + " already");
        }
        interfaces.put(literal, zone.attach(name, literal, this::arrive));
        return this;
    }

    /** Takes an interface away: its sockets are lost, and machines are told. */
    public void detach(String address) {
        InetAddress literal = Addresses.literal(address);
        attachment(literal).zone.detach(literal);
        interfaces.remove(literal);
        List<Endpoint> gone = endpoints.values().stream()
                .filter(endpoint -> endpoint.address().getAddress().equals(literal))
                .toList();
        gone.forEach(endpoint -> endpoints.remove(endpoint.address()));
        Cause cause = new Cause(Cause.Kind.LOCAL_GONE, address + " was taken away");
        gone.forEach(endpoint -> endpoint.lost(cause));
        tcp.lose(literal, cause);
    }

    /** Sets how the links of all interfaces treat packets, both ways. */
    public VirtualHost link(LinkConditions conditions) {
        interfaces.values().forEach(each -> each.conditions(conditions, conditions));
        return this;
    }

    /** Sets how the link of one interface treats packets. */
    public VirtualHost link(String address, LinkConditions outgoing, LinkConditions incoming) {
        attachment(Addresses.literal(address)).conditions(outgoing, incoming);
        return this;
    }

    /** Whether senders to a port without a socket are told so (ICMP port unreachable); by default they are not. */
    public VirtualHost refuseClosedPorts(boolean refuse) {
        refusesClosedPorts = refuse;
        return this;
    }

    /** Binds a UDP socket for a machine on the first interface. */
    public Base bind(int port) {
        return bind(addresses().get(0), port);
    }

    /** Binds a UDP socket for a machine on the interface with this address. */
    public Base bind(String address, int port) {
        return bind(Addresses.literal(address), port);
    }

    /**
     * Binds a UDP socket for a machine: the one that is taking a step now, or else the next that is run on this host.
     *
     * @param port 0 picks a free one
     */
    public Base bind(InetAddress address, int port) {
        Base base = new Base(network.nextBaseId(), Transport.UDP, free(address, port));
        BaseSocket socket = new BaseSocket(this, base);
        endpoints.put(base.address(), socket);
        if (stepping != null) {
            socket.owner(stepping);
        }
        return base;
    }

    /** Closes a machine's UDP socket; without effect on others. */
    public void close(Base base) {
        Endpoint endpoint = base.transport() == Transport.UDP ? endpoints.get(base.address()) : null;
        if (endpoint != null) {
            unbind(endpoint);
        }
    }

    /**
     * Accepts TCP connections for a machine, as {@link #bind} binds a socket for it. Each becomes a base of its own with the port's address,
     * of which the machine is told before its first datagram, and when it ends.
     *
     * @param port 0 picks a free one
     * @param framing how datagrams lie on the connections
     */
    public Base listen(InetAddress address, int port, Framing framing) {
        attachment(address);
        Port owner = new Port(framing);
        InetSocketAddress at = tcp.listen(address, port, new VirtualTcp.Listening(owner::accepted, owner::lost));
        Base base = new Base(network.nextBaseId(), Transport.TCP, at);
        owner.base = base;
        owner.node = stepping;
        ports.put(base, at);
        waiting.add(owner);
        return base;
    }

    /** A base from which a machine opens connections; nothing is bound. */
    public Base opening(InetAddress address, int port) {
        attachment(address);
        return new Base(network.nextBaseId(), Transport.TCP, new InetSocketAddress(address, port));
    }

    /** A port that accepts for a machine. */
    private final class Port {
        private final Framing framing;
        private @Nullable Base base;
        private @Nullable VirtualNode<?> node;

        Port(Framing framing) {
            this.framing = framing;
        }

        TcpFlow.Owner accepted(InetSocketAddress from) {
            Base listening = Objects.requireNonNull(base);
            Base accepted = new Base(network.nextBaseId(), Transport.TCP, listening.address());
            BaseStream stream = new BaseStream(VirtualHost.this, Objects.requireNonNull(node), accepted, framing);
            streams.put(accepted, stream);
            return stream;
        }

        void lost(Cause cause) {
            Base gone = Objects.requireNonNull(base);
            VirtualNode<?> told = node;
            ports.remove(gone);
            if (told != null) {
                tell(() -> told.input((now, machine) -> machine.baseLost(now, gone, cause)));
            }
        }
    }

    /** Opens a connection for a machine. */
    void open(VirtualNode<?> node, Base base, InetSocketAddress to, Framing framing) {
        BaseStream stream = new BaseStream(this, node, base, framing);
        streams.put(base, stream);
        TcpFlow flow =
                interfaces.containsKey(base.address().getAddress()) ? tcp.connect(base.address(), to, stream) : null;
        if (flow == null) {
            tell(() -> stream.fail(new Cause(Cause.Kind.LOCAL_GONE, "Cannot assign requested address")));
        } else {
            stream.begin(flow);
        }
    }

    @Nullable
    BaseStream stream(Base base) {
        return streams.get(base);
    }

    void forget(BaseStream stream) {
        streams.remove(stream.base(), stream);
    }

    /** A machine gives a connection or a port up. */
    void closeTcp(Base base) {
        BaseStream stream = streams.remove(base);
        if (stream != null) {
            stream.close();
        }
        InetSocketAddress port = ports.remove(base);
        if (port != null) {
            tcp.unlisten(port);
        }
    }

    /** Opens a TCP connection that needs no machine, from the first interface. */
    public VirtualStream connect(InetSocketAddress to) {
        VirtualStream stream = new VirtualStream();
        TcpFlow flow = tcp.connect(new InetSocketAddress(addresses().get(0), 0), to, stream);
        stream.begin(Objects.requireNonNull(flow));
        return stream;
    }

    /** Accepts TCP connections that need no machine, on the first interface. */
    public void listen(int port, Consumer<VirtualStream> accepted) {
        tcp.listen(
                addresses().get(0),
                port,
                new VirtualTcp.Listening(
                        from -> {
                            VirtualStream stream = new VirtualStream();
                            stream.onOpen(() -> accepted.accept(stream));
                            return stream;
                        },
                        lost -> {}));
    }

    /** Ends all TCP connections with a reset, as a middlebox does: machines here and there hear of it. */
    public void resetConnections() {
        tcp.reset();
    }

    /** Accepts no more at a TCP port, though nobody here has said so: who connects is refused. */
    public void unlisten(InetSocketAddress port) {
        tcp.unlisten(port);
    }

    /** How many TCP connections there are, at any stage. */
    public int connections() {
        return tcp.connections();
    }

    private void sendSegment(VirtualPacket packet, InetSocketAddress from) {
        network.log(Fate.SENT, name, packet);
        Attachment attachment = interfaces.get(from.getAddress());
        if (attachment != null) {
            attachment.zone.enter(packet, attachment);
        }
    }

    /** Binds a UDP socket that needs no machine on the first interface. */
    public VirtualSocket socket(int port) {
        return socket(addresses().get(0), port);
    }

    /** Binds a UDP socket that needs no machine. */
    public VirtualSocket socket(InetAddress address, int port) {
        VirtualSocket socket = new VirtualSocket(this, free(address, port));
        endpoints.put(socket.address(), socket);
        return socket;
    }

    /** Runs a machine; the bases bound on this host since the last one belong to it. */
    public <E> VirtualNode<E> run(Machine<E> machine) {
        VirtualNode<E> node = new VirtualNode<>(network, this, machine);
        nodes.add(node);
        waiting.forEach(port -> port.node = port.node == null ? node : port.node);
        waiting.clear();
        for (Endpoint endpoint : endpoints.values()) {
            if (endpoint instanceof BaseSocket socket && socket.owner() == null) {
                socket.owner(node);
            }
        }
        node.act((now, started) -> {});
        return node;
    }

    /** The machines of this host. */
    public List<VirtualNode<?>> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /** How many sockets and ports are bound: what a leak would show in. */
    public int boundSockets() {
        return endpoints.size() + tcp.ports();
    }

    /** Marks which machine is taking a step, so that what is bound meanwhile belongs to it. */
    void stepping(@Nullable VirtualNode<?> node) {
        stepping = node;
    }

    @Nullable
    Endpoint endpoint(InetSocketAddress address) {
        return endpoints.get(address);
    }

    void unbind(Endpoint endpoint) {
        endpoints.remove(endpoint.address(), endpoint);
    }

    void send(Endpoint from, InetSocketAddress to, byte[] payload) {
        VirtualPacket packet = VirtualPacket.first(network.nextPacketId(), from, to, payload);
        network.log(Fate.SENT, name, packet);
        Attachment attachment = interfaces.get(from.address().getAddress());
        if (attachment == null) {
            packet.fail(new Cause(Cause.Kind.LOCAL_GONE, "no interface " + from.address()));
        } else {
            attachment.zone.enter(packet, attachment);
        }
    }

    /** Lets a fact reach an endpoint as an input of its own, not from within the output that caused it. */
    void tell(Runnable fact) {
        network.at(network.now(), fact);
    }

    void dumpTo(StringBuilder text) {
        nodes.forEach(node -> text.append("\n  ").append(node));
    }

    private void arrive(VirtualPacket packet) {
        Segment segment = packet.segment();
        if (segment != null) {
            network.log(Fate.DELIVERED, name, packet);
            tcp.arrive(packet, segment);
            return;
        }
        Endpoint endpoint = endpoints.get(packet.destination());
        if (endpoint == null) {
            network.log(Fate.NO_SOCKET, name, packet);
            if (refusesClosedPorts) {
                packet.fail(new Cause(Cause.Kind.UNREACHABLE, "port unreachable at " + name));
            }
            return;
        }
        network.log(Fate.DELIVERED, name, packet);
        endpoint.receive(packet.source(), packet.bytes());
    }

    private InetSocketAddress free(InetAddress address, int port) {
        attachment(address);
        InetSocketAddress wanted = new InetSocketAddress(address, port == 0 ? nextPort++ : port);
        while (port == 0 && endpoints.containsKey(wanted)) {
            wanted = new InetSocketAddress(address, nextPort++);
        }
        if (endpoints.containsKey(wanted)) {
            throw new IllegalArgumentException(wanted + " is bound on " + name);
        }
        return wanted;
    }

    private Attachment attachment(InetAddress address) {
        Attachment attachment = interfaces.get(address);
        if (attachment == null) {
            throw new IllegalArgumentException(name + " has no interface " + address);
        }
        return attachment;
    }

    @Override
    public String toString() {
        return name;
    }
}
