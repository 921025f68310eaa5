// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Transport;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.testkit.edge.Exchange.FiveTuple;
import org.icepath.turn.wire.RawStream;
import org.jspecify.annotations.Nullable;

/**
 * The connections that allocations relay (RFC 6062 §5): between a peer and the relayed address one, between the server and the client
 * another for each. What comes over one half goes out over the other, byte for byte.
 */
final class EdgeConnections {

    /** How long a client has to bind a connection (RFC 6062 §5.2, §5.3). */
    private static final long BIND_NANOS = Duration.ofSeconds(30).toNanos();

    private static final long FIRST_ID = 3L << 40;
    private static final int MOST_KEPT = 1 << 16;
    private static final int INDICATION_ROOM = 128;

    private static final class Connection {
        final Allocation allocation;
        final Base peerBase;
        final InetSocketAddress peer;
        final List<ByteBuffer> kept = new ArrayList<>();
        int keptBytes;
        long id;
        long deadline = Machine.NEVER;

        @Nullable
        Connect asked;

        @Nullable
        FiveTuple client;

        Connection(Allocation allocation, Base peerBase, InetSocketAddress peer) {
            this.allocation = allocation;
            this.peerBase = peerBase;
            this.peer = peer;
        }
    }

    /** A Connect request that waits for its connection. */
    private record Connect(FiveTuple tuple, ByteBuffer request, Credential credential) {}

    private final AllocationTable allocations;
    private final EdgeFaults faults;
    private final Replies replies;
    private final Outbox outbox;
    private final RandomGenerator random;
    private final Map<Base, Connection> byPeerBase = new HashMap<>();
    private final Map<Base, Connection> byClientBase = new HashMap<>();
    private long nextBase = FIRST_ID;

    EdgeConnections(
            AllocationTable allocations, EdgeFaults faults, Replies replies, Outbox outbox, RandomGenerator random) {
        this.allocations = allocations;
        this.faults = faults;
        this.replies = replies;
        this.outbox = outbox;
        this.random = random;
    }

    /** How many there are, bound or not. */
    int count() {
        return byPeerBase.size();
    }

    /** Answers Connect, once the connection stands or cannot be made. */
    void connect(Exchange exchange, Credential credential) {
        Allocation allocation = overTcp(exchange, credential);
        InetSocketAddress peer = exchange.message()
                .get(Attributes.XOR_PEER_ADDRESS)
                .orElseThrow(() -> new Refusal(ErrorCode.BAD_REQUEST, "XOR-PEER-ADDRESS is missing"));
        Base relay = allocation.relayFor(peer);
        if (relay == null) {
            throw new Refusal(ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH, "Peer Address Family Mismatch");
        }
        if (faults.isRefused(peer.getAddress())) {
            throw new Refusal(ErrorCode.FORBIDDEN, "Forbidden");
        }
        boolean known =
                byPeerBase.values().stream().anyMatch(each -> each.allocation == allocation && each.peer.equals(peer));
        if (known) {
            throw new Refusal(ErrorCode.CONNECTION_ALREADY_EXISTS, "Connection Already Exists");
        }
        Connection made = new Connection(allocation, new Base(nextBase++, Transport.TCP, relay.address()), peer);
        made.asked = new Connect(exchange.tuple(), copy(exchange.message().buffer()), credential);
        byPeerBase.put(made.peerBase, made);
        outbox.open(made.peerBase, peer, RawStream.INSTANCE);
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }

    private Allocation overTcp(Exchange exchange, Credential credential) {
        Allocation allocation = allocations.of(exchange.tuple());
        if (allocation == null || !allocation.overTcp()) {
            throw new Refusal(ErrorCode.ALLOCATION_MISMATCH, "Allocation Mismatch");
        }
        if (!allocation.username().equals(credential.username())) {
            throw new Refusal(ErrorCode.WRONG_CREDENTIALS, "Wrong Credentials");
        }
        return allocation;
    }

    /** Takes the fact that a connection stands, and tells the client; false if it has nothing to do with this. */
    boolean opened(long now, Base base) {
        Connection made = byPeerBase.get(base);
        Connect asked = made == null ? null : made.asked;
        if (made != null && asked != null) {
            number(now, made);
            made.asked = null;
            Exchange exchange = new Exchange(now, asked.tuple, new StunMessage().wrap(asked.request));
            replies.success(
                    exchange, asked.credential, response -> response.putUint32(Attributes.CONNECTION_ID, made.id));
            return true;
        }
        return relayAt(base) != null;
    }

    private @Nullable Allocation relayAt(Base base) {
        return base.transport() == Transport.TCP ? allocations.overTcpAt(base.address()) : null;
    }

    /** RFC 6062 §5.3, with the first bytes: a machine learns only with them who is at the other end. */
    private @Nullable Connection accepted(long now, Base base, InetSocketAddress from) {
        Allocation allocation = relayAt(base);
        if (allocation == null) {
            return null;
        }
        Connection made = new Connection(allocation, base, from);
        byPeerBase.put(base, made);
        if (!allocation.permits(now, from.getAddress())) {
            end(made);
            return made;
        }
        number(now, made);
        ByteBuffer indication = StunWriter.into(ByteBuffer.allocate(INDICATION_ROOM))
                .indication(StunMethod.CONNECTION_ATTEMPT, TransactionId.next(random))
                .put(Attributes.XOR_PEER_ADDRESS, from)
                .putUint32(Attributes.CONNECTION_ID, made.id)
                .finish();
        outbox.transmit(allocation.tuple().base(), allocation.tuple().client(), indication);
        return made;
    }

    private void number(long now, Connection made) {
        made.id = random.nextInt() & 0xFFFF_FFFFL;
        made.deadline = now + BIND_NANOS;
    }

    /** Answers ConnectionBind; from then on the connection is the peer's (RFC 6062 §5.4). */
    void bind(Exchange exchange, Credential credential) {
        long id = exchange.message()
                .get(Attributes.CONNECTION_ID)
                .orElseThrow(() -> new Refusal(ErrorCode.BAD_REQUEST, "CONNECTION-ID is missing"));
        Connection bound = byPeerBase.values().stream()
                .filter(each -> each.id == id && each.client == null && each.asked == null)
                .filter(each -> each.allocation.username().equals(credential.username()))
                .findFirst()
                .orElseThrow(() -> new Refusal(ErrorCode.BAD_REQUEST, "No such connection"));
        bound.client = exchange.tuple();
        bound.deadline = Machine.NEVER;
        byClientBase.put(exchange.tuple().base(), bound);
        replies.success(exchange, credential, response -> {});
        outbox.reframe(exchange.tuple().base(), RawStream.INSTANCE);
        bound.kept.forEach(each ->
                outbox.transmit(exchange.tuple().base(), exchange.tuple().client(), each));
        bound.kept.clear();
    }

    /** Takes what has come over one half of a connection; false if it is none. */
    boolean pass(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
        Connection fromClient = byClientBase.get(base);
        if (fromClient != null) {
            outbox.transmit(fromClient.peerBase, fromClient.peer, payload);
            return true;
        }
        Connection known = byPeerBase.get(base);
        Connection fromPeer = known == null ? accepted(now, base, from) : known;
        if (fromPeer != null && byPeerBase.containsKey(base)) {
            toClient(fromPeer, payload);
        }
        return fromPeer != null;
    }

    private void toClient(Connection connection, ByteBuffer payload) {
        FiveTuple client = connection.client;
        if (client != null) {
            outbox.transmit(client.base(), client.client(), payload);
        } else if (connection.keptBytes + payload.remaining() <= MOST_KEPT) {
            connection.keptBytes += payload.remaining();
            connection.kept.add(copy(payload));
        } else {
            end(connection); // RFC 6062 §5.3 leaves it to the window of TCP; a double has none
        }
    }

    /** A connection has ended, or could not be opened: the other half ends, too. */
    void closed(long now, Base base, Cause cause) {
        Connection ended = byClientBase.containsKey(base) ? byClientBase.get(base) : byPeerBase.get(base);
        if (ended == null) {
            return;
        }
        Connect asked = ended.asked;
        if (asked != null) {
            byPeerBase.remove(ended.peerBase);
            Exchange exchange = new Exchange(now, asked.tuple, new StunMessage().wrap(asked.request));
            replies.error(
                    exchange,
                    asked.credential,
                    new Refusal(ErrorCode.CONNECTION_TIMEOUT_OR_FAILURE, "Connection Timeout or Failure"));
        } else {
            end(ended);
        }
    }

    private void end(Connection connection) {
        byPeerBase.remove(connection.peerBase);
        outbox.close(connection.peerBase);
        FiveTuple client = connection.client;
        if (client != null) {
            byClientBase.remove(client.base());
            outbox.close(client.base());
        }
    }

    void handleTimeout(long now) {
        List.copyOf(byPeerBase.values()).stream()
                .filter(each -> each.deadline <= now)
                .forEach(this::end);
    }

    /** An allocation is gone, and its connections with it. */
    void endAll(Allocation allocation) {
        List.copyOf(byPeerBase.values()).stream()
                .filter(each -> each.allocation == allocation)
                .forEach(this::end);
    }

    long nextTimeout() {
        long next = Machine.NEVER;
        for (Connection each : byPeerBase.values()) {
            next = Math.min(next, each.deadline);
        }
        return next;
    }
}
