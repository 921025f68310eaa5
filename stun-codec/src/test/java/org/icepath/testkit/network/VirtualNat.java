// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.icepath.testkit.network.PacketEvent.Fate;
import org.jspecify.annotations.Nullable;

/**
 * A NAT between an inside zone and an outside one, with any behaviour that RFC 4787 describes; TCP it treats alike (RFC 5382), but keeps
 * its bindings for two hours.
 */
public final class VirtualNat {

    /** How long a NAT must keep the binding of an idle TCP connection (RFC 5382 §5). */
    private static final Duration TCP_LIFETIME = Duration.ofMinutes(124);

    private static final int LOWEST_PORT = 1024;
    private static final int PORTS = 65_536 - LOWEST_PORT;

    private final VirtualNetwork network;
    private final String name;
    private final Zone outside;
    private final Zone inside;
    private final Attachment innerSide;
    private Attachment outerSide;
    private InetAddress external;
    private NatBehaviour behaviour;
    private final Map<List<Object>, NatBinding> byInside = new HashMap<>();
    private final Map<Port, NatBinding> byPort = new HashMap<>();
    private final Set<Port> retiredPorts = new HashSet<>();
    private Optional<InetAddress> forwardTo = Optional.empty();
    private int nextPort = 50_000;

    /** UDP and TCP have ports of their own. */
    private record Port(boolean tcp, int number) {}

    VirtualNat(VirtualNetwork network, String name, Zone outside, String external, NatBehaviour behaviour) {
        this.network = network;
        this.name = name;
        this.outside = outside;
        this.behaviour = behaviour;
        this.external = Addresses.literal(external);
        this.inside = network.zone(name + "-inside");
        this.innerSide = inside.attachGateway(name, this::fromInside);
        this.outerSide = outside.attach(name, this.external, this::fromOutside);
    }

    /** The zone behind the NAT. */
    public Zone inside() {
        return inside;
    }

    /** The address that the outside sees. */
    public InetAddress external() {
        return external;
    }

    /** Changes the behaviour; filtering and lifetime at once, mapping for new bindings. */
    public void behaviour(NatBehaviour changed) {
        behaviour = changed;
    }

    /** Sets how the link between the NAT and its outside treats packets, both ways. */
    public VirtualNat link(LinkConditions conditions) {
        outerSide.conditions(conditions, conditions);
        return this;
    }

    /** Lets in what no binding is there for, and leads it to this host, port for port: a NAT that maps one address to one. */
    public VirtualNat forward(String insideAddress) {
        forwardTo = Optional.of(Addresses.literal(insideAddress));
        return this;
    }

    /** The external endpoint that packets from {@code insideEndpoint} to {@code remote} have now, if there is a binding. */
    public Optional<InetSocketAddress> mapping(InetSocketAddress insideEndpoint, InetSocketAddress remote) {
        NatBinding binding = byInside.get(key(false, insideEndpoint, remote));
        return binding != null && isAlive(binding) ? Optional.of(binding.external) : Optional.empty();
    }

    /** Forgets all bindings, as after a reboot: the next packets from the inside get other external ports than before. */
    public void rebind() {
        retiredPorts.addAll(byPort.keySet());
        byPort.clear();
        byInside.clear();
    }

    /** Changes the external address, and forgets all bindings. */
    public void moveTo(String otherExternal) {
        outside.detach(external);
        external = Addresses.literal(otherExternal);
        outerSide = outside.attach(name, external, this::fromOutside);
        rebind();
    }

    private void fromInside(VirtualPacket packet) {
        InetSocketAddress remote = packet.destination();
        if (!Addresses.sameFamily(remote.getAddress(), external)) {
            network.log(Fate.NO_ROUTE, name, packet);
            return;
        }
        NatBinding binding = bind(packet.isTcp(), packet.source(), remote);
        binding.sentTo(network.now(), remote);
        VirtualPacket translated = packet.from(binding.external);
        if (!remote.getAddress().equals(external)) {
            outside.enter(translated, outerSide);
        } else if (behaviour.hairpinning()) {
            fromOutside(translated);
        } else {
            network.log(Fate.NO_HAIRPIN, name, packet);
        }
    }

    private void fromOutside(VirtualPacket packet) {
        NatBinding binding =
                byPort.get(new Port(packet.isTcp(), packet.destination().getPort()));
        if (binding == null || !isAlive(binding)) {
            if (forwardTo.isPresent()) {
                int port = packet.destination().getPort();
                inside.enter(packet.to(new InetSocketAddress(forwardTo.get(), port)), innerSide);
                return;
            }
            network.log(Fate.NO_BINDING, name, packet);
            return;
        }
        long lifetime = lifetime(packet.isTcp());
        if (!binding.letsIn(network.now(), packet.source(), behaviour.filtering(), lifetime)) {
            network.log(Fate.FILTERED, name, packet);
            return;
        }
        if (behaviour.inboundRefresh()) {
            binding.refresh(network.now());
        }
        inside.enter(packet.to(binding.inside), innerSide);
    }

    private NatBinding bind(boolean tcp, InetSocketAddress insideEndpoint, InetSocketAddress remote) {
        List<Object> key = key(tcp, insideEndpoint, remote);
        NatBinding known = byInside.get(key);
        if (known != null && isAlive(known)) {
            return known;
        }
        dropDead();
        int port = choosePort(tcp, insideEndpoint.getPort());
        NatBinding binding = new NatBinding(tcp, insideEndpoint, new InetSocketAddress(external, port));
        byInside.put(key, binding);
        byPort.put(new Port(tcp, port), binding);
        return binding;
    }

    private List<Object> key(boolean tcp, InetSocketAddress insideEndpoint, InetSocketAddress remote) {
        return List.of(tcp, insideEndpoint, NatBinding.key(behaviour.mapping(), remote));
    }

    private int choosePort(boolean tcp, int insidePort) {
        if (byPort.size() >= PORTS) {
            throw new IllegalStateException(name + " has no free port");
        }
        int port =
                switch (behaviour.ports()) {
                    case PRESERVED -> insidePort;
                    case SEQUENTIAL -> nextPort;
                    case RANDOM -> randomPort();
                };
        while (byPort.containsKey(new Port(tcp, port))
                || (retiredPorts.contains(new Port(tcp, port)) && retiredPorts.size() < PORTS / 2)) {
            port = behaviour.ports() == NatBehaviour.Ports.SEQUENTIAL ? after(port) : randomPort();
        }
        nextPort = after(port);
        return port;
    }

    private int randomPort() {
        return LOWEST_PORT + network.random().nextInt(PORTS);
    }

    private static int after(int port) {
        return port == 65_535 ? LOWEST_PORT : port + 1;
    }

    private long lifetime(boolean tcp) {
        return (tcp ? TCP_LIFETIME : behaviour.lifetime()).toNanos();
    }

    private void dropDead() {
        List<Port> dead = new ArrayList<>();
        byPort.forEach((port, binding) -> {
            if (!isAlive(binding)) {
                dead.add(port);
            }
        });
        dead.forEach(byPort::remove);
        byInside.values().removeIf(binding -> !isAlive(binding));
    }

    private boolean isAlive(@Nullable NatBinding binding) {
        return binding != null && binding.isAlive(network.now(), lifetime(binding.tcp));
    }

    @Override
    public String toString() {
        return name + " (" + external.getHostAddress() + ")";
    }
}
