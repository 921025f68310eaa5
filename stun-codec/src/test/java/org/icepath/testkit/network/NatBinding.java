// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.icepath.testkit.network.NatBehaviour.Dependence;

/** One external endpoint of a NAT: whom it belongs to, until when, and whom the inside has sent to through it. */
final class NatBinding {

    final boolean tcp;
    final InetSocketAddress inside;
    final InetSocketAddress external;
    private final Map<InetSocketAddress, Long> contacted = new HashMap<>();
    private long lastRefresh;

    NatBinding(boolean tcp, InetSocketAddress inside, InetSocketAddress external) {
        this.tcp = tcp;
        this.inside = inside;
        this.external = external;
    }

    void sentTo(long now, InetSocketAddress remote) {
        lastRefresh = now;
        contacted.put(remote, now);
    }

    void refresh(long now) {
        lastRefresh = now;
    }

    boolean isAlive(long now, long lifetime) {
        return now - lastRefresh < lifetime;
    }

    boolean letsIn(long now, InetSocketAddress remote, Dependence filtering, long lifetime) {
        if (filtering == Dependence.ENDPOINT_INDEPENDENT) {
            return true;
        }
        Object sender = key(filtering, remote);
        return contacted.entrySet().stream()
                .anyMatch(sent -> key(filtering, sent.getKey()).equals(sender) && now - sent.getValue() < lifetime);
    }

    /** The part of a remote endpoint that mapping or filtering depends on. */
    static Object key(Dependence dependence, InetSocketAddress remote) {
        return switch (dependence) {
            case ENDPOINT_INDEPENDENT -> "";
            case ADDRESS_DEPENDENT -> remote.getAddress();
            case ADDRESS_AND_PORT_DEPENDENT -> remote;
        };
    }
}
