// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;

/** Which servers a request may be sent on to (RFC 8489 §10): at most five, none twice. Not thread-safe. */
public final class Redirects {

    private static final int MOST = 5;

    private final Set<InetSocketAddress> visited = new HashSet<>();

    /** @param first the server that is asked first; resolved */
    public Redirects(InetSocketAddress first) {
        visited.add(first);
    }

    /**
     * Whether a server is to be asked; one that was asked before is not asked again.
     *
     * @param server which sends us on
     * @param next where to; counts as asked from now on if it may be: of the same family, one machine's, and no loopback address unless
     *     {@code server} has one
     */
    public boolean follow(InetSocketAddress server, InetSocketAddress next) {
        return mayAsk(server, next) && visited.size() <= MOST && visited.add(next);
    }

    // Whoever sends us elsewhere need not have authenticated, and must not aim us at this host or at a crowd.
    private static boolean mayAsk(InetSocketAddress server, InetSocketAddress next) {
        boolean sameFamily = next.getAddress().getClass() == server.getAddress().getClass();
        boolean local =
                next.getAddress().isLoopbackAddress() && !server.getAddress().isLoopbackAddress();
        return sameFamily && !local && Unicast.is(next);
    }
}
