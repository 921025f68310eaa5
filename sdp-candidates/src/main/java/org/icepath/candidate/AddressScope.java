// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import java.net.Inet6Address;
import java.net.InetAddress;

/** From where an IP address can be reached. IPv4 inside IPv6 (mapped, 6to4, NAT64) is judged by the IPv4 address. */
public enum AddressScope {
    /** 0.0.0.0 or ::, no address at all. */
    UNSPECIFIED,
    /** This machine only (127.0.0.0/8, ::1). */
    LOOPBACK,
    /** This link only (169.254.0.0/16, fe80::/10). */
    LINK_LOCAL,
    /** A private network (RFC 1918, fc00::/7, fec0::/10). */
    PRIVATE,
    /** Shared by an operator's customers behind its NAT (100.64.0.0/10, RFC 6598). */
    CARRIER_NAT,
    /** A group or broadcast address. */
    MULTICAST,
    /** Everywhere, as far as the address tells. */
    GLOBAL;

    /** Whether it is one machine's address: neither nowhere nor a crowd's. */
    public boolean isUnicast() {
        return this != UNSPECIFIED && this != MULTICAST;
    }

    /** The scope of an address. */
    public static AddressScope of(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return ofIpv4(bytes, 0);
        }
        if (address.isAnyLocalAddress()) {
            return UNSPECIFIED;
        }
        if (address.isLoopbackAddress()) {
            return LOOPBACK;
        }
        if (address.isMulticastAddress()) {
            return MULTICAST;
        }
        if (address.isLinkLocalAddress()) {
            return LINK_LOCAL;
        }
        if ((bytes[0] & 0xFE) == 0xFC || address.isSiteLocalAddress()) {
            return PRIVATE;
        }
        return ofEmbeddedIpv4((Inet6Address) address, bytes);
    }

    private static AddressScope ofEmbeddedIpv4(Inet6Address address, byte[] bytes) {
        if (bytes[0] == 0x20 && bytes[1] == 0x02) {
            return ofIpv4(bytes, 2); // 6to4, RFC 3056 §2
        }
        boolean nat64 = bytes[0] == 0 && bytes[1] == 0x64 && (bytes[2] & 0xFF) == 0xFF && (bytes[3] & 0xFF) == 0x9B;
        if (address.isIPv4CompatibleAddress() || nat64) {
            return ofIpv4(bytes, 12); // RFC 6052 §2.1
        }
        return GLOBAL;
    }

    private static AddressScope ofIpv4(byte[] bytes, int offset) {
        int first = bytes[offset] & 0xFF;
        int second = bytes[offset + 1] & 0xFF;
        if (first == 0) {
            return UNSPECIFIED;
        }
        if (first == 127) {
            return LOOPBACK;
        }
        if (first >= 224) {
            return MULTICAST;
        }
        if (first == 169 && second == 254) {
            return LINK_LOCAL;
        }
        if (first == 10 || (first == 172 && (second & 0xF0) == 16) || (first == 192 && second == 168)) {
            return PRIVATE;
        }
        return first == 100 && (second & 0xC0) == 64 ? CARRIER_NAT : GLOBAL;
    }
}
