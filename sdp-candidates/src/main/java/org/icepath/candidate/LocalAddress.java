// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * An address of this machine that may become a host candidate.
 *
 * @param address the IP address
 * @param kind what the interface it belongs to is made of
 */
public record LocalAddress(InetAddress address, InterfaceKind kind) {
    /** Whether this is an IPv6 address. */
    public boolean isIpv6() {
        return address instanceof Inet6Address;
    }
}
