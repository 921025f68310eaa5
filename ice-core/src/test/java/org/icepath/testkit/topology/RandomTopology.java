// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.topology.Topology.Border;
import org.icepath.testkit.topology.Topology.Plug;
import org.icepath.testkit.topology.Topology.Realm;

/** Draws topologies: homes, carriers, enterprises, guarded and sealed networks, with IPv4, IPv6 or both. */
public final class RandomTopology {

    /** More candidates than most hosts have. */
    private static final int MANY_ADDRESSES = 11;

    private final Random random;
    private final long seed;
    private final List<Realm> realms = new ArrayList<>();
    private final List<Topology.Server> servers = new ArrayList<>();
    private final List<Topology.Stranger> strangers = new ArrayList<>();
    private final Set<String> takenAddresses = new HashSet<>();
    private int lastPublic = 10;
    private int lastPrivate = 10;
    private int lastNetwork;

    private RandomTopology(long seed) {
        this.seed = seed;
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    }

    /** How a site is joined to the internet. */
    private enum Access {
        PUBLIC,
        HOME,
        SYMMETRIC,
        NESTED,
        FIREWALLED,
        GUARDED,
        SEALED
    }

    /** Where a side lives: realms for its addresses; empty where it has none of that family. */
    private record Site(String ipv4, String ipv6, Topology.Server server) {}

    /** The topology of a seed: always the same. */
    public static Topology of(long seed) {
        return new RandomTopology(seed).draw();
    }

    private Topology draw() {
        servers.add(new Topology.Server("edge1", "198.51.100.1", "2001:db8:e1::1", serverLink()));
        servers.add(new Topology.Server("edge2", "198.51.100.2", "2001:db8:e2::1", serverLink()));
        boolean bothGuarded = happens(0.2);
        boolean oneRelay = !bothGuarded && happens(0.12);
        Access first = bothGuarded || oneRelay ? Access.GUARDED : access();
        Access second = bothGuarded ? Access.GUARDED : access();
        Site one = site("one", first, pick(servers));
        Site two = happens(0.12) ? one : site("two", second, pick(servers));
        List<Plug> callerPlugs = plugs(one);
        List<Plug> calleePlugs = plugs(two);
        if (happens(0.12)) {
            privateNetwork(callerPlugs, calleePlugs);
        }
        if (happens(0.17)) {
            many(one, callerPlugs);
            many(two, calleePlugs);
        }
        if (happens(0.25)) {
            stranger(callerPlugs, calleePlugs);
        }
        boolean relays = bothGuarded || oneRelay;
        return new Topology(
                seed,
                realms,
                servers,
                strangers,
                side("caller", callerPlugs, one, relays),
                side("callee", calleePlugs, two, relays));
    }

    private Access access() {
        int chance = random.nextInt(100);
        if (chance < 10) {
            return Access.PUBLIC;
        }
        if (chance < 45) {
            return Access.HOME;
        }
        if (chance < 64) {
            return Access.SYMMETRIC;
        }
        if (chance < 76) {
            return Access.NESTED;
        }
        if (chance < 84) {
            return Access.FIREWALLED;
        }
        return chance < 97 ? Access.GUARDED : Access.SEALED;
    }

    private Site site(String name, Access access, Topology.Server server) {
        int family = random.nextInt(100);
        boolean ipv4 = family < 90;
        boolean ipv6 = family >= 62;
        return new Site(
                ipv4 ? ipv4Realm(name, access, server) : "",
                ipv6 ? ipv6Realm(name + "-v6", access, server) : "",
                server);
    }

    private String ipv4Realm(String name, Access access, Topology.Server server) {
        return switch (access) {
            case PUBLIC -> Topology.INTERNET;
            case HOME -> nat(name, Topology.INTERNET, publicAddress(), home(), access, server);
            case SYMMETRIC -> nat(name, Topology.INTERNET, publicAddress(), symmetric(), access, server);
            case NESTED -> {
                String carrier = nat(name + "-carrier", Topology.INTERNET, publicAddress(), any(), access, server);
                yield nat(name, carrier, "100.64.0." + ++lastPrivate, home(), access, server);
            }
            case GUARDED, SEALED -> nat(name, Topology.INTERNET, publicAddress(), any(), access, server);
            case FIREWALLED -> firewall(name, access, server);
        };
    }

    private String ipv6Realm(String name, Access access, Topology.Server server) {
        return access == Access.PUBLIC ? Topology.INTERNET : firewall(name, access, server);
    }

    private String nat(
            String name,
            String outside,
            String external,
            NatBehaviour behaviour,
            Access access,
            Topology.Server server) {
        return realm(name, outside, new Border.Nat(external, behaviour), access, server);
    }

    private String firewall(String name, Access access, Topology.Server server) {
        return realm(name, Topology.INTERNET, new Border.Firewall(happens(0.25)), access, server);
    }

    private String realm(String name, String outside, Border border, Access access, Topology.Server server) {
        boolean guarded = access == Access.GUARDED || access == Access.SEALED;
        List<String> doors = access == Access.GUARDED ? server.addresses() : List.of();
        realms.add(new Realm(name, outside, border, guarded, doors));
        return name;
    }

    private String publicAddress() {
        return "203.0.113." + ++lastPublic;
    }

    private NatBehaviour home() {
        return behaviour(NatBehaviour.Dependence.ENDPOINT_INDEPENDENT);
    }

    private NatBehaviour symmetric() {
        return behaviour(
                happens(0.3)
                        ? NatBehaviour.Dependence.ADDRESS_DEPENDENT
                        : NatBehaviour.Dependence.ADDRESS_AND_PORT_DEPENDENT);
    }

    private NatBehaviour any() {
        return happens(0.5) ? home() : symmetric();
    }

    private NatBehaviour behaviour(NatBehaviour.Dependence mapping) {
        return NatBehaviour.of(mapping, pick(List.of(NatBehaviour.Dependence.values())))
                .withPorts(pick(List.of(NatBehaviour.Ports.values())))
                .withHairpinning(random.nextBoolean())
                .withLifetime(Duration.ofSeconds(pick(List.of(30, 60, 120))))
                .withInboundRefresh(random.nextBoolean());
    }

    private List<Plug> plugs(Site site) {
        List<Plug> plugs = new ArrayList<>();
        LinkConditions link = link();
        if (!site.ipv4.isEmpty()) {
            plugs.add(new Plug(site.ipv4, ipv4Address(site.ipv4), link));
        }
        if (!site.ipv6.isEmpty()) {
            plugs.add(new Plug(site.ipv6, ipv6Address(), link));
        }
        if (happens(0.15)) {
            // what virtual machines bring along: the same address on half of all hosts, and nobody behind it
            plugs.add(new Plug(island(), "192.168.56.1", LinkConditions.PERFECT));
        }
        return plugs;
    }

    /** Behind each NAT the same prefix; behind a firewall the addresses are public. */
    private String ipv4Address(String realm) {
        boolean translated =
                realms.stream().anyMatch(each -> each.name().equals(realm) && each.border() instanceof Border.Nat);
        if (translated && happens(0.3) && takenAddresses.add(realm + " 192.168.1.10")) {
            return "192.168.1.10";
        }
        return translated ? "192.168.1." + ++lastPrivate : publicAddress();
    }

    private String ipv6Address() {
        return "2001:db8:a::" + Integer.toHexString(++lastPrivate);
    }

    private String island() {
        String name = "island" + ++lastNetwork;
        realms.add(new Realm(name, Topology.INTERNET, new Border.None(), false, List.of()));
        return name;
    }

    /** A VPN, or a cable between the two. */
    private void privateNetwork(List<Plug> callerPlugs, List<Plug> calleePlugs) {
        String shared = island();
        callerPlugs.add(new Plug(shared, "10.8.0.2", link()));
        calleePlugs.add(new Plug(shared, "10.8.0.3", link()));
    }

    private void many(Site site, List<Plug> plugs) {
        LinkConditions link = plugs.get(0).link();
        while (plugs.size() < MANY_ADDRESSES) {
            if (site.ipv4.isEmpty() || happens(0.5)) {
                plugs.add(new Plug(island(), "172.16." + ++lastNetwork + ".1", LinkConditions.PERFECT));
            } else {
                plugs.add(new Plug(site.ipv4, ipv4Address(site.ipv4), link));
            }
        }
    }

    /** Somebody near the caller has the callee's private address. */
    private void stranger(List<Plug> callerPlugs, List<Plug> calleePlugs) {
        String realm = callerPlugs.get(0).realm();
        String address = calleePlugs.get(0).address();
        boolean possible = address.startsWith("192.168.1.")
                && !realm.equals(calleePlugs.get(0).realm())
                && callerPlugs.stream().noneMatch(plug -> plug.address().equals(address))
                && !realm.equals(Topology.INTERNET);
        if (possible) {
            strangers.add(new Topology.Stranger(realm, address, random.nextBoolean()));
        }
    }

    private Topology.Side side(String name, List<Plug> plugs, Site site, boolean relays) {
        List<String> addresses = new ArrayList<>();
        if (!site.ipv4.isEmpty()) {
            addresses.add(site.server.ipv4());
        }
        if (!site.ipv6.isEmpty()) {
            addresses.add(site.server.ipv6());
        }
        List<String> stun = happens(0.85) ? addresses : List.of();
        List<String> turn = relays || happens(0.75) ? addresses : List.of();
        return new Topology.Side(name, plugs, stun, turn);
    }

    /** At most 5 % of packets are lost on the way from one side to the other: half of them on each side. */
    private LinkConditions link() {
        if (happens(0.3)) {
            return LinkConditions.ofMillis(1 + random.nextInt(40));
        }
        return LinkConditions.ofMillis(1 + random.nextInt(60))
                .withJitter(Duration.ofMillis(random.nextInt(20)))
                .withLoss(random.nextDouble() * 0.025)
                .withDuplication(random.nextInt(3) * 0.02)
                .withReordering(random.nextInt(3) * 0.02, Duration.ofMillis(30));
    }

    private LinkConditions serverLink() {
        return LinkConditions.ofMillis(1 + random.nextInt(50)).withJitter(Duration.ofMillis(random.nextInt(10)));
    }

    private boolean happens(double probability) {
        return random.nextDouble() < probability;
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
