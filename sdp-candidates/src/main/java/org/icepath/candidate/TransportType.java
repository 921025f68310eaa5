// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import java.util.Locale;

/**
 * The transport of a candidate: an open protocol token and, for TCP, who opens the connection (RFC 8839 §5.1, RFC 6544 §4.5).
 *
 * @param protocol the {@code transport} token in upper case, such as {@code UDP}
 * @param tcpType {@link TcpType#NONE} exactly when the protocol is not TCP
 */
public record TransportType(String protocol, TcpType tcpType) {
    /** Datagrams. */
    public static final TransportType UDP = new TransportType("UDP", TcpType.NONE);

    /** Opens TCP connections. */
    public static final TransportType TCP_ACTIVE = new TransportType("TCP", TcpType.ACTIVE);

    /** Accepts TCP connections. */
    public static final TransportType TCP_PASSIVE = new TransportType("TCP", TcpType.PASSIVE);

    /** TCP simultaneous open. */
    public static final TransportType TCP_SIMULTANEOUS_OPEN = new TransportType("TCP", TcpType.SIMULTANEOUS_OPEN);

    /**
     * Upper-cases the protocol: the token is case-insensitive.
     *
     * @throws IllegalArgumentException if the protocol is not a token, or TCP lacks its type, or another protocol has one
     */
    public TransportType {
        protocol = protocol.toUpperCase(Locale.ROOT);
        if (!Tokens.isToken(protocol)) {
            throw new IllegalArgumentException("transport is not a token: " + protocol);
        }
        if (protocol.equals("TCP") == (tcpType == TcpType.NONE)) {
            throw new IllegalArgumentException("tcptype " + tcpType + " does not fit transport " + protocol);
        }
    }

    /** Whether this is UDP. */
    public boolean isUdp() {
        return protocol.equals("UDP");
    }

    /** Whether this is TCP of any type. */
    public boolean isTcp() {
        return tcpType != TcpType.NONE;
    }

    /** Whether a local candidate of this transport pairs with a remote one of that (RFC 8445 §6.1.2.2, RFC 6544 §6.2). */
    public boolean pairsWith(TransportType remote) {
        return protocol.equals(remote.protocol) && tcpType.pairsWith(remote.tcpType);
    }

    /** The transport that the other end of a path from here has. */
    public TransportType counterpart() {
        return new TransportType(protocol, tcpType.counterpart());
    }

    @Override
    public String toString() {
        return isTcp() ? protocol + " " + tcpType.token() : protocol;
    }
}
