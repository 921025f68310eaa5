// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IpAddress;
import org.icepath.candidate.TcpType;
import org.icepath.candidate.TransportType;
import org.icepath.ice.CandidateFacts;
import org.icepath.ice.CandidateFilter;
import org.icepath.ice.IceConfig;
import org.icepath.ice.StreamConfig;
import org.icepath.net.InterfaceKind;
import org.icepath.net.LocalAddress;
import org.icepath.net.LocalAddresses;

/**
 * Which sockets a session binds, and which it does not bind and why (RFC 8445 §5.1.1.1).
 *
 * @param places where sockets are bound
 * @param gaps what is left out
 */
record HostPlan(List<Place> places, List<Gap> gaps) {

    /**
     * One address for all components of one stream.
     *
     * @param stream place of the stream in the configuration
     * @param config the stream
     * @param address where its sockets are bound
     * @param transports what is bound there
     */
    record Place(int stream, StreamConfig config, LocalAddress address, List<TransportType> transports) {

        Place {
            transports = List.copyOf(transports);
        }

        /** One for UDP alone. */
        Place(int stream, StreamConfig config, LocalAddress address) {
            this(stream, config, address, List.of(TransportType.UDP));
        }

        /** The same without one transport. */
        Place without(TransportType transport) {
            return new Place(
                    stream,
                    config,
                    address,
                    transports.stream().filter(each -> !each.equals(transport)).toList());
        }

        String where() {
            String ip = IpAddress.format(address.address());
            String where = address.interfaceName().isEmpty() ? ip : ip + " (" + address.interfaceName() + ")";
            return transports.size() == 1 && transports.get(0).isTcp() ? transports.get(0) + " " + where : where;
        }
    }

    /**
     * A host candidate that will not be there.
     *
     * @param stream place of the stream in the configuration
     * @param component 1 and up
     * @param where address and interface
     * @param why in words
     */
    record Gap(int stream, int component, String where, String why) {}

    HostPlan {
        places = List.copyOf(places);
        gaps = List.copyOf(gaps);
    }

    /**
     * Plans a session.
     *
     * @param scanned the addresses of this machine; those of loopback only count where the configuration names them
     */
    static HostPlan of(IceConfig config, List<LocalAddress> scanned) {
        return of(config, scanned, LocalAddresses::routed);
    }

    /** @param routed as {@link UsefulAddresses} asks for them */
    static HostPlan of(IceConfig config, List<LocalAddress> scanned, Supplier<Set<InetAddress>> routed) {
        List<LocalAddress> wanted = wanted(config, scanned);
        UsefulAddresses useful = new UsefulAddresses(routed);
        List<Place> places = new ArrayList<>();
        List<Gap> gaps = new ArrayList<>();
        for (int index = 0; index < config.streams().size(); index++) {
            List<Place> able = new ArrayList<>();
            for (LocalAddress address : wanted) {
                able.add(place(config, index, address, gaps));
            }
            able.removeIf(place -> place.transports().isEmpty());
            List<Place> bound = bound(config, able, useful);
            places.addAll(bound);
            able.removeAll(bound);
            able.forEach(place -> addGaps(place, leftOut(bound.size()), gaps));
        }
        return new HostPlan(places, gaps);
    }

    // The application's own order says what it wants first.
    private static List<Place> bound(IceConfig config, List<Place> able, UsefulAddresses useful) {
        int most = config.maxCandidates();
        return config.localAddresses().isEmpty()
                ? List.copyOf(useful.first(most, able))
                : List.copyOf(able.subList(0, Math.min(most, able.size())));
    }

    private static String leftOut(int bound) {
        return "there are " + bound + " addresses before it, the most of a component";
    }

    /** What is bound on one address for one stream; what filters keep back is a gap. */
    private static Place place(IceConfig config, int index, LocalAddress address, List<Gap> gaps) {
        StreamConfig stream = config.streams().get(index);
        List<TransportType> admitted = new ArrayList<>();
        for (TransportType transport : config.transports(stream)) {
            Optional<String> refusal = refusal(config, possibleTypes(config, transport, address), transport, address);
            if (refusal.isEmpty()) {
                admitted.add(transport);
            } else {
                addGaps(new Place(index, stream, address, List.of(transport)), refusal.get(), gaps);
            }
        }
        return new Place(index, stream, address, admitted);
    }

    /** One gap for each component. */
    static void addGaps(Place place, String why, List<Gap> gaps) {
        for (int component : place.config().components()) {
            gaps.add(new Gap(place.stream(), component, place.where(), why));
        }
    }

    private static List<LocalAddress> wanted(IceConfig config, List<LocalAddress> scanned) {
        if (config.localAddresses().isEmpty()) {
            return scanned.stream()
                    .filter(each -> !each.address().isLoopbackAddress())
                    .toList();
        }
        return config.localAddresses().stream()
                .distinct()
                .map(address -> find(address, scanned))
                .map(address -> stated(config, address))
                .toList();
    }

    /** What the application says of an interface goes before what its name looks like. */
    private static LocalAddress stated(IceConfig config, LocalAddress address) {
        return Optional.ofNullable(config.interfaceKinds().get(address.address()))
                .map(kind -> new LocalAddress(
                        address.address(),
                        address.interfaceName(),
                        InterfaceKinds.scanned(kind),
                        address.prefixLength()))
                .orElse(address);
    }

    // An address that no interface has is kept: binding it fails, and the report says so in the system's words.
    private static LocalAddress find(InetAddress address, List<LocalAddress> scanned) {
        return scanned.stream()
                .filter(each -> each.address().equals(address))
                .findFirst()
                .orElseGet(() ->
                        new LocalAddress(address, "", InterfaceKind.OTHER, address.getAddress().length * Byte.SIZE));
    }

    private static Set<CandidateType> possibleTypes(IceConfig config, TransportType transport, LocalAddress address) {
        Set<CandidateType> possible = new HashSet<>(Set.of(CandidateType.HOST));
        boolean asked = !config.stunServers().isEmpty();
        boolean relayed = !config.turnServers().isEmpty();
        boolean mapped = config.natMappings().stream()
                .anyMatch(mapping -> mapping.type() == CandidateType.SERVER_REFLEXIVE
                        && mapping.internal().equals(address.address()));
        boolean known = asked || mapped;
        if (transport.isTcp() ? known && transport.tcpType().accepts() : known || relayed) {
            possible.add(CandidateType.SERVER_REFLEXIVE);
        }
        if (relayed && transport.tcpType() != TcpType.SIMULTANEOUS_OPEN) {
            possible.add(CandidateType.RELAYED);
        }
        return possible;
    }

    // Host candidates that are filtered still need their socket where something reflexive or relayed may come of it.
    private static Optional<String> refusal(
            IceConfig config, Set<CandidateType> possible, TransportType transport, LocalAddress address) {
        Optional<String> first = Optional.empty();
        for (CandidateType type : possible) {
            Optional<String> refusal = refusal(config, type, transport, address);
            if (refusal.isEmpty()) {
                return Optional.empty();
            }
            first = refusal;
        }
        return first;
    }

    private static Optional<String> refusal(
            IceConfig config, CandidateType type, TransportType transport, LocalAddress address) {
        CandidateFacts facts = new CandidateFacts(
                type,
                transport,
                address.address(),
                address.address(),
                address.interfaceName(),
                InterfaceKinds.of(address.kind()));
        return config.filters().stream()
                .filter(filter -> !filter.admits().test(facts))
                .map(CandidateFilter::description)
                .map(description -> "kept back by the filter \"" + description + "\"")
                .findFirst();
    }
}
