// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A router with NAT before one phone. Loopback has no routes, so what a phone writes to another phone's outside address comes here
 * because {@link EmulatedNetwork} knows who wrote it, and servers are reached through a {@link Gateway}.
 */
final class Router {

    private final EmulatedNetwork network;
    private final InetAddress phone;
    private final InetAddress inside;
    private final InetAddress outside;
    private final NatKind kind;
    private final boolean tunnel;
    private final Map<Key, Mapping> mappings = new HashMap<>();
    private final Map<InetSocketAddress, Gateway> gateways = new HashMap<>();

    /** What a mapping is for; the destination counts for a symmetric NAT alone. */
    private record Key(InetSocketAddress inside, Optional<InetSocketAddress> destination) {}

    /** @param tunnel whether it leads into the VPN instead of the internet */
    Router(
            EmulatedNetwork network,
            InetAddress phone,
            InetAddress inside,
            InetAddress outside,
            NatKind kind,
            boolean tunnel) {
        this.network = network;
        this.phone = phone;
        this.inside = inside;
        this.outside = outside;
        this.kind = kind;
        this.tunnel = tunnel;
    }

    /** Whether it leads into the VPN, which no firewall guards, instead of the internet. */
    boolean tunnel() {
        return tunnel;
    }

    /** The address of the phone behind it. */
    InetAddress phone() {
        return phone;
    }

    /** Opens a way to a server outside; the phone writes to the address that is returned. */
    InetSocketAddress gatewayTo(InetSocketAddress server) throws IOException {
        return network.<InetSocketAddress, IOException>confined(() -> {
            EmulatedNetwork.Bound bound = network.bind(inside);
            Gateway gateway = new Gateway(this, bound.channel(), bound.address(), server);
            gateways.put(server, gateway);
            network.watch(bound.channel(), gateway);
            return bound.address();
        });
    }

    /** The mapping of an inside port towards a destination, made if there is none. */
    Mapping mapping(InetSocketAddress source, InetSocketAddress destination) throws IOException {
        Key key = new Key(source, kind == NatKind.SYMMETRIC ? Optional.of(destination) : Optional.empty());
        Mapping known = mappings.get(key);
        if (known == null) {
            EmulatedNetwork.Bound bound = network.bind(outside);
            known = new Mapping(this, source, bound.address(), bound.channel());
            mappings.put(key, known);
            network.watch(bound.channel(), known);
        }
        return known;
    }

    Optional<Gateway> gatewayOf(InetSocketAddress server) {
        return Optional.ofNullable(gateways.get(server));
    }
}
