// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.topology;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.icepath.testkit.network.Addresses;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.VirtualSocket;

/**
 * Which paths a topology has: found by plain UDP, everyone calling everyone, on a faultless copy of the network.
 *
 * <p>Knows nothing of ICE, STUN or TURN. Each address of a side has a socket. A server tells a socket how it sees it. Where it answers
 * and relays for that side, it lends a socket of its own, which hears only addresses that the other side is known by, as a TURN
 * server does. Then each socket calls every address of the other side that it knows or has been called from, over and over; who is
 * answered from where it called has a path. Not thread-safe.
 */
public final class HolePunching {

    private static final int ROUNDS = 6;
    private static final Duration ROUND = Duration.ofMillis(300);

    /**
     * How many addresses of one socket another one learns by being called, and how many more are told it by its neighbours. Behind a
     * NAT that maps by destination each call comes from another address: whoever calls all of them back is heard from new ones again.
     */
    private static final int MOST_HEARD = 8;

    private static final int MOST_TOLD = 2;

    private final VirtualNetwork network;
    private final BuiltTopology built;
    private final List<End> ends = new ArrayList<>();
    private final Set<WorkingPath> found = new LinkedHashSet<>();
    private boolean news;

    private HolePunching(Topology topology) {
        network = new VirtualNetwork(topology.seed());
        network.log().capacity(0);
        built = new BuiltTopology(network, topology);
        built.caller().link(LinkConditions.ofMillis(1));
        built.callee().link(LinkConditions.ofMillis(1));
        built.servers().values().forEach(server -> server.link(LinkConditions.ofMillis(1)));
    }

    /** Finds all paths. */
    public static List<WorkingPath> paths(Topology topology) {
        HolePunching punching = new HolePunching(topology);
        punching.learnAddresses();
        punching.punch();
        return List.copyOf(punching.found);
    }

    private void learnAddresses() {
        built.servers().forEach((server, host) -> server.addresses()
                .forEach(address -> answerWithSource(host, Addresses.literal(address))));
        Topology topology = built.topology();
        Stream.of(topology.caller(), topology.callee()).forEach(side -> {
            VirtualHost host = side == topology.caller() ? built.caller() : built.callee();
            for (Topology.Plug plug : side.plugs()) {
                ends.add(new End(side, host.socket(Addresses.literal(plug.address()), 0), false));
            }
        });
        for (End end : List.copyOf(ends)) {
            Stream.concat(end.side.stunServers().stream(), end.side.turnServers().stream())
                    .map(server -> Addresses.socket(server, Topology.SERVER_PORT))
                    .filter(server -> server.getAddress().getClass()
                            == end.socket.address().getAddress().getClass())
                    .forEach(server -> end.socket.send(server, "who am I?"));
        }
        network.runFor(Duration.ofSeconds(1));
        for (End end : List.copyOf(ends)) {
            end.socket.received().forEach(answer -> learn(end, answer));
        }
    }

    private static void answerWithSource(VirtualHost host, InetAddress address) {
        VirtualSocket server = host.socket(address, Topology.SERVER_PORT);
        server.onReceive(
                (from, payload) -> server.send(from, from.getAddress().getHostAddress() + " " + from.getPort()));
    }

    private void learn(End end, VirtualSocket.Datagram answer) {
        String[] seen = answer.text().split(" ");
        end.known.add(Addresses.socket(seen[0], Integer.parseInt(seen[1])));
        String server = answer.from().getAddress().getHostAddress();
        boolean relays = end.side.turnServers().stream()
                .anyMatch(each -> Addresses.literal(each).equals(answer.from().getAddress()));
        if (relays) {
            VirtualHost host = built.servers().entrySet().stream()
                    .filter(entry -> entry.getKey().addresses().stream().anyMatch(each -> Addresses.literal(each)
                            .equals(answer.from().getAddress())))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no server " + server));
            ends.add(new End(end.side, host.socket(answer.from().getAddress(), 0), true));
        }
    }

    private void punch() {
        for (End end : ends) {
            for (End other : ends) {
                if (other.side != end.side) {
                    other.known.forEach(end::mayCall);
                }
            }
            end.socket.onReceive((from, payload) -> hear(end, from, payload));
        }
        int quiet = 0;
        for (int round = 0; round < ROUNDS && quiet < 2; round++) {
            // in the first round without news everybody has opened all ways that it can; the second one shows it
            news = false;
            for (int caller = 0; caller < ends.size(); caller++) {
                callAll(ends.get(caller), caller);
            }
            network.runFor(ROUND);
            quiet = news ? 0 : quiet + 1;
        }
    }

    private static void callAll(End end, int index) {
        for (InetSocketAddress target : List.copyOf(end.targets)) {
            if (!end.answered.contains(target)) {
                end.socket.send(target, "call " + index + " " + text(target));
            }
        }
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + " " + address.getPort();
    }

    private void hear(End end, InetSocketAddress from, ByteBuffer payload) {
        if (end.relay && !end.permitted.contains(from.getAddress())) {
            return;
        }
        String[] words =
                StandardCharsets.UTF_8.decode(payload.duplicate()).toString().split(" ");
        int other = Integer.parseInt(words[words[0].equals("call") ? 1 : 4]);
        if (ends.get(other).side == end.side) {
            return; // both sides may have the same address: this is ourselves, or a neighbour
        }
        if (words[0].equals("call")) {
            // whom one socket has heard, all of its side may call
            ends.stream()
                    .filter(each -> each.side == end.side)
                    .forEach(each -> news |= each.mayCallBack(from, other, each == end ? MOST_HEARD : MOST_TOLD));
            end.socket.send(
                    from,
                    "heard " + words[1] + " " + words[2] + " " + words[3] + " " + ends.indexOf(end) + " " + text(from));
        } else {
            boolean fromThere = from.equals(Addresses.socket(words[2], Integer.parseInt(words[3])));
            if (fromThere && ends.get(Integer.parseInt(words[1])) == end) {
                InetSocketAddress seen = Addresses.socket(words[5], Integer.parseInt(words[6]));
                end.answered.add(from);
                connected(end, seen, ends.get(other), from);
            }
        }
    }

    /** One end was answered: it is seen as {@code seen}, and sees the other as {@code from}. */
    private void connected(End end, InetSocketAddress seen, End other, InetSocketAddress from) {
        int relays = (end.relay ? 1 : 0) + (other.relay ? 1 : 0);
        boolean translated = !seen.equals(end.socket.address()) || !from.equals(other.socket.address());
        WorkingPath.Kind kind = relays == 2
                ? WorkingPath.Kind.TWO_RELAYS
                : relays == 1
                        ? WorkingPath.Kind.ONE_RELAY
                        : translated ? WorkingPath.Kind.TRANSLATED : WorkingPath.Kind.DIRECT;
        boolean called = end.side == built.topology().caller();
        InetAddress one = end.socket.address().getAddress();
        InetAddress two = other.socket.address().getAddress();
        news |= found.add(called ? new WorkingPath(kind, one, two) : new WorkingPath(kind, two, one));
    }

    /** A socket of a side, or one that a server lends it. */
    private static final class End {
        private final Topology.Side side;
        private final VirtualSocket socket;
        private final boolean relay;
        private final Set<InetSocketAddress> known = new LinkedHashSet<>();
        private final Set<InetSocketAddress> targets = new LinkedHashSet<>();
        private final Set<InetAddress> permitted = new HashSet<>();
        private final Set<InetSocketAddress> answered = new HashSet<>();
        private final Map<Integer, Integer> learnt = new HashMap<>();

        private End(Topology.Side side, VirtualSocket socket, boolean relay) {
            this.side = side;
            this.socket = socket;
            this.relay = relay;
            known.add(socket.address());
        }

        private void mayCall(InetSocketAddress target) {
            if (target.getAddress().getClass() == socket.address().getAddress().getClass()) {
                targets.add(target);
                permitted.add(target.getAddress());
            }
        }

        /**
         * Learns where a socket of the other side was heard.
         *
         * @return whether that was news
         */
        private boolean mayCallBack(InetSocketAddress target, int caller, int most) {
            int before = targets.size() + permitted.size();
            int known = learnt.getOrDefault(caller, 0);
            if (!targets.contains(target) && known < most) {
                learnt.put(caller, known + 1);
                mayCall(target);
            } else if (target.getAddress().getClass()
                    == socket.address().getAddress().getClass()) {
                permitted.add(target.getAddress());
            }
            return targets.size() + permitted.size() > before;
        }
    }
}
