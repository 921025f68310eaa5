// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.topology;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.icepath.testkit.network.Addresses;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.VirtualPacket;
import org.icepath.testkit.network.Zone;

/** A {@link Topology} that stands in a network. Not thread-safe. */
public final class BuiltTopology {

    private final VirtualNetwork network;
    private final Topology topology;
    private final Map<String, Zone> zones = new HashMap<>();
    private final Map<Topology.Server, VirtualHost> servers = new LinkedHashMap<>();
    private final VirtualHost caller;
    private final VirtualHost callee;

    /** Sets it up. */
    public BuiltTopology(VirtualNetwork network, Topology topology) {
        this.network = network;
        this.topology = topology;
        zones.put(Topology.INTERNET, network.internet());
        topology.realms().forEach(realm -> zones.put(realm.name(), zone(realm)));
        for (Topology.Server server : topology.servers()) {
            String[] addresses = server.addresses().toArray(String[]::new);
            servers.put(
                    server, network.internet().host(server.name(), addresses).link(server.link()));
        }
        caller = host(topology.caller());
        callee = host(topology.callee());
        topology.strangers().forEach(stranger -> zone(stranger.realm())
                .host("stranger", stranger.address())
                .refuseClosedPorts(stranger.refuses()));
        topology.realms().stream().filter(Topology.Realm::guarded).forEach(this::guard);
    }

    private Zone zone(Topology.Realm realm) {
        Zone outside = zone(realm.outside());
        if (realm.border() instanceof Topology.Border.Nat nat) {
            return outside.nat(realm.name(), nat.external(), nat.behaviour()).inside();
        }
        if (realm.border() instanceof Topology.Border.Firewall firewall) {
            var built = outside.firewall(realm.name());
            built.open(firewall.open());
            return built.inside();
        }
        return network.zone(realm.name());
    }

    /** The realm of this name. */
    public Zone zone(String name) {
        Zone zone = zones.get(name);
        if (zone == null) {
            throw new IllegalArgumentException("no realm " + name);
        }
        return zone;
    }

    private VirtualHost host(Topology.Side side) {
        Topology.Plug first = side.plugs().get(0);
        VirtualHost host = zone(first.realm()).host(side.name(), first.address());
        for (Topology.Plug plug : side.plugs()) {
            if (plug != first) {
                host.attach(zone(plug.realm()), plug.address());
            }
            host.link(plug.address(), plug.link(), plug.link());
        }
        return host;
    }

    /** Lets nothing cross the border of a realm but what comes from a door or goes to one. */
    private void guard(Topology.Realm realm) {
        Set<InetSocketAddress> doors = new HashSet<>();
        realm.doors().forEach(door -> doors.add(Addresses.socket(door, Topology.SERVER_PORT)));
        Set<InetAddress> inside = new HashSet<>();
        addressesIn(realm.name()).forEach(address -> inside.add(Addresses.literal(address)));
        Predicate<VirtualPacket> crosses =
                packet -> !inside.contains(packet.source().getAddress())
                        || !inside.contains(packet.destination().getAddress());
        Predicate<VirtualPacket> usesDoor =
                packet -> doors.contains(packet.source()) || doors.contains(packet.destination());
        zone(realm.name()).block(crosses.and(usesDoor.negate()));
    }

    private List<String> addressesIn(String realm) {
        List<String> addresses = new ArrayList<>();
        for (Topology.Side side : List.of(topology.caller(), topology.callee())) {
            side.plugs().stream()
                    .filter(plug -> plug.realm().equals(realm))
                    .forEach(plug -> addresses.add(plug.address()));
        }
        topology.strangers().stream()
                .filter(stranger -> stranger.realm().equals(realm))
                .forEach(stranger -> addresses.add(stranger.address()));
        return addresses;
    }

    /** From now on nothing is lost, doubled or late. */
    public void heal() {
        caller.link(LinkConditions.ofMillis(5));
        callee.link(LinkConditions.ofMillis(5));
        servers.values().forEach(server -> server.link(LinkConditions.ofMillis(5)));
    }

    /** The host of one side. */
    public VirtualHost caller() {
        return caller;
    }

    /** The host of the other side. */
    public VirtualHost callee() {
        return callee;
    }

    /** The hosts of the servers, in their order. */
    public Map<Topology.Server, VirtualHost> servers() {
        return servers;
    }

    /** What stands. */
    public Topology topology() {
        return topology;
    }
}
