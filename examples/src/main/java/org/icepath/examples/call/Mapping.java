// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.HashSet;
import java.util.Set;

/** An outside port of a router, lent to one inside port. Used by the network's thread only. */
final class Mapping {

    private final Router router;
    private final InetSocketAddress inside;
    private final InetSocketAddress outside;
    private final DatagramChannel channel;
    private final Set<InetSocketAddress> contacted = new HashSet<>();

    Mapping(Router router, InetSocketAddress inside, InetSocketAddress outside, DatagramChannel channel) {
        this.router = router;
        this.inside = inside;
        this.outside = outside;
        this.channel = channel;
    }

    Router router() {
        return router;
    }

    InetSocketAddress inside() {
        return inside;
    }

    /** What the world sees. */
    InetSocketAddress outside() {
        return outside;
    }

    DatagramChannel channel() {
        return channel;
    }

    void contact(InetSocketAddress destination) {
        contacted.add(destination);
    }

    /** Address- and port-dependent filtering (RFC 4787 §5). */
    boolean admits(InetSocketAddress source) {
        return contacted.contains(source);
    }
}
