// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.icepath.candidate.CandidateAddress;
import org.icepath.ice.gather.AllocationRequest;
import org.icepath.ice.gather.Gatherer;
import org.icepath.ice.gather.LocalBase;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.icepath.turn.TurnFailure;

/**
 * Asks anew for relays that were refused for their socket's sake, from another socket, and for those that were lost while they stood (RFC
 * 8656 §7.4: 437). A bounded number of times, and not at once again. Not thread-safe.
 */
final class RelayRetries {

    /** Of one server for one component, within a short time; a server that allocates and forgets would be asked for ever. */
    private static final int MOST = 2;

    private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final int MOST_IN_ALL = 64;

    private final EngineOutbox outbox;
    private final Gatherer gatherer;
    private final Map<Place, Tries> tries = new HashMap<>();
    private final Map<Integer, AllocationRequest> waiting = new HashMap<>();
    private int all;

    private record Place(int stream, int component, int server) {}

    private record Tries(int count, long lastAt) {}

    RelayRetries(EngineOutbox outbox, Gatherer gatherer) {
        this.outbox = outbox;
        this.gatherer = gatherer;
    }

    /**
     * A relay has ended.
     *
     * @param socket where it was asked for from, if that still stands
     */
    void ended(long now, Relay relay, TurnFailure failure, Optional<HostBase> socket) {
        boolean elsewhere = failure.kind() == TurnFailure.Kind.NEW_LOCAL_PORT_NEEDED;
        boolean anew = failure.kind() == TurnFailure.Kind.ALLOCATION_LOST;
        boolean udp = relay.request().address().transport() == Transport.UDP;
        if (!(elsewhere && udp || anew) || socket.isEmpty() || !counts(now, relay.request())) {
            return;
        }
        String named = relay.toString();
        if (anew) {
            outbox.timeline().add(now, () -> named + " is asked for anew");
            gatherer.allocateAgain(now, relay.request().local(), relay.request().server());
            return;
        }
        outbox.timeline().add(now, () -> named + " is asked for from another port");
        waiting.put(all, relay.request());
        outbox.tell(new EngineEvent.SocketWanted(all, socket.get()));
    }

    private boolean counts(long now, AllocationRequest request) {
        LocalBase local = request.local();
        Place place = new Place(local.stream(), local.component(), request.server());
        Tries before = tries.getOrDefault(place, new Tries(0, now));
        int soon = now - before.lastAt() < SOON_NANOS ? before.count() : 0;
        if (soon >= MOST || all >= MOST_IN_ALL) {
            return false;
        }
        all++;
        tries.put(place, new Tries(soon + 1, now));
        return true;
    }

    /** The socket that was wanted stands. */
    void bound(long now, int ticket, HostBase socket) {
        AllocationRequest request = waiting.remove(ticket);
        if (request == null) {
            outbox.tell(new EngineEvent.BaseUnused(socket.base()));
            return;
        }
        LocalBase fresh = new LocalBase(
                socket.stream(), socket.component(), socket.base(), socket.interfaceName(), socket.kind());
        gatherer.allocateAgain(now, fresh, request.server());
    }

    /** The socket that was wanted could not be bound. */
    void unbound(long now, int ticket, String why) {
        AllocationRequest request = waiting.remove(ticket);
        if (request != null) {
            outbox.timeline()
                    .add(
                            now,
                            () -> "no other port for "
                                    + CandidateAddress.of(request.address().address()) + ": " + why);
        }
    }

    /** The socket of a request, among those that stand. */
    static Optional<HostBase> socketOf(AllocationRequest request, List<HostBase> hosts) {
        Base base = request.local().base();
        return hosts.stream().filter(host -> host.base().equals(base)).findFirst();
    }
}
