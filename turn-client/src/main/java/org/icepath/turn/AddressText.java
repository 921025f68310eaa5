// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Addresses as people write them, for the words of failures. */
final class AddressText {

    private AddressText() {}

    /** Whether it stands for one that nobody knows here: the dummy address of IPv4 (RFC 7600 §4.8), and IPv6's discard prefix (RFC 6666). */
    static boolean isPlaceholder(InetAddress address) {
        String ip = address.getHostAddress();
        return ip.equals("192.0.0.8") || ip.startsWith("100:0:0:0:");
    }

    /** Such as {@code 192.0.2.1:3478} or {@code [2001:db8::1]:3478}. */
    static String of(InetSocketAddress address) {
        String ip = address.getAddress().getHostAddress();
        String shorter = ip.contains(":") ? "[" + ip.replaceFirst("(^|:)(0(:|$)){2,8}", "::") + "]" : ip;
        return shorter + ":" + address.getPort();
    }
}
