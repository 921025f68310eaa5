// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
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
import org.jspecify.annotations.Nullable;

/**
 * Paths to a peer without ICE: from the base of our default candidate to its default destination (RFC 8839 §4.2.5.2). Not
 * thread-safe.
 */
final class PlainPaths {

    private static final Foundation NONE = new Foundation("0");

    private final List<Spot> spots = new ArrayList<>(0);

    /** One of them. */
    record PlainPath(int stream, int component, ActivePair pair) {}

    /** A component: what it sends from and to, and its path where both are there. */
    private static final class Spot {
        private final int stream;
        private final int component;
        private @Nullable GatheredCandidate local;
        private @Nullable Candidate destination;
        private @Nullable PlainPath path;
        private boolean connected;
        private boolean held;

        Spot(int stream, int component) {
            this.stream = stream;
            this.component = component;
        }

        boolean isMissing() {
            return destination != null && path == null;
        }

        boolean isLost() {
            return connected && isMissing();
        }

        /** @return null when packets cannot go there: another address family, an address of nobody */
        @Nullable
        PlainPath pathTo(Candidate to) {
            InetSocketAddress address = to.address().socketAddress().orElse(null);
            if (local == null || address == null || !isReachable(address, local)) {
                return null;
            }
            CandidatePair pair = new CandidatePair(local.candidate(), to, 0);
            return new PlainPath(stream, component, new ActivePair(pair, local.base(), address));
        }
    }

    private Spot spot(int stream, int component) {
        return find(stream, component).orElseGet(() -> {
            Spot added = new Spot(stream, component);
            spots.add(added);
            return added;
        });
    }

    private Optional<Spot> find(int stream, int component) {
        return spots.stream()
                .filter(each -> each.stream == stream && each.component == component)
                .findFirst();
    }

    /** A default destination as if it were a candidate; that is what is asked for where it has a name. */
    static Candidate candidate(int component, CandidateAddress destination) {
        return Candidate.of(NONE, component, TransportType.UDP, 1, destination, CandidateType.HOST);
    }

    /** Names what we send from; packets flow once {@link #connect} has the peer's side. */
    void from(int stream, int component, GatheredCandidate local) {
        spot(stream, component).local = local;
    }

    /**
     * Takes the peer's side. Where nothing that we have leads there, it is remembered for what comes.
     *
     * @return the path, unless it is in use already, or packets cannot go there: another address family, an address of nobody
     */
    Optional<PlainPath> connect(int stream, Candidate destination) {
        Spot spot = spot(stream, destination.component());
        PlainPath path = spot.pathTo(destination);
        if (path == null) {
            if (spot.path == null) {
                spot.destination = destination;
            }
            return Optional.empty();
        }
        spot.destination = destination;
        boolean resumed = spot.held;
        spot.held = false;
        if (path.equals(spot.path) && !resumed) {
            return Optional.empty();
        }
        spot.path = path;
        spot.connected = true;
        return Optional.of(path);
    }

    /** Forgets what leaves from a socket or relay that is gone; returns the paths that did. */
    List<PlainPath> lose(Base base) {
        List<PlainPath> gone = new ArrayList<>();
        for (Spot spot : spots) {
            if (spot.path != null && spot.path.pair().base().equals(base)) {
                gone.add(spot.path);
                spot.path = null;
            }
            if (spot.local != null && spot.local.base().equals(base)) {
                spot.local = null;
            }
        }
        return gone;
    }

    /**
     * Has a component whose path was lost, or never was, send from elsewhere, to where it did or should.
     *
     * @return the path; empty as well while the peer wants nothing sent
     */
    Optional<PlainPath> mend(int stream, int component, GatheredCandidate local) {
        Spot spot = spot(stream, component);
        if (spot.destination == null) {
            return Optional.empty();
        }
        spot.local = local;
        spot.path = spot.pathTo(spot.destination);
        spot.connected |= spot.path != null;
        return spot.held ? Optional.empty() : Optional.ofNullable(spot.path);
    }

    /** Whether it is known where a component sends to, and there is nothing that it could send from. */
    boolean isMissing(int stream, int component) {
        return find(stream, component).filter(Spot::isMissing).isPresent();
    }

    /** Where a component sends to, or would if something here led there. */
    Optional<Candidate> destination(int stream, int component) {
        return find(stream, component).flatMap(spot -> Optional.ofNullable(spot.destination));
    }

    /** Whether packets can go from a candidate of ours to a destination. */
    static boolean leads(GatheredCandidate local, Candidate destination) {
        return destination
                .address()
                .socketAddress()
                .filter(address -> isReachable(address, local))
                .isPresent();
    }

    /** Whether a component has sent, be it that it does so no longer. */
    boolean wasConnected(int stream, int component) {
        return find(stream, component).filter(spot -> spot.connected).isPresent();
    }

    /** The streams of which something is lost. */
    Set<Integer> lost() {
        Set<Integer> lost = new TreeSet<>();
        spots.stream().filter(Spot::isLost).forEach(spot -> lost.add(spot.stream));
        return lost;
    }

    /** Whether nothing is lost. What never was there is no loss. */
    boolean isWhole() {
        return spots.stream().noneMatch(Spot::isLost);
    }

    /** The path between here and there, if there is one. */
    Optional<PlainPath> between(Base base, InetSocketAddress remote) {
        for (Spot spot : spots) {
            PlainPath path = spot.path;
            if (path != null
                    && path.pair().base().equals(base)
                    && path.pair().remote().equals(remote)) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }

    /** All of them, those on hold included. */
    Stream<PlainPath> paths() {
        return spots.stream().flatMap(spot -> Stream.ofNullable(spot.path));
    }

    /**
     * The peer wants no packets on a component for a while (RFC 3264 §8.4). What it sends, music perhaps, is still its own.
     *
     * @return whether there was a path in use
     */
    boolean hold(int stream, int component) {
        Spot spot = spot(stream, component);
        boolean inUse = spot.path != null && !spot.held;
        spot.held |= inUse;
        return inUse;
    }

    /** Forgets the paths of all streams but these; returns the forgotten ones. */
    List<PlainPath> retain(Set<Integer> streams) {
        List<PlainPath> gone =
                paths().filter(path -> !streams.contains(path.stream())).toList();
        spots.removeIf(spot -> !streams.contains(spot.stream));
        return gone;
    }

    private static boolean isReachable(InetSocketAddress to, GatheredCandidate local) {
        int family = local.base().address().getAddress().getAddress().length;
        return Destinations.isPossible(to)
                && Destinations.isInReach(local.base().address(), to)
                && to.getAddress().getAddress().length == family;
    }

    boolean isEmpty() {
        for (int i = 0; i < spots.size(); i++) { // asked after packets: no iterator
            if (spots.get(i).path != null) {
                return false;
            }
        }
        return true;
    }

    /** The path that a packet from the peer's machine belongs to, whatever its port: many peers without ICE send from another one. */
    Optional<PlainPath> findByAddress(Base base, InetSocketAddress from) {
        return paths().filter(path -> path.pair().base().equals(base)
                        && path.pair().remote().getAddress().equals(from.getAddress()))
                .findFirst();
    }
}
