// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.icepath.sansio.Cause;
import org.icepath.testkit.network.PacketEvent.Fate;
import org.jspecify.annotations.Nullable;

/**
 * A realm in which every address belongs to one interface and every interface reaches every other: the internet, a home network,
 * an enterprise, a VPN.
 *
 * <p>A packet crosses the link of its sender and then the link of its receiver. A packet to an address that nobody in the zone has
 * goes to the zone's NAT or firewall, if it is behind one, and nowhere otherwise.
 */
public final class Zone {

    private final VirtualNetwork network;
    private final String name;
    private final LinkConditions defaultLink;
    private final Map<InetAddress, Attachment> attachments = new HashMap<>();
    private final Map<Zone, Attachment> routers = new LinkedHashMap<>();
    private final List<Block> blocks = new ArrayList<>();
    private @Nullable Attachment gateway;
    private boolean tellsUnreachable;

    Zone(VirtualNetwork network, String name, LinkConditions defaultLink) {
        this.network = network;
        this.name = name;
        this.defaultLink = defaultLink;
    }

    /** The name, for logs. */
    public String name() {
        return name;
    }

    /**
     * Makes a host with one interface for each address in this zone.
     *
     * @param addresses IP literals that are not taken in this zone
     */
    public VirtualHost host(String hostName, String... addresses) {
        VirtualHost host = new VirtualHost(network, hostName);
        network.add(host);
        for (String address : addresses) {
            host.attach(this, address);
        }
        return host;
    }

    /**
     * Makes a NAT between this zone, which is its outside, and a new zone inside.
     *
     * @param external an IP literal that is not taken in this zone
     */
    public VirtualNat nat(String natName, String external, NatBehaviour behaviour) {
        return new VirtualNat(network, natName, this, external, behaviour);
    }

    /**
     * Makes a firewall between this zone and a new zone inside, whose addresses are known here: a packet comes in only from where
     * one went to.
     */
    public VirtualFirewall firewall(String firewallName) {
        return new VirtualFirewall(network, firewallName, this);
    }

    /** Swallows the packets that {@code condition} picks, from now on and until the block is lifted. */
    public Block block(Predicate<VirtualPacket> condition) {
        Block block = new Block(network, condition);
        blocks.add(block);
        return block;
    }

    /**
     * Whether a sender is told when nobody has the destination's address: true gives {@link Cause.Kind#UNREACHABLE}, false (the
     * default) gives silence.
     */
    public Zone tellUnreachable(boolean tell) {
        tellsUnreachable = tell;
        return this;
    }

    Attachment attach(String owner, InetAddress address, Consumer<VirtualPacket> receiver) {
        if (attachments.containsKey(address)) {
            throw new IllegalArgumentException(address + " is taken in " + name);
        }
        Attachment attachment = new Attachment(this, owner, defaultLink, receiver);
        attachments.put(address, attachment);
        return attachment;
    }

    /** Plugs in something that passes on what is for the addresses of {@code beyond}. */
    Attachment attachRouter(String owner, Zone beyond, Consumer<VirtualPacket> receiver) {
        Attachment attachment = new Attachment(this, owner, defaultLink, receiver);
        routers.put(beyond, attachment);
        return attachment;
    }

    void detach(InetAddress address) {
        attachments.remove(address);
    }

    Attachment attachGateway(String owner, Consumer<VirtualPacket> receiver) {
        Attachment attachment = new Attachment(this, owner, defaultLink, receiver);
        gateway = attachment;
        return attachment;
    }

    private @Nullable Attachment next(InetAddress address, Attachment from) {
        Attachment direct = attachments.get(address);
        if (direct != null) {
            return direct;
        }
        for (Map.Entry<Zone, Attachment> router : routers.entrySet()) {
            if (router.getKey().reaches(address)) {
                return router.getValue();
            }
        }
        return gateway == from ? null : gateway;
    }

    private boolean reaches(InetAddress address) {
        return attachments.containsKey(address)
                || routers.keySet().stream().anyMatch(beyond -> beyond.reaches(address));
    }

    /** Takes a packet from {@code from} and sees it to the link of whoever it is for. */
    void enter(VirtualPacket packet, Attachment from) {
        for (Block block : blocks) {
            if (block.stops(packet)) {
                network.log(Fate.BLOCKED, name, packet);
                return;
            }
        }
        Attachment to = next(packet.destination().getAddress(), from);
        if (to == null) {
            network.log(Fate.NO_ROUTE, name, packet);
            if (tellsUnreachable) {
                packet.fail(new Cause(Cause.Kind.UNREACHABLE, "no route in " + name));
            }
            return;
        }
        cross(packet, from, to);
    }

    /** Takes each link when the packet gets there, because only then is known what is before it on that link. */
    private void cross(VirtualPacket packet, Attachment from, Attachment to) {
        over(from.up(), packet, () -> over(to.down(), packet, () -> to.arrive(packet)));
    }

    private void over(Link link, VirtualPacket packet, Runnable then) {
        if (link.duplicates(network.random())) {
            network.log(Fate.DUPLICATED, name, packet);
            leave(link, packet, then);
        }
        leave(link, packet, then);
    }

    private void leave(Link link, VirtualPacket packet, Runnable then) {
        long arrival = link.transit(network.now(), network.random());
        if (arrival == Link.LOST) {
            network.log(Fate.LOST, name, packet);
        } else {
            network.at(arrival, then);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
