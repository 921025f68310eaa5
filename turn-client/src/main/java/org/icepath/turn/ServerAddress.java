// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import org.icepath.sansio.Transport;

/**
 * One of the places where a server is (RFC 5928 §3): what its name was resolved to.
 *
 * @param transport by which it is spoken to there
 * @param address resolved
 */
public record ServerAddress(Transport transport, InetSocketAddress address) {

    private static final Duration ADDRESS_HEAD_START = Duration.ofMillis(250); // RFC 8305 §5, connection attempt delay
    private static final Duration TRANSPORT_HEAD_START =
            Duration.ofSeconds(1); // two transmissions, and time for their answers

    public ServerAddress {
        Objects.requireNonNull(transport, "transport");
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("unresolved server address " + address);
        }
    }

    /**
     * How long this place is asked alone before {@code next} is asked beside it. Another transport waits for longer than another
     * address: whichever allocates first stays, and media should not go over TCP to the end for one datagram that got lost.
     */
    public Duration headStartOver(ServerAddress next) {
        return next.transport == transport ? ADDRESS_HEAD_START : TRANSPORT_HEAD_START;
    }

    /** A place that is reached over UDP. */
    public static ServerAddress udp(InetSocketAddress address) {
        return new ServerAddress(Transport.UDP, address);
    }
}
