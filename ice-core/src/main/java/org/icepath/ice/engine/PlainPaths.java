// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.TransportType;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.agent.ActivePair;
import org.icepath.ice.agent.Destinations;
import org.icepath.ice.gather.GatheredCandidate;
import org.icepath.sansio.Base;

/**
 * Paths to a peer without ICE: from the base of our default candidate to its default destination (RFC 8839 §4.2.5.2). Not
 * thread-safe.
 */
final class PlainPaths {

    private static final Foundation NONE = new Foundation("0");

    private final List<PlainPath> paths = new ArrayList<>();
    private final Map<Place, GatheredCandidate> locals = new HashMap<>();
    private final Set<Place> held = new HashSet<>();

    /** One of them. */
    record PlainPath(int stream, int component, ActivePair pair) {

        private Place place() {
            return new Place(stream, component);
        }
    }

    private record Place(int stream, int component) {}

    /** A default destination as if it were a candidate; that is what is asked for where it has a name. */
    static Candidate candidate(int component, CandidateAddress destination) {
        return Candidate.of(NONE, component, TransportType.UDP, 1, destination, CandidateType.HOST);
    }

    /** Names what we send from; packets flow once {@link #connect} has the peer's side. */
    void from(int stream, int component, GatheredCandidate local) {
        locals.put(new Place(stream, component), local);
    }

    /**
     * Takes the peer's side.
     *
     * @return the path, unless it is in use already, or packets cannot go there: another address family, an address of nobody
     */
    Optional<PlainPath> connect(int stream, Candidate destination) {
        int component = destination.component();
        GatheredCandidate local = locals.get(new Place(stream, component));
        InetSocketAddress to = destination.address().socketAddress().orElse(null);
        if (local == null || to == null || !isReachable(to, local)) {
            return Optional.empty();
        }
        ActivePair pair = new ActivePair(new CandidatePair(local.candidate(), destination, 0), local.base(), to);
        PlainPath path = new PlainPath(stream, component, pair);
        boolean resumed = held.remove(new Place(stream, component));
        if (paths.contains(path)) {
            return resumed ? Optional.of(path) : Optional.empty();
        }
        paths.removeIf(each -> each.stream() == stream && each.component() == component);
        paths.add(path);
        return Optional.of(path);
    }

    /**
     * The peer wants no packets on a component for a while (RFC 3264 §8.4). What it sends, music perhaps, is still its own.
     *
     * @return whether there was a path in use
     */
    boolean hold(int stream, int component) {
        Place place = new Place(stream, component);
        boolean inUse = paths.stream().anyMatch(each -> each.place().equals(place));
        return inUse && held.add(place);
    }

    /** Forgets the paths of all streams but these; returns the forgotten ones. */
    List<PlainPath> retain(Set<Integer> streams) {
        List<PlainPath> gone =
                paths.stream().filter(each -> !streams.contains(each.stream())).toList();
        paths.removeAll(gone);
        held.removeIf(each -> !streams.contains(each.stream()));
        locals.keySet().removeIf(each -> !streams.contains(each.stream()));
        return gone;
    }

    private static boolean isReachable(InetSocketAddress to, GatheredCandidate local) {
        int family = local.base().address().getAddress().getAddress().length;
        return Destinations.isPossible(to)
                && Destinations.isInReach(local.base().address(), to)
                && to.getAddress().getAddress().length == family;
    }

    boolean isEmpty() {
        return paths.isEmpty();
    }

    /**
     * Which path a packet belongs to: from the peer's machine, whatever the port, since many peers without ICE send from another
     * one than they name.
     */
    Optional<PlainPath> find(Base base, InetSocketAddress from) {
        for (PlainPath path : paths) {
            if (path.pair().base().equals(base)
                    && path.pair().remote().getAddress().equals(from.getAddress())) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }
}
