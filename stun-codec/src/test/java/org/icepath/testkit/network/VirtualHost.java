// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
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

    VirtualHost(VirtualNetwork network, String name) {
        this.network = network;
        this.name = name;
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
        gone.forEach(endpoint -> endpoint.lost(new Cause(Cause.Kind.LOCAL_GONE, address + " was taken away")));
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

    /** How many sockets are bound: what a leak would show in. */
    public int boundSockets() {
        return endpoints.size();
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
