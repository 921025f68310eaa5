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
    private final Map<Place, Candidate> destinations = new HashMap<>();
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
        Place place = new Place(stream, destination.component());
        PlainPath path = make(place, destination).orElse(null);
        if (path == null) {
            return Optional.empty();
        }
        destinations.put(place, destination);
        boolean resumed = held.remove(place);
        if (paths.contains(path)) {
            return resumed ? Optional.of(path) : Optional.empty();
        }
        paths.removeIf(each -> each.place().equals(place));
        paths.add(path);
        return Optional.of(path);
    }

    private Optional<PlainPath> make(Place place, Candidate destination) {
        GatheredCandidate local = locals.get(place);
        InetSocketAddress to = destination.address().socketAddress().orElse(null);
        if (local == null || to == null || !isReachable(to, local)) {
            return Optional.empty();
        }
        ActivePair pair = new ActivePair(new CandidatePair(local.candidate(), destination, 0), local.base(), to);
        return Optional.of(new PlainPath(place.stream(), place.component(), pair));
    }

    /** Forgets what leaves from a socket or relay that is gone; returns the paths that did. */
    List<PlainPath> lose(Base base) {
        List<PlainPath> gone =
                paths.stream().filter(path -> path.pair().base().equals(base)).toList();
        paths.removeAll(gone);
        locals.values().removeIf(local -> local.base().equals(base));
        return gone;
    }

    /**
     * Has a component whose path was lost send from elsewhere, to where it did.
     *
     * @return the path; empty as well while the peer wants nothing sent
     */
    Optional<PlainPath> mend(int stream, int component, GatheredCandidate local) {
        Place place = new Place(stream, component);
        Candidate destination = destinations.get(place);
        if (destination == null) {
            return Optional.empty();
        }
        locals.put(place, local);
        Optional<PlainPath> path = make(place, destination);
        path.ifPresent(paths::add);
        return held.contains(place) ? Optional.empty() : path;
    }

    /** Whether it is known where a component sends to, and there is nothing that it could send from. */
    boolean isMissing(int stream, int component) {
        return isMissing(new Place(stream, component));
    }

    private boolean isMissing(Place place) {
        return destinations.containsKey(place)
                && paths.stream().noneMatch(each -> each.place().equals(place));
    }

    /** Whether nothing is missing. */
    boolean isWhole() {
        return destinations.keySet().stream().noneMatch(this::isMissing);
    }

    /** The path that sends from there to there, if there is one. */
    Optional<PlainPath> between(Base base, InetSocketAddress to) {
        return paths.stream()
                .filter(path ->
                        path.pair().base().equals(base) && path.pair().remote().equals(to))
                .findFirst();
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
        destinations.keySet().removeIf(each -> !streams.contains(each.stream()));
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
