// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.util.Objects;
import org.icepath.sansio.Transport;

/**
 * Where a STUN server is (RFC 7064).
 *
 * @param host a name or an address literal; IPv6 without brackets
 * @param port 1 to 65535; where it is to be discovered the default, which is asked when nothing else is found
 * @param transport UDP for {@code stun}, TLS for {@code stuns}
 * @param discovery what DNS may say better: {@link Discovery#NONE} or {@link Discovery#SERVICE}
 */
public record StunServer(String host, int port, Transport transport, Discovery discovery) {

    /** The port of {@code stun} and {@code turn} (RFC 8489 §18.6). */
    public static final int DEFAULT_PORT = 3_478;

    /** The port of {@code stuns} and {@code turns} (RFC 8489 §18.6). */
    public static final int DEFAULT_TLS_PORT = 5_349;

    public StunServer {
        Objects.requireNonNull(transport, "transport");
        Objects.requireNonNull(discovery, "discovery");
        if (discovery == Discovery.NAMING || discovery == Discovery.TRANSPORT) {
            throw new IllegalArgumentException("the transport of a STUN server is not looked for (RFC 8489 §8)");
        }
        ServerUri.checkHost(host);
        ServerUri.checkPort(port);
    }

    /** A server that is where this says, without a look for services. */
    public StunServer(String host, int port, Transport transport) {
        this(host, port, transport, Discovery.NONE);
    }

    /**
     * Reads {@code stun:host}, {@code stun:host:port}, {@code stuns:…}, {@code host} or {@code host:port}.
     *
     * @throws IllegalArgumentException if it is none of these; the message says what is wrong
     */
    public static StunServer parse(String text) {
        ServerUri uri = ServerUri.parse(text, "stun");
        if (uri.transport().isPresent()) {
            throw new IllegalArgumentException("\"" + text + "\": stun URIs have no transport (RFC 7064 §3.1)");
        }
        Transport transport = uri.secure() ? Transport.TLS : Transport.UDP;
        Discovery discovery = uri.isComplete() ? Discovery.NONE : Discovery.SERVICE;
        return new StunServer(uri.host(), uri.port().orElse(uri.defaultPort()), transport, discovery);
    }

    /** The URI form. */
    @Override
    public String toString() {
        String place = discovery == Discovery.NONE ? ServerUri.authority(host, port) : host;
        return (transport == Transport.TLS ? "stuns:" : "stun:") + place;
    }
}
