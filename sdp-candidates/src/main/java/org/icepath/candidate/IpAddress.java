// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * An IP address and a port, canonical: no name, no zone, no IPv4-mapped IPv6.
 *
 * @param ip the address
 * @param port 0 to 65535
 */
public record IpAddress(InetAddress ip, int port) implements CandidateAddress {
    /** @throws IllegalArgumentException if the port is out of range */
    public IpAddress {
        Ports.require(port);
        ip = IpLiterals.canonical(ip);
    }

    /** An address as candidates have it: canonical, in the form of RFC 5952. */
    public static String format(InetAddress ip) {
        return IpLiterals.format(IpLiterals.canonical(ip));
    }

    /** Whether this is IPv6. */
    public boolean isIpv6() {
        return ip instanceof Inet6Address;
    }

    @Override
    public String host() {
        return IpLiterals.format(ip);
    }

    @Override
    public Optional<InetSocketAddress> socketAddress() {
        return Optional.of(new InetSocketAddress(ip, port));
    }

    @Override
    public IpAddress withPort(int newPort) {
        return new IpAddress(ip, newPort);
    }

    @Override
    public String toString() {
        return isIpv6() ? "[" + host() + "]:" + port : host() + ":" + port;
    }
}
