// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.util.Objects;
import org.icepath.sansio.Framing;

/** How a relay speaks to peers (RFC 8656 §18.8, RFC 6062 §4.1). */
public sealed interface RelayedTransport {

    /** Datagrams over UDP. */
    RelayedTransport UDP = new Udp();

    /**
     * Connections over TCP.
     *
     * @param framing how data lies on a connection once it leads to the peer: {@link org.icepath.turn.wire.RawStream} for bytes as
     *     they are, {@link org.icepath.turn.wire.Rfc4571Framing} for datagrams
     */
    static RelayedTransport tcp(Framing framing) {
        return new Tcp(framing);
    }

    /** See {@link #UDP}. */
    record Udp() implements RelayedTransport {}

    /** See {@link #tcp}. */
    record Tcp(Framing framing) implements RelayedTransport {

        public Tcp {
            Objects.requireNonNull(framing, "framing");
        }
    }
}
