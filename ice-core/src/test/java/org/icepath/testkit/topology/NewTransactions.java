// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.topology;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.TransactionId;
import org.icepath.testkit.network.PacketEvent;
import org.icepath.testkit.network.PacketEvent.Fate;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.turn.wire.ChannelData;
import org.icepath.turn.wire.Demux;
import org.icepath.turn.wire.PacketKind;

/**
 * The transactions that RFC 8445 §14.2 paces, as seen on the wire of one host: the first packet of each Binding transaction with a
 * server, of each check, sent over a relay or not, and of each allocation.
 *
 * <p>Not counted: retransmissions; what goes where an answer has come from already without nominating, which is consent, a probe of a
 * reserve or a keepalive; the second Allocate of an allocation, which answers a challenge; and all that keeps allocations going.
 * Not thread-safe.
 */
public final class NewTransactions {

    private final String host;
    private final List<Start> starts = new ArrayList<>();
    private final Set<TransactionId> known = new HashSet<>();
    private final Map<TransactionId, Way> ways = new HashMap<>();
    private final Set<Way> answered = new HashSet<>();
    private final Map<Channel, InetSocketAddress> channels = new HashMap<>();

    /**
     * A transaction's first packet.
     *
     * @param check whether it is a connectivity check; otherwise it asks a server
     */
    public record Start(long at, boolean check, String what) {}

    /** From a socket to an address, by way of a server or not. */
    private record Way(InetSocketAddress socket, InetSocketAddress next, Optional<InetSocketAddress> peer) {}

    private record Channel(InetSocketAddress socket, InetSocketAddress server, int number) {}

    private NewTransactions(String host) {
        this.host = host;
    }

    /** Watches a host from now on. */
    public static NewTransactions of(VirtualNetwork network, String host) {
        NewTransactions watch = new NewTransactions(host);
        network.log().tap(watch::see);
        return watch;
    }

    /** What has begun so far, oldest first; a live view. */
    public List<Start> starts() {
        return Collections.unmodifiableList(starts);
    }

    /** The least time between the beginnings of two transactions, with both; empty when there were fewer than two. */
    public Optional<Gap> closest() {
        return closest(starts);
    }

    /** As {@link #closest}, of connectivity checks that began at a time or later. */
    public Optional<Gap> closestChecksSince(long at) {
        return closest(starts.stream()
                .filter(start -> start.check() && start.at() >= at)
                .toList());
    }

    private static Optional<Gap> closest(List<Start> starts) {
        Gap closest = null;
        for (int i = 1; i < starts.size(); i++) {
            long nanos = starts.get(i).at() - starts.get(i - 1).at();
            if (closest == null || nanos < closest.nanos()) {
                closest = new Gap(nanos, starts.get(i - 1), starts.get(i));
            }
        }
        return Optional.ofNullable(closest);
    }

    /** The time from one beginning to the next. */
    public record Gap(long nanos, Start first, Start second) {}

    private void see(PacketEvent event) {
        if (!event.where().equals(host)) {
            return;
        }
        if (event.fate() == Fate.SENT) {
            Way way = new Way(event.packet().source(), event.packet().destination(), Optional.empty());
            sent(event.at(), way, event.packet().payload());
        } else if (event.fate() == Fate.DELIVERED) {
            received(event.packet().payload());
        }
    }

    private void sent(long at, Way way, ByteBuffer payload) {
        PacketKind kind = Demux.of(payload);
        if (kind == PacketKind.TURN_CHANNEL && way.peer.isEmpty()) {
            InetSocketAddress peer = channels.get(new Channel(way.socket, way.next, ChannelData.channel(payload)));
            sent(at, new Way(way.socket, way.next, Optional.ofNullable(peer)), ChannelData.data(payload));
        } else if (kind == PacketKind.STUN) {
            sent(at, way, new StunMessage().wrap(payload));
        }
    }

    private void sent(long at, Way way, StunMessage message) {
        StunMethod method = message.method();
        if (method.equals(StunMethod.SEND) && message.messageClass() == StunClass.INDICATION) {
            Way relayed = new Way(way.socket, way.next, message.get(Attributes.XOR_PEER_ADDRESS));
            message.get(Attributes.DATA).ifPresent(data -> sent(at, relayed, data));
            return;
        }
        if (message.messageClass() != StunClass.REQUEST || !known.add(message.transactionId())) {
            return;
        }
        if (method.equals(StunMethod.CHANNEL_BIND)) {
            int number = message.get(Attributes.CHANNEL_NUMBER).orElse(0);
            message.get(Attributes.XOR_PEER_ADDRESS)
                    .ifPresent(peer -> channels.put(new Channel(way.socket, way.next, number), peer));
        } else if (method.equals(StunMethod.ALLOCATE) && !message.has(Attributes.USERNAME)) {
            starts.add(new Start(at, false, "allocation at " + way.next));
        } else if (method.equals(StunMethod.BINDING)) {
            ways.put(message.transactionId(), way);
            if (!answered.contains(way) || message.has(Attributes.USE_CANDIDATE)) {
                starts.add(new Start(at, message.has(Attributes.USERNAME), "request on " + way));
            }
        }
    }

    private void received(ByteBuffer payload) {
        PacketKind kind = Demux.of(payload);
        if (kind == PacketKind.TURN_CHANNEL) {
            answer(ChannelData.data(payload));
        } else if (kind == PacketKind.STUN) {
            answer(payload);
        }
    }

    private void answer(ByteBuffer payload) {
        if (Demux.of(payload) != PacketKind.STUN) {
            return;
        }
        StunMessage message = new StunMessage().wrap(payload);
        if (message.method().equals(StunMethod.DATA)) {
            message.get(Attributes.DATA).ifPresent(this::answer);
            return;
        }
        Way way = ways.get(message.transactionId());
        if (way != null && message.messageClass() == StunClass.SUCCESS) {
            answered.add(way);
        }
    }
}
