// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.icepath.candidate.TransportType;
import org.icepath.ice.engine.HostBase;
import org.icepath.net.MachineDriver;
import org.icepath.sansio.Base;
import org.icepath.sansio.Framing;

/**
 * What TCP candidates of a {@link HostPlan} stand on (RFC 6544 §4.1): for passive ones a port that accepts, for active ones the address alone.
 */
final class HostPorts {

    private final MachineDriver<?> driver;
    private final Framing framing;
    private final List<Base> bases = new ArrayList<>();

    HostPorts(MachineDriver<?> driver, Framing framing) {
        this.driver = driver;
        this.framing = framing;
    }

    /** Binds what one place has of TCP; each part completes on the event loop and never fails. */
    Stream<CompletableFuture<HostSockets.Bound>> bind(HostPlan.Place place) {
        return place.transports().stream().filter(TransportType::isTcp).map(transport -> bind(place, transport));
    }

    private CompletableFuture<HostSockets.Bound> bind(HostPlan.Place place, TransportType transport) {
        return HostSockets.all(
                HostSockets.NOTHING,
                place.config().components().stream()
                        .map(component -> open(place, transport)
                                .handle((base, failure) -> bound(place, transport, component, base, failure)))
                        .toList());
    }

    private CompletableFuture<Base> open(HostPlan.Place place, TransportType transport) {
        InetAddress address = place.address().address();
        return transport.tcpType().accepts()
                ? driver.accept(new InetSocketAddress(address, 0), framing)
                : CompletableFuture.supplyAsync(
                        () -> driver.opening(new InetSocketAddress(address, HostBase.ACTIVE_PORT)), driver.eventLoop());
    }

    private HostSockets.Bound bound(
            HostPlan.Place place, TransportType transport, int component, Base base, Throwable failure) {
        if (base == null) {
            String why = "cannot be bound: " + HostSockets.words(failure);
            String where = transport + " " + place.where();
            return new HostSockets.Bound(List.of(), List.of(new HostPlan.Gap(place.stream(), component, where, why)));
        }
        bases.add(base);
        HostBase host = new HostBase(
                place.stream(),
                component,
                transport,
                base,
                place.address().interfaceName(),
                InterfaceKinds.of(place.address().kind()));
        return new HostSockets.Bound(List.of(host), List.of());
    }

    /** Where there are any. On the event loop. */
    Set<InetAddress> addresses() {
        Set<InetAddress> addresses = new HashSet<>();
        bases.forEach(base -> addresses.add(base.address().getAddress()));
        return addresses;
    }

    /** An address has gone; returns what stood on it. On the event loop. */
    List<Base> lose(InetAddress address) {
        List<Base> gone = bases.stream()
                .filter(base -> base.address().getAddress().equals(address))
                .toList();
        bases.removeAll(gone);
        return gone;
    }
}
