// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.TransportType;
import org.icepath.connection.Proxy;
import org.icepath.ice.IceConfig;
import org.icepath.ice.StreamConfig;
import org.icepath.ice.engine.HostBase;
import org.icepath.net.MachineDriver;
import org.icepath.sansio.Base;
import org.icepath.sansio.Framing;

/**
 * What TCP candidates of a {@link HostPlan} stand on (RFC 6544 §5.1): for passive ones a port that accepts, for active ones the address alone.
 */
final class HostPorts {

    private final MachineDriver<?> driver;
    private final Optional<ListeningPort.Lodging> listening;
    private final Framing framing;
    private final boolean asks;
    private final List<Base> bases = new ArrayList<>();

    /** @param listening the session's place at a port that it shares with others, if it does */
    HostPorts(MachineDriver<?> driver, Optional<ListeningPort.Lodging> listening, IceConfig config) {
        this.driver = driver;
        this.listening = listening;
        this.framing = config.profile().checks().framing();
        this.asks =
                !config.stunServers().isEmpty() && config.connections().proxy().kind() == Proxy.Kind.NONE;
    }

    /** Binds what one place has of TCP; each part completes on the event loop and never fails. */
    Stream<CompletableFuture<HostSockets.Bound>> bind(HostPlan.Place place) {
        return place.transports().stream().filter(TransportType::isTcp).map(transport -> bind(place, transport));
    }

    private CompletableFuture<HostSockets.Bound> bind(HostPlan.Place place, TransportType transport) {
        return HostSockets.all(
                HostSockets.NOTHING,
                place.config().components().stream()
                        .map(component -> open(place, transport, component)
                                .handle((base, failure) -> bound(place, transport, component, base, failure)))
                        .toList());
    }

    private CompletableFuture<Base> open(HostPlan.Place place, TransportType transport, int component) {
        InetAddress address = place.address().address();
        if (!transport.tcpType().accepts()) {
            return onLoop(() -> driver.opening(new InetSocketAddress(address, HostBase.ACTIVE_PORT)));
        }
        if (isLodged(transport)) {
            return onLoop(() -> lodge(place, component, listening.orElseThrow()));
        }
        boolean opensToo = asks || transport.tcpType().opens();
        StreamConfig stream = place.config();
        return stream.hasPortRange()
                ? acceptInRun(address, opensToo, stream.components().indexOf(component), new PortRuns(stream))
                : driver.accept(new InetSocketAddress(address, 0), framing, opensToo);
    }

    /** @param index the component's place in a run */
    private CompletableFuture<Base> acceptInRun(InetAddress address, boolean opensToo, int index, PortRuns runs) {
        if (!runs.hasNext()) {
            return CompletableFuture.failedFuture(new BindException(runs.exhausted()));
        }
        return driver.accept(new InetSocketAddress(address, runs.next() + index), framing, opensToo)
                .exceptionallyCompose(failure -> {
                    runs.failed(HostSockets.words(failure));
                    return acceptInRun(address, opensToo, index, runs);
                });
    }

    private boolean isLodged(TransportType transport) {
        return listening.isPresent() && transport.equals(TransportType.TCP_PASSIVE);
    }

    private CompletableFuture<Base> onLoop(Supplier<Base> base) {
        return CompletableFuture.supplyAsync(base, driver.eventLoop());
    }

    /** Checks name a session, and not its component: there can be but one. */
    private Base lodge(HostPlan.Place place, int component, ListeningPort.Lodging lodging) {
        if (place.stream() != 0 || component != Candidate.RTP) {
            throw new IllegalStateException(HostSockets.ONE_COMPONENT);
        }
        return lodging.at(place.address().address())
                .map(driver::opening)
                .orElseThrow(() -> new IllegalStateException("the port that all sessions share is not bound there"));
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
                InterfaceKinds.of(place.address().kind()),
                asks && !isLodged(transport));
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
