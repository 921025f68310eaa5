// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.topology;

import java.util.List;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.NatBehaviour;

/**
 * A network between two hosts, as a value that can be set up more than once.
 *
 * @param seed what it was drawn from
 * @param realms those beside the internet, each after the one that it lies in
 * @param servers STUN and TURN servers, on the internet
 * @param strangers hosts that take part in nothing, and only have somebody's address
 * @param caller one side
 * @param callee the other side
 */
public record Topology(
        long seed, List<Realm> realms, List<Server> servers, List<Stranger> strangers, Side caller, Side callee) {

    /** The realm that is always there. */
    public static final String INTERNET = "internet";

    /** The port of every server. */
    public static final int SERVER_PORT = 3478;

    public Topology {
        realms = List.copyOf(realms);
        servers = List.copyOf(servers);
        strangers = List.copyOf(strangers);
    }

    /** How a realm is joined to the one outside it. */
    public sealed interface Border {

        /** By a NAT. */
        record Nat(String external, NatBehaviour behaviour) implements Border {}

        /** By a firewall that knows the addresses inside; an open one lets everything in. */
        record Firewall(boolean open) implements Border {}

        /** Not at all. */
        record None() implements Border {}
    }

    /**
     * A realm of addresses.
     *
     * @param outside the name of the realm that it lies in; means nothing with {@link Border.None}
     * @param guarded whether UDP crosses the border from and to the doors alone
     * @param doors addresses of servers
     */
    public record Realm(String name, String outside, Border border, boolean guarded, List<String> doors) {
        public Realm {
            doors = List.copyOf(doors);
        }
    }

    /** An interface of a side's host. */
    public record Plug(String realm, String address, LinkConditions link) {}

    /** A host that refuses what comes to it, or swallows it. */
    public record Stranger(String realm, String address, boolean refuses) {}

    /** A server with an address of each family. */
    public record Server(String name, String ipv4, String ipv6, LinkConditions link) {

        /** Its addresses. */
        public List<String> addresses() {
            return List.of(ipv4, ipv6);
        }
    }

    /**
     * A host that calls or is called.
     *
     * @param stunServers addresses of the STUN servers that it knows
     * @param turnServers addresses of the TURN servers that it may use
     */
    public record Side(String name, List<Plug> plugs, List<String> stunServers, List<String> turnServers) {
        public Side {
            plugs = List.copyOf(plugs);
            stunServers = List.copyOf(stunServers);
            turnServers = List.copyOf(turnServers);
        }

        private Side without(Plug plug) {
            return new Side(name, plugs.stream().filter(each -> each != plug).toList(), stunServers, turnServers);
        }
    }

    /** The same, but that one interface of a side is not there. */
    public Topology without(Plug plug) {
        return new Topology(seed, realms, servers, strangers, caller.without(plug), callee.without(plug));
    }

    /** One line for each part, for whoever has to find out what went wrong. */
    public String text() {
        StringBuilder text = new StringBuilder("topology of seed " + seed);
        realms.forEach(realm -> text.append("\n  ").append(realm));
        servers.forEach(server -> text.append("\n  ").append(server));
        strangers.forEach(stranger -> text.append("\n  ").append(stranger));
        return text.append("\n  ").append(caller).append("\n  ").append(callee).toString();
    }
}
