// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.icepath.ice.IceConfig;
import org.icepath.ice.agent.ActivePair;
import org.icepath.ice.gather.AllocationRequest;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Output;
import org.icepath.turn.BareHeader;
import org.icepath.turn.RelayedData;
import org.jspecify.annotations.Nullable;

/**
 * The relay allocations of a session: unwraps what comes over them, wraps what agents send from a relayed base, and asks for
 * permissions and channels. Not thread-safe.
 */
final class Relays {

    private final RelayedData data;
    private final RelayListener listener;
    private final Allocations allocations;
    private final RelayTable table = new RelayTable();
    private final RelayOutput output;
    private final RelayedConnections connections;
    private final RelayKeepalives keepalives;
    private long now;

    Relays(IceConfig config, RandomGenerator random, RelayedData data, RelayListener listener) {
        this.data = data;
        this.listener = listener;
        this.allocations = new Allocations(config, random, this::received);
        this.output = new RelayOutput(listener);
        this.connections = new RelayedConnections(table, output, listener);
        this.keepalives = new RelayKeepalives(config, random, table);
    }

    /** All that stand or are asked for, and the last that have ended. */
    RelayTable table() {
        return table;
    }

    /** Those with peers over relays. */
    RelayedConnections connections() {
        return connections;
    }

    /** Whether the server relays by the transport of the candidates that the base is for. */
    boolean mayAllocate(AllocationRequest request) {
        return allocations.mayServe(request);
    }

    void allocate(long at, AllocationRequest request) {
        now = at;
        Relay relay = allocations.next(request);
        table.add(relay);
        listener.allocating(at, relay);
        relay.allocation().allocate(at);
        keepalives.begin(at);
    }

    boolean handle(long at, Base base, InetSocketAddress from, ByteBuffer payload) {
        now = at;
        for (int i = 0; i < table.size(); i++) {
            Relay relay = table.get(i);
            if (!relay.ended() && relay.allocation().handle(at, base, from, payload)) {
                return true;
            }
        }
        return false;
    }

    /** What an allocation has unwrapped. */
    private void received(Base relayBase, InetSocketAddress peer, ByteBuffer datagram) {
        Relay relay = Objects.requireNonNull(table.find(relayBase), "data of a relay that was forgotten");
        relay.heardAt(now);
        if (relay.sharesItsConnection()) {
            connections.received(now, relay, peer, datagram, data);
        } else {
            data.received(relayBase, peer, datagram);
        }
    }

    /** Sends over a relay; what is for one that has ended leaves no more. */
    void transmit(long at, Base relayBase, InetSocketAddress peer, ByteBuffer payload, Output<?> out) {
        now = at;
        Relay relay = table.find(relayBase);
        if (relay != null && !relay.ended()) {
            output.transmit(at, relay, peer, payload, out);
        }
    }

    /** How packets of a pair leave; over a relay by a channel, or as the server's dialect has it, which is asked for here. */
    Route route(ActivePair pair) {
        Relay relay = relayOf(pair);
        if (relay == null) {
            return Route.direct(pair.base(), pair);
        }
        relay.bindChannel(now, pair.remote());
        int channel = relay.allocation().channelFor(pair.remote());
        Optional<BareHeader> bare = relay.allocation().bareHeaderFor(pair.remote());
        return new Route(
                relay.serverBase(),
                relay.allocation().serverAddress(),
                channel,
                channel == 0 && bare.isEmpty(),
                bare.isPresent() ? RelayedEnvelope.of(bare.get(), pair.envelope()) : pair.envelope(),
                pair.pair(),
                pair.generation());
    }

    /** Media has left a pair; where it comes back, it is preferred again. */
    void left(ActivePair pair) {
        Relay relay = relayOf(pair);
        if (relay != null) {
            relay.left(pair.remote());
        }
    }

    private @Nullable Relay relayOf(ActivePair pair) {
        return RelayIds.isRelay(pair.base()) ? table.find(pair.base()) : null;
    }

    /** Lets a peer's address through on the relays of a component, those included that are still to come. */
    void permit(int stream, int component, InetSocketAddress peer) {
        table.serving(stream, component).forEach(relay -> permit(relay, peer));
    }

    /** Lets a peer's address through on one relay. */
    void permit(Relay relay, InetSocketAddress peer) {
        if (!relay.permit(peer)) {
            listener.crowdedOut(now, relay, peer);
        }
    }

    /** Lets peers at these addresses through no longer on the relays of a component. */
    void forbid(long at, int stream, int component, Set<InetAddress> peers) {
        now = at;
        table.serving(stream, component).forEach(relay -> relay.forbid(at, peers));
    }

    /** Paths of a component are in doubt: the servers are asked whether they still have its relays, which a NAT may have cut off. */
    void probe(long at, int stream, int component) {
        now = at;
        table.serving(stream, component).forEach(relay -> relay.allocation().probe(at));
    }

    void release(long at, int stream, int component) {
        now = at;
        table.serving(stream, component).forEach(relay -> relay.allocation().release(at));
    }

    void release(long at, Relay relay) {
        now = at;
        if (!relay.ended()) {
            relay.allocation().release(at);
        }
    }

    void releaseAll(long at) {
        now = at;
        table.standingOrAsked().forEach(relay -> relay.allocation().release(at));
        keepalives.stop();
    }

    void handleTimeout(long at) {
        now = at;
        for (int i = 0; i < table.size(); i++) {
            if (!table.get(i).ended()) {
                table.get(i).allocation().handleTimeout(at);
            }
        }
        keepalives.handleTimeout(at);
    }

    long nextTimeout() {
        long next = keepalives.nextTimeout();
        for (int i = 0; i < table.size(); i++) {
            Relay relay = table.get(i);
            if (!relay.ended()) {
                next = Math.min(next, relay.allocation().nextTimeout());
            }
        }
        return next;
    }

    void drainTo(long at, Output<?> out) {
        now = at;
        for (int i = 0; i < table.size(); i++) {
            output.drain(at, table.get(i), out);
        }
        table.forgetEnded();
        keepalives.drainTo(out);
    }

    /** Whether an allocation has said anything since this was asked last. */
    boolean takeSaid() {
        return output.takeSaid();
    }

    void sendFailed(long at, Base base, InetSocketAddress to, Cause cause) {
        now = at;
        table.all().forEach(relay -> relay.allocation().sendFailed(at, base, to, cause));
    }

    void baseLost(long at, Base base, Cause cause) {
        now = at;
        table.all().forEach(relay -> relay.allocation().baseLost(at, leadingToServer(relay, base), cause));
    }

    /** A connection goes with the address that it comes from; one that nothing replaces may say so itself. */
    private static Base leadingToServer(Relay relay, Base lost) {
        boolean goesAlong = relay.isConnected() && relay.allocation().isMobile() && lost.equals(relay.socket());
        return goesAlong ? relay.serverBase() : lost;
    }

    void opened(long at, Base connection) {
        now = at;
        table.all().forEach(relay -> relay.allocation().opened(at, connection));
    }

    void closed(long at, Base connection, Cause cause) {
        now = at;
        table.all().forEach(relay -> relay.allocation().closed(at, connection, cause));
    }
}
