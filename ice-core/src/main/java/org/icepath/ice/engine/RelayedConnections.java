// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Output;
import org.icepath.turn.RelayedData;
import org.icepath.turn.TurnEvent;
import org.icepath.turn.TurnFailure;
import org.jspecify.annotations.Nullable;

/**
 * The connections with peers over relays: each one of its own, made by the server (RFC 6062), or all by the one to the server, where its
 * dialect tells peers apart by their addresses. Not thread-safe.
 */
final class RelayedConnections {

    private final RelayTable relays;
    private final RelayOutput output;
    private final RelayListener listener;

    RelayedConnections(RelayTable relays, RelayOutput output, RelayListener listener) {
        this.relays = relays;
        this.output = output;
        this.listener = listener;
    }

    /** Whether packets from there, whoever they are for, leave by the one connection to the relay's server. */
    boolean shares(Base candidate) {
        return sharing(candidate) != null;
    }

    private @Nullable Relay sharing(Base base) {
        Relay relay = RelayIds.isRelay(base) ? relays.find(base) : null;
        return relay != null && relay.sharesItsConnection() ? relay : null;
    }

    /**
     * Takes what came over a connection that all share; what comes from a peer to whom nothing leads yet is as if he had connected.
     *
     * @param data is given it as come over the connection with that peer
     */
    void received(long now, Relay relay, InetSocketAddress peer, ByteBuffer datagram, RelayedData data) {
        Base known = relay.connectionWith(peer);
        Base connection = known == null ? relay.share(peer) : known;
        if (connection != null) {
            if (known == null) {
                listener.connected(now, relay, connection, peer, true);
            }
            data.received(connection, peer, datagram);
        }
    }

    /** Has a server connect with a peer; answered by {@link CandidateConnections#relayed} or {@link CandidateConnections#failed}. */
    void connect(long now, Base candidate, InetSocketAddress peer) {
        Relay relay = relays.find(candidate);
        if (relay == null) {
            return;
        }
        if (relay.sharesItsConnection()) {
            share(now, relay, peer);
        } else {
            relay.allocation().connect(now, peer);
        }
    }

    private void share(long now, Relay relay, InetSocketAddress peer) {
        Base connection = relay.share(peer);
        if (connection != null) {
            listener.connected(now, relay, connection, peer, false);
        } else {
            TurnFailure crowd = new TurnFailure(TurnFailure.Kind.TOO_MANY, 0, "the relay serves too many peers");
            listener.relayEvent(now, relay, new TurnEvent.PeerConnectFailed(peer, crowd));
        }
    }

    /** Sends over a connection that all peers share; answers false for any other one. */
    boolean transmitShared(long now, Base connection, InetSocketAddress peer, ByteBuffer payload, Output<?> out) {
        Relay relay = sharing(connection);
        if (relay != null && !relay.ended()) {
            output.transmit(now, relay, peer, payload, out);
        }
        return relay != null;
    }

    /** Ends the connection with one peer. */
    void disconnect(long now, Base connection) {
        Relay relay = relays.find(connection);
        if (relay != null) {
            relay.unshare(connection);
            relay.allocation().disconnect(now, connection);
        }
    }
}
