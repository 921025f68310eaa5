// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetSocketAddress;

/** Addresses as people write them, for the words of failures. */
final class AddressText {

    private AddressText() {}

    /** Such as {@code 192.0.2.1:3478} or {@code [2001:db8::1]:3478}. */
    static String of(InetSocketAddress address) {
        String ip = address.getAddress().getHostAddress();
        String shorter = ip.contains(":") ? "[" + ip.replaceFirst("(^|:)(0(:|$)){2,8}", "::") + "]" : ip;
        return shorter + ":" + address.getPort();
    }
}
