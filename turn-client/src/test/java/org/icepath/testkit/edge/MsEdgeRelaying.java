// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.icepath.turn.wire.RawStream;
import org.jspecify.annotations.Nullable;

/**
 * Carries data between clients and peers, over UDP as datagrams and over TCP as bytes: the relay's connection to a peer has no framing
 * but what the peers lay on it themselves. Connections that it opens come from the relayed address, as far as the network allows; between
 * two relays of the same server there are none, and each is told of as the other's relayed address.
 */
final class MsEdgeRelaying {

    private static final long FIRST_CONNECTION_ID = 1L << 41;
    private static final int MOST_WAITING = 64;

    private final MsEdgeConfig config;
    private final MsEdgeAllocations allocations;
    private final MsEdgeReplies replies;
    private final Outbox outbox;
    private final Map<Link, Connection> connections = new HashMap<>();
    private final Map<Base, Link> byBase = new HashMap<>();
    private long nextId = FIRST_CONNECTION_ID;

    /** Two ends of a relayed connection. */
    private record Link(InetSocketAddress relayed, InetSocketAddress peer) {}

    private static final class Connection {
        final Base base;
        final Queue<ByteBuffer> waiting = new ArrayDeque<>();
        boolean open;

        Connection(Base base) {
            this.base = base;
        }
    }

    MsEdgeRelaying(MsEdgeConfig config, MsEdgeAllocations allocations, MsEdgeReplies replies, Outbox outbox) {
        this.config = config;
        this.allocations = allocations;
        this.replies = replies;
        this.outbox = outbox;
    }

    void toPeer(MsEdgeAllocation allocation, InetSocketAddress peer, ByteBuffer data) {
        if (!allocation.overTcp()) {
            allocation.relayTowards(peer).ifPresent(relay -> outbox.transmit(relay, peer, data));
            return;
        }
        MsEdgeAllocation neighbour = allocations.at(peer);
        if (neighbour != null && neighbour.overTcp()) {
            hand(neighbour, allocation.relay().address(), data);
            return;
        }
        Connection connection = connectionTo(allocation, peer);
        if (connection.open) {
            outbox.transmit(connection.base, peer, data);
        } else if (connection.waiting.size() < MOST_WAITING) {
            connection.waiting.add(
                    ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip());
        }
    }

    /** The connection to a peer; a peer that has not connected to the relayed address is connected to from it. */
    private Connection connectionTo(MsEdgeAllocation allocation, InetSocketAddress peer) {
        return connections.computeIfAbsent(new Link(allocation.relay().address(), peer), link -> {
            Base base = new Base(nextId++, Transport.TCP, allocation.relay().address());
            byBase.put(base, link);
            outbox.open(base, peer, RawStream.INSTANCE);
            return new Connection(base);
        });
    }

    /** A connection stands that we have opened. */
    boolean opened(Base base) {
        Link link = byBase.get(base);
        Connection connection = link == null ? null : connections.get(link);
        if (link == null || connection == null) {
            return false;
        }
        connection.open = true;
        connection.waiting.forEach(each -> outbox.transmit(base, link.peer, each));
        connection.waiting.clear();
        return true;
    }

    /** A connection has ended, or could not be opened. */
    void closed(Base base) {
        Link link = byBase.remove(base);
        if (link != null) {
            connections.remove(link);
        }
    }

    /** Whether what arrives there comes from peers. */
    @Nullable
    MsEdgeAllocation allocationOf(Base base) {
        Link link = byBase.get(base);
        return allocations.at(link == null ? base.address() : link.relayed);
    }

    /**
     * Hands a peer's data to the client.
     *
     * @return why it was not handed on, or empty
     */
    String fromPeer(MsEdgeAllocation allocation, Base base, InetSocketAddress peer, ByteBuffer data) {
        if (base.transport() == Transport.TCP && !byBase.containsKey(base)) {
            Link link = new Link(allocation.relay().address(), peer);
            Connection accepted = new Connection(base);
            accepted.open = true;
            byBase.put(base, link);
            connections.put(link, accepted);
        }
        return hand(allocation, peer, data);
    }

    private String hand(MsEdgeAllocation allocation, InetSocketAddress peer, ByteBuffer data) {
        if (!allocation.permits(peer)
                && (config.demands(MsDemand.PEER_PORTS) || !allocation.permits(peer.getAddress()))) {
            return "nothing was ever sent to " + peer;
        }
        if (peer.equals(allocation.active())) {
            replies.bare(allocation.tuple(), data);
        } else {
            replies.indication(allocation.tuple(), peer, data);
        }
        return "";
    }

    /** An allocation is gone, and its connections with it. */
    void end(MsEdgeAllocation allocation) {
        Map.copyOf(connections).forEach((link, connection) -> {
            if (link.relayed.equals(allocation.relay().address())) {
                outbox.close(connection.base);
                closed(connection.base);
            }
        });
    }
}
