// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Which addresses are one machine's, out there: others name them, and we would send or have a server send. */
public final class Unicast {

    private static final int FIRST_MULTICAST = 224;

    private Unicast() {}

    /** Whether it is one machine's address: not nowhere (0.0.0.0/8), not a crowd's (224.0.0.0/3 with broadcast). */
    public static boolean is(InetAddress address) {
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xFF;
        return bytes.length == 4
                ? first != 0 && first < FIRST_MULTICAST
                : !address.isAnyLocalAddress() && !address.isMulticastAddress();
    }

    /** The same with a port that something can be sent to. */
    public static boolean is(InetSocketAddress address) {
        return address.getPort() != 0 && is(address.getAddress());
    }

    /**
     * Whether it means the same machine to a server as to us: loopback and link-local addresses do only where the server itself has
     * one (CVE-2020-26262: a relay that reaches into itself).
     */
    public static boolean isMeantFor(InetAddress server, InetAddress peer) {
        boolean local = peer.isLoopbackAddress() || peer.isLinkLocalAddress();
        return !local || server.isLoopbackAddress() || server.isLinkLocalAddress();
    }
}
