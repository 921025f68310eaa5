// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.ice.agent.ActivePair;
import org.icepath.sansio.Base;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;

/** How datagrams leave: on a connection with the peer, relayed or not, over a relay, or from a socket. Not thread-safe. */
final class Departures {

    private final Relays relays;
    private final CandidateConnections connections;

    Departures(Relays relays, CandidateConnections connections) {
        this.relays = relays;
        this.connections = connections;
    }

    /** Sends a datagram from the base of a candidate. */
    void transmit(long now, Base base, InetSocketAddress to, ByteBuffer payload, Output<?> out) {
        if (base.transport() == Transport.TCP) {
            connections.transmit(now, base, to, payload, out);
        } else if (RelayIds.isRelay(base)) {
            relays.transmit(now, base, to, payload, out);
        } else {
            out.transmit(base, to, payload);
        }
    }

    /** Media has left a pair. */
    void left(ActivePair pair) {
        relays.left(pair);
    }

    /** How packets of a pair leave. */
    Route route(ActivePair pair) {
        if (relays.connections().shares(pair.base())) {
            return relays.route(pair);
        }
        if (pair.base().transport() == Transport.TCP) {
            return Route.direct(connections.connection(pair.base(), pair.remote()), pair);
        }
        return relays.route(pair);
    }
}
