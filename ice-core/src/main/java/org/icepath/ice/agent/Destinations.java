// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.icepath.candidate.AddressScope;

/**
 * Where a peer may make us send. It names addresses as it likes, and each of them gets checks from us: not a crowd's, not nowhere,
 * and not those of services on our own machine. Addresses are judged by the IPv4 address that they carry, if they carry one.
 */
public final class Destinations {

    private Destinations() {}

    /** Whether it is the address and port of one machine. */
    public static boolean isPossible(InetSocketAddress to) {
        return to.getPort() != 0 && isPossible(to.getAddress());
    }

    /** Whether it is the address of one machine. */
    static boolean isPossible(InetAddress to) {
        return AddressScope.of(to).isUnicast();
    }

    /** Whether packets from {@code local} may go there: to a loopback address only from one (RFC 8445 §5.1.1.1 gathers none). */
    public static boolean isInReach(InetSocketAddress local, InetSocketAddress to) {
        boolean loopback = AddressScope.of(to.getAddress()) == AddressScope.LOOPBACK;
        return !loopback || local.getAddress().isLoopbackAddress();
    }
}
