// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.icepath.candidate.Candidate;
import org.icepath.turn.PortRequest;
import org.icepath.turn.ServerAddress;
import org.jspecify.annotations.Nullable;

/**
 * Relays of RTP and RTCP on ports that follow each other (RFC 8656 §7.1, EVEN-PORT and RESERVATION-TOKEN): RTCP is asked for when RTP has its
 * port, and with the token for the next. A server that keeps no ports, or takes the wish amiss, is asked for any. Not thread-safe.
 */
final class PortPairs {

    private final Map<Place, LocalBase> asked = new HashMap<>();
    private final Map<Place, Attempt> waiting = new HashMap<>();
    private final Map<Place, Attempt> redeeming = new HashMap<>();

    /** Where the relays of a pair are asked for. */
    private record Place(int stream, InetAddress address, int server) {

        static Place of(LocalBase local, int server) {
            return new Place(local.stream(), local.address(), server);
        }

        static Place of(AllocationRequest request) {
            return of(request.local(), request.server());
        }
    }

    /**
     * What is to be asked for now; RTP comes before RTCP.
     *
     * @param bases all that there are
     * @return null when it waits for RTP's relay, to be had from {@link #released}
     */
    @Nullable
    Attempt arrange(Attempt attempt, List<LocalBase> bases) {
        LocalBase local = attempt.local();
        boolean concerned =
                attempt.kind() == Attempt.Kind.ALLOCATION && local.transport().isUdp();
        Place place = Place.of(local, attempt.server());
        if (concerned && local.component() == Candidate.RTCP && asked.containsKey(place)) {
            waiting.put(place, attempt);
            return null;
        }
        boolean first = concerned && local.component() == Candidate.RTP && hasRtcp(bases, local);
        if (first) {
            asked.put(place, local);
        }
        return first ? attempt.withPort(PortRequest.EVEN_AND_NEXT) : attempt;
    }

    private static boolean hasRtcp(List<LocalBase> bases, LocalBase rtp) {
        return bases.stream()
                .anyMatch(each -> each.component() == Candidate.RTCP
                        && each.stream() == rtp.stream()
                        && each.transport().isUdp()
                        && each.address().equals(rtp.address()));
    }

    /**
     * RTP has its relay, or gets none with a port beside.
     *
     * @param token empty where no port is kept
     * @return what RTCP is to ask for now, if it has waited
     */
    Optional<Attempt> released(AllocationRequest rtp, OptionalLong token) {
        Place place = Place.of(rtp);
        boolean concerned = rtp.local().component() == Candidate.RTP && asked.remove(place) != null;
        Attempt rtcp = concerned ? waiting.remove(place) : null;
        if (rtcp == null || token.isEmpty()) {
            return Optional.ofNullable(rtcp);
        }
        redeeming.put(place, rtcp);
        return Optional.of(rtcp.at(rtp.address()).withPort(PortRequest.reserved(token.getAsLong())));
    }

    /** RTCP has the port that was kept. */
    void redeemed(AllocationRequest rtcp) {
        redeeming.remove(Place.of(rtcp));
    }

    /**
     * The server does not give the port that was wished for: what is to be asked for in its place.
     *
     * @param rank the place of the request's base among the local addresses
     */
    Attempt anyPort(AllocationRequest refused, int rank) {
        Attempt rtcp = refused.port() instanceof PortRequest.Reserved ? redeeming.remove(Place.of(refused)) : null;
        return rtcp != null ? rtcp : anywhere(refused, rank);
    }

    /** The same request, for whatever port the server has. */
    static Attempt anywhere(AllocationRequest refused, int rank) {
        return onceMore(refused, rank, PortRequest.ANY);
    }

    /** The same request for this port, at the same address of the server. */
    static Attempt onceMore(AllocationRequest request, int rank, PortRequest port) {
        List<ServerAddress> there = List.of(request.address());
        return new Attempt(Attempt.Kind.ALLOCATION, request.local(), rank, request.server(), there, port);
    }

    /** Whether nothing waits. */
    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Forgets what was asked from bases that are gone; returns what waits for nothing any more. */
    List<Attempt> forget(Predicate<LocalBase> gone) {
        waiting.values().removeIf(each -> gone.test(each.local()));
        redeeming.values().removeIf(each -> gone.test(each.local()));
        List<Attempt> orphans = new ArrayList<>();
        asked.entrySet().removeIf(each -> {
            boolean lost = gone.test(each.getValue());
            Attempt orphan = lost ? waiting.remove(each.getKey()) : null;
            if (orphan != null) {
                orphans.add(orphan);
            }
            return lost;
        });
        return orphans;
    }

    void clear() {
        asked.clear();
        waiting.clear();
        redeeming.clear();
    }
}
