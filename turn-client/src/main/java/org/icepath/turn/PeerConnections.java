// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.icepath.stun.Attributes.CONNECTION_ID;
import static org.icepath.stun.Attributes.XOR_PEER_ADDRESS;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Output;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;

/**
 * The connections that an allocation relays to and from peers, each with a connection of its own to the server (RFC 6062 §4).
 * Not thread-safe.
 */
final class PeerConnections {

    /** Most connections at a time; peers choose how many they begin. */
    static final int MOST = 64;

    private static final int FIRST_ID = 2; // the relayed bases go before

    /** What is wanted of the driver, in order. */
    private interface Wish {
        void carryOut(Output<?> out);
    }

    private enum State {
        /** The connection to the server is being made. */
        OPENING,
        /** The server is told which peer it is for. */
        BINDING,
        /** What goes in comes out at the peer. */
        BOUND
    }

    private static final class PeerConnection {
        final Base base;
        final InetSocketAddress peer;
        final long id;
        final boolean incoming;
        State state = State.OPENING;

        PeerConnection(Base base, InetSocketAddress peer, long id, boolean incoming) {
            this.base = base;
            this.peer = peer;
            this.id = id;
            this.incoming = incoming;
        }
    }

    private final AllocationSettings settings;
    private final TurnRequests requests;
    private final TurnDialect dialect;
    private final Permissions permissions;
    private final RelayedData sink;
    private final Supplier<InetSocketAddress> server;
    private final Consumer<TurnEvent> events;
    private final Map<Base, PeerConnection> byBase = new LinkedHashMap<>(); // a number would be boxed for each packet
    private final Queue<Wish> wishes = new ArrayDeque<>();
    private int connecting;
    private long nextId;

    PeerConnections(
            AllocationSettings settings,
            TurnRequests requests,
            TurnDialect dialect,
            Permissions permissions,
            RelayedData sink,
            Supplier<InetSocketAddress> server,
            Consumer<TurnEvent> events) {
        this.settings = settings;
        this.requests = requests;
        this.dialect = dialect;
        this.permissions = permissions;
        this.sink = sink;
        this.server = server;
        this.events = events;
        this.nextId = settings.relayBaseId() + FIRST_ID;
    }

    /** Has the server connect to a peer (RFC 6062 §4.3). */
    void connect(long now, InetSocketAddress peer) {
        if (byBase.size() + connecting >= MOST) {
            refused(peer, TurnFailure.of(TurnFailure.Kind.TOO_MANY, "more than " + MOST + " connections"));
        } else {
            connecting++;
            requests.send(now, new Connect(peer));
        }
    }

    private void refused(InetSocketAddress peer, TurnFailure failure) {
        events.accept(new TurnEvent.PeerConnectFailed(peer, failure));
    }

    /** Takes a ConnectionAttempt indication: a peer has connected to the relayed address (RFC 6062 §4.4). */
    void attempted(StunMessage indication) {
        Optional<InetSocketAddress> peer = indication.get(XOR_PEER_ADDRESS);
        Optional<Long> id = indication.get(CONNECTION_ID);
        boolean wanted = peer.isPresent()
                && id.isPresent()
                && permissions.isOpen(peer.get().getAddress())
                && byBase.size() + connecting < MOST
                && byBase.values().stream().noneMatch(each -> each.id == id.get());
        if (wanted) {
            open(peer.get(), id.get(), true);
        }
    }

    private void open(InetSocketAddress peer, long id, boolean incoming) {
        InetSocketAddress anyPort =
                new InetSocketAddress(settings.base().address().getAddress(), 0);
        Base base = new Base(nextId++, settings.base().transport(), anyPort);
        byBase.put(base, new PeerConnection(base, peer, id, incoming));
        InetSocketAddress named = server.get();
        wishes.add(out -> out.open(base, named, dialect.framing()));
    }

    /** Whether the allocation relays connections, and not datagrams. */
    boolean areRelayed() {
        return settings.options().transport() instanceof RelayedTransport.Tcp;
    }

    boolean owns(Base base) {
        return byBase.containsKey(base);
    }

    /** Hands data of a peer on; false if the connection does not lead to one yet. */
    boolean deliver(Base base, ByteBuffer payload) {
        PeerConnection connection = byBase.get(base);
        if (connection == null || connection.state != State.BOUND) {
            return false;
        }
        sink.received(connection.base, connection.peer, payload);
        return true;
    }

    void opened(long now, Base base) {
        PeerConnection connection = byBase.get(base);
        if (connection != null && connection.state == State.OPENING) {
            connection.state = State.BINDING;
            requests.send(now, new Bind(connection));
        }
    }

    /** A connection has ended, by the peer or on the way to the server. */
    void closed(Base base, Cause cause) {
        PeerConnection connection = byBase.remove(base);
        if (connection != null) {
            ended(connection, cause);
        }
    }

    private void ended(PeerConnection connection, Cause cause) {
        if (connection.state == State.BOUND) {
            events.accept(new TurnEvent.PeerDisconnected(connection.base, connection.peer, cause));
        } else {
            TurnFailure failure = TurnFailure.of(TurnFailure.Kind.UNREACHABLE, "data connection: " + cause.detail());
            refused(connection.peer, failure);
        }
    }

    /** Ends a connection; the server ends that to the peer. */
    void close(Base base) {
        if (byBase.remove(base) != null) {
            wishes.add(out -> out.close(base));
        }
    }

    /** The allocation ends, and all connections with it. */
    void deactivate() {
        List<PeerConnection> all = new ArrayList<>(byBase.values());
        byBase.clear();
        connecting = 0;
        for (PeerConnection each : all) {
            wishes.add(out -> out.close(each.base));
            ended(each, new Cause(Cause.Kind.OTHER, "the allocation has ended"));
        }
    }

    void drainTo(Output<?> out) {
        for (Wish wish = wishes.poll(); wish != null; wish = wishes.poll()) {
            wish.carryOut(out);
        }
    }

    private Framing dataFraming() {
        return settings.options().transport() instanceof RelayedTransport.Tcp tcp ? tcp.framing() : dialect.framing();
    }

    /** RFC 6062 §4.3. */
    private final class Connect implements TurnRequest {

        private final InetSocketAddress peer;

        Connect(InetSocketAddress peer) {
            this.peer = peer;
        }

        @Override
        public StunMethod method() {
            return StunMethod.CONNECT;
        }

        @Override
        public void write(StunWriter writer) {
            writer.put(XOR_PEER_ADDRESS, peer);
        }

        @Override
        public void succeeded(long now, long sentAt, StunMessage answer) {
            connecting--;
            Optional<Long> id = answer.get(CONNECTION_ID);
            if (id.isPresent()) {
                open(peer, id.get(), false);
            } else {
                refused(peer, TurnFailure.of(TurnFailure.Kind.MALFORMED, "a success without CONNECTION-ID"));
            }
        }

        @Override
        public void failed(long now, TurnFailure failure) {
            connecting--;
            refused(peer, failure);
        }
    }

    /** RFC 6062 §4.3, §4.4: the first request on a data connection, and the last. */
    private final class Bind implements TurnRequest {

        private final PeerConnection connection;

        Bind(PeerConnection connection) {
            this.connection = connection;
        }

        @Override
        public StunMethod method() {
            return StunMethod.CONNECTION_BIND;
        }

        @Override
        public Optional<Base> from() {
            return Optional.of(connection.base);
        }

        @Override
        public void write(StunWriter writer) {
            writer.putUint32(CONNECTION_ID, connection.id);
        }

        @Override
        public void succeeded(long now, long sentAt, StunMessage answer) {
            if (!owns(connection.base)) {
                return;
            }
            connection.state = State.BOUND;
            Framing framing = dataFraming();
            wishes.add(out -> out.reframe(connection.base, framing));
            events.accept(new TurnEvent.PeerConnected(connection.base, connection.peer, connection.incoming));
        }

        @Override
        public void failed(long now, TurnFailure failure) {
            if (owns(connection.base)) {
                close(connection.base);
                refused(connection.peer, failure);
            }
        }
    }
}
