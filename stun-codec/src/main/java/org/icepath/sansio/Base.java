// SPDX-License-Identifier: Apache-2.0
package org.icepath.sansio;

import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * The place that a candidate sends from and receives on (RFC 8445 §4, "base"): a bound UDP socket, a connection, or an address
 * on a relay.
 *
 * @param id tells two bases of one driver apart even where their addresses are equal; chosen by whoever makes the base
 * @param transport how bytes leave it
 * @param address the local transport address; for a relayed base the relayed transport address
 */
public record Base(long id, Transport transport, InetSocketAddress address) {

    public Base {
        Objects.requireNonNull(transport, "transport");
        Objects.requireNonNull(address, "address");
    }
}
