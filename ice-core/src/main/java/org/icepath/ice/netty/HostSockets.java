// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.net.BindException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.InterfaceKind;
import org.icepath.candidate.TransportType;
import org.icepath.ice.IceConfig;
import org.icepath.ice.StreamConfig;
import org.icepath.ice.engine.HostBase;
import org.icepath.net.LocalAddress;
import org.icepath.net.MachineDriver;
import org.icepath.net.UdpSocket;
import org.icepath.net.UdpSocketOptions;
import org.icepath.sansio.Base;

/** Binds the sockets of a {@link HostPlan}: one for each component on each address. */
final class HostSockets {

    /**
     * What binding came to.
     *
     * @param bases the sockets that stand
     * @param gaps what could not be bound, the gaps of the plan included
     */
    record Bound(List<HostBase> bases, List<HostPlan.Gap> gaps) {

        Bound and(Bound other) {
            return new Bound(
                    Stream.concat(bases.stream(), other.bases.stream()).toList(),
                    Stream.concat(gaps.stream(), other.gaps.stream()).toList());
        }
    }

    static final Bound NOTHING = new Bound(List.of(), List.of());

    static final String ONE_COMPONENT =
            "the port that all sessions share carries one component of each: multiplex RTCP, and bundle streams";

    private final MachineDriver<?> driver;
    private final HostPorts ports;
    private final Optional<SharedPort.Lodging> lodging;
    private final Map<BoundSocket, Integer> handedIn;

    HostSockets(MachineDriver<?> driver) {
        this(driver, Optional.empty(), Optional.empty(), Map.of(), IceConfig.create());
    }

    /**
     * @param lodging the session's place at a port that it shares with others, if it does
     * @param listening the same at a TCP port
     * @param handedIn the application's sockets, with their streams' places; such a stream has no others
     * @param config the session's: how packets lie on connections with peers, and who is asked about ports
     */
    HostSockets(
            MachineDriver<?> driver,
            Optional<SharedPort.Lodging> lodging,
            Optional<ListeningPort.Lodging> listening,
            Map<BoundSocket, Integer> handedIn,
            IceConfig config) {
        this.driver = driver;
        this.ports = new HostPorts(driver, listening, config);
        this.lodging = lodging;
        this.handedIn = handedIn;
    }

    /** Binds them all at once; completes on the event loop when the last has succeeded or failed, and never fails. */
    CompletableFuture<Bound> bind(HostPlan plan) {
        Bound unbound = new Bound(List.of(), plan.gaps());
        return all(
                unbound,
                plan.places().stream()
                        .map(place -> handedIn.containsValue(place.stream()) ? place.without(TransportType.UDP) : place)
                        .flatMap(place -> Stream.concat(
                                place.transports().contains(TransportType.UDP)
                                        ? Stream.of(bind(place))
                                        : Stream.empty(),
                                ports.bind(place)))
                        .toList());
    }

    /** Where sockets or ports are bound, or connections opened from. On the event loop. */
    Set<InetAddress> addresses() {
        Set<InetAddress> addresses = new HashSet<>(ports.addresses());
        driver.sockets().forEach(socket -> addresses.add(socket.localAddress().getAddress()));
        return addresses;
    }

    /** An address has gone: what stood on it is given up. On the event loop. */
    List<Base> lose(InetAddress address) {
        List<Base> gone = new ArrayList<>(ports.lose(address));
        driver.sockets().stream()
                .map(UdpSocket::base)
                .filter(base -> base.address().getAddress().equals(address))
                .forEach(gone::add);
        gone.forEach(driver::release);
        return gone;
    }

    /** Takes over the application's sockets; as {@link #bind(HostPlan)}. Called once. */
    CompletableFuture<Bound> takeOver() {
        return all(
                NOTHING,
                handedIn.entrySet().stream()
                        .map(each -> takeOver(each.getKey(), each.getValue()))
                        .toList());
    }

    private CompletableFuture<Bound> takeOver(BoundSocket handed, int stream) {
        String where = handed.channel().localAddress().getAddress().getHostAddress();
        return driver.adopt(handed.channel()).handle((socket, failure) -> {
            if (socket == null) {
                String why = "the application's socket cannot be used: " + words(failure);
                return new Bound(List.of(), List.of(new HostPlan.Gap(stream, handed.component(), where, why)));
            }
            HostBase base = new HostBase(stream, handed.component(), socket.base(), "", InterfaceKind.UNKNOWN);
            return new Bound(List.of(base), List.of());
        });
    }

    static CompletableFuture<Bound> all(Bound before, List<CompletableFuture<Bound>> parts) {
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new)).thenApply(done -> {
            List<HostBase> bases = new ArrayList<>(before.bases());
            List<HostPlan.Gap> gaps = new ArrayList<>(before.gaps());
            for (CompletableFuture<Bound> part : parts) {
                bases.addAll(part.join().bases());
                gaps.addAll(part.join().gaps());
            }
            return new Bound(bases, gaps);
        });
    }

    /**
     * Binds a further socket on the address of one that stands; in the stream's port range, if it has one, on a port such as the
     * component has there.
     *
     * @param stream the one's
     * @return completes on the event loop; fails as {@link MachineDriver#open} does, and where no such port is free
     */
    CompletableFuture<HostBase> bindBeside(HostBase one, StreamConfig stream) {
        UdpSocketOptions options =
                UdpSocketOptions.at(one.base().address().getAddress()).withDscp(stream.dscp());
        CompletableFuture<UdpSocket> further = stream.hasPortRange()
                ? openInRun(options, stream.components().indexOf(one.component()), new PortRuns(stream))
                : driver.open(options);
        return further.thenApply(
                socket -> new HostBase(one.stream(), one.component(), socket.base(), one.interfaceName(), one.kind()));
    }

    /** @param index the component's place in a run */
    private CompletableFuture<UdpSocket> openInRun(UdpSocketOptions options, int index, PortRuns runs) {
        if (!runs.hasNext()) {
            return CompletableFuture.failedFuture(new BindException(runs.exhausted()));
        }
        return driver.open(options.withPort(runs.next() + index)).exceptionallyCompose(failure -> {
            runs.failed(words(failure));
            return openInRun(options, index, runs);
        });
    }

    private CompletableFuture<Bound> bind(HostPlan.Place place) {
        if (place.config().hasPortRange()) {
            return bindRun(place, new PortRuns(place.config()));
        }
        return lodging.map(shared -> CompletableFuture.supplyAsync(() -> lodge(place, shared), driver.eventLoop()))
                .orElseGet(() -> bindAnywhere(place));
    }

    private static Bound lodge(HostPlan.Place place, SharedPort.Lodging lodging) {
        List<HostBase> bases = new ArrayList<>();
        List<HostPlan.Gap> gaps = new ArrayList<>();
        for (int component : place.config().components()) {
            boolean first = place.stream() == 0 && component == Candidate.RTP;
            Optional<UdpSocket> socket = first ? lodging.take(place.address().address()) : Optional.empty();
            socket.ifPresentOrElse(
                    shared -> bases.add(base(place, component, shared)),
                    () -> gaps.add(new HostPlan.Gap(
                            place.stream(),
                            component,
                            place.where(),
                            first ? "the port that all sessions share is not bound there" : ONE_COMPONENT)));
        }
        return new Bound(bases, gaps);
    }

    private CompletableFuture<Bound> bindAnywhere(HostPlan.Place place) {
        return all(
                NOTHING,
                place.config().components().stream()
                        .map(component -> driver.open(options(place))
                                .handle((socket, failure) -> socket == null
                                        ? new Bound(List.of(), List.of(gap(place, component, failure)))
                                        : new Bound(List.of(base(place, component, socket)), List.of())))
                        .toList());
    }

    private static HostPlan.Gap gap(HostPlan.Place place, int component, Throwable failure) {
        return new HostPlan.Gap(place.stream(), component, place.where(), "cannot be bound: " + words(failure));
    }

    private CompletableFuture<Bound> bindRun(HostPlan.Place place, PortRuns runs) {
        if (!runs.hasNext()) {
            List<HostPlan.Gap> gaps = new ArrayList<>();
            HostPlan.addGaps(place, runs.exhausted(), gaps);
            return CompletableFuture.completedFuture(new Bound(List.of(), gaps));
        }
        return bindFrom(place, runs, runs.next(), 0, new ArrayList<>())
                .thenCompose(bases -> bases.isEmpty()
                        ? bindRun(place, runs)
                        : CompletableFuture.completedFuture(new Bound(bases, List.of())));
    }

    /** Binds component after component on consecutive ports; an empty list when one of them was taken. */
    private CompletableFuture<List<HostBase>> bindFrom(
            HostPlan.Place place, PortRuns runs, int firstPort, int index, List<HostBase> bound) {
        List<Integer> components = place.config().components();
        if (index == components.size()) {
            return CompletableFuture.completedFuture(bound);
        }
        return driver.open(options(place).withPort(firstPort + index))
                .handle((socket, failure) -> {
                    if (socket == null) {
                        runs.failed(words(failure));
                        bound.forEach(base -> driver.release(base.base()));
                        return List.<HostBase>of();
                    }
                    bound.add(base(place, components.get(index), socket));
                    return bound;
                })
                .thenCompose(soFar -> soFar.isEmpty()
                        ? CompletableFuture.completedFuture(soFar)
                        : bindFrom(place, runs, firstPort, index + 1, soFar));
    }

    private static UdpSocketOptions options(HostPlan.Place place) {
        return UdpSocketOptions.at(place.address().address())
                .withDscp(place.config().dscp());
    }

    private static HostBase base(HostPlan.Place place, int component, UdpSocket socket) {
        LocalAddress address = place.address();
        return new HostBase(
                place.stream(), component, socket.base(), address.interfaceName(), InterfaceKinds.of(address.kind()));
    }

    static String words(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
