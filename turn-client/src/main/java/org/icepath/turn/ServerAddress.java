// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetSocketAddress;
import java.util.Objects;
import org.icepath.sansio.Transport;

/**
 * One of the places where a server is (RFC 5928 §3): what its name was resolved to.
 *
 * @param transport by which it is spoken to there
 * @param address resolved
 */
public record ServerAddress(Transport transport, InetSocketAddress address) {

    public ServerAddress {
        Objects.requireNonNull(transport, "transport");
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("unresolved server address " + address);
        }
    }

    /** A place that is reached over UDP. */
    public static ServerAddress udp(InetSocketAddress address) {
        return new ServerAddress(Transport.UDP, address);
    }
}
