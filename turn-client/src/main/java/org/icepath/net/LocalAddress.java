// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Objects;

/**
 * An address that a host candidate may have.
 *
 * @param address the address, with its zone if it is an IPv6 link-local one
 * @param interfaceName the system's name of the interface it is on
 * @param kind what the interface probably is
 * @param prefixLength in bits
 */
public record LocalAddress(InetAddress address, String interfaceName, InterfaceKind kind, int prefixLength) {

    public LocalAddress {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(interfaceName, "interfaceName");
        Objects.requireNonNull(kind, "kind");
    }

    /** Whether it is an IPv6 address. */
    public boolean isIpv6() {
        return address instanceof Inet6Address;
    }

    // A modified EUI-64 identifier (RFC 4291 §2.5.1) carries the hardware address wherever the machine goes.
    boolean allowsLocationTracking() {
        byte[] bytes = address.getAddress();
        return isIpv6() && !address.isLinkLocalAddress() && bytes[11] == (byte) 0xFF && bytes[12] == (byte) 0xFE;
    }

    boolean sharesPrefixWith(LocalAddress other) {
        if (prefixLength != other.prefixLength || !interfaceName.equals(other.interfaceName)) {
            return false;
        }
        byte[] ours = address.getAddress();
        byte[] theirs = other.address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < Math.min(prefixLength, ours.length * Byte.SIZE); bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if (((ours[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
