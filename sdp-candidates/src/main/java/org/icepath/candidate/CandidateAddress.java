// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import java.net.InetSocketAddress;
import java.util.Optional;

/** A connection address and a port: an IP address, or a name that nobody here resolves (RFC 8839 §5.1). */
public sealed interface CandidateAddress permits IpAddress, NamedAddress {
    /** The IP address in its canonical form (RFC 5952) or the name. */
    String host();

    /** The port, 0 to 65535. */
    int port();

    /** The socket address if this is an IP address; empty for a name. Never asks DNS. */
    Optional<InetSocketAddress> socketAddress();

    /** This address with another port. */
    CandidateAddress withPort(int port);

    /**
     * Reads an IP literal or a name. IPv4-mapped IPv6 becomes IPv4; a zone is dropped, since it means nothing on another
     * machine. Never asks DNS.
     *
     * @param host an IPv4 or IPv6 literal, a domain name or a {@code .local} name
     * @param port 0 to 65535
     * @throws IllegalArgumentException if the host is none of these, or the port is out of range
     */
    static CandidateAddress of(String host, int port) {
        return IpLiterals.parse(host)
                .<CandidateAddress>map(ip -> new IpAddress(ip, port))
                .orElseGet(() -> new NamedAddress(host, port));
    }

    /**
     * The address of a socket.
     *
     * @param address resolved, or carrying a name
     */
    static CandidateAddress of(InetSocketAddress address) {
        return address.isUnresolved()
                ? of(address.getHostString(), address.getPort())
                : new IpAddress(address.getAddress(), address.getPort());
    }
}
