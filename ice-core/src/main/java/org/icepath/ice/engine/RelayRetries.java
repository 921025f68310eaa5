// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.icepath.candidate.CandidateAddress;
import org.icepath.ice.gather.AllocationRequest;
import org.icepath.ice.gather.Gatherer;
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
    private final SpareSockets sockets;
    private final Map<Place, Tries> tries = new HashMap<>();
    private int all;

    private record Place(int stream, int component, int server) {}

    private record Tries(int count, long lastAt) {}

    RelayRetries(EngineOutbox outbox, Gatherer gatherer, SpareSockets sockets) {
        this.outbox = outbox;
        this.gatherer = gatherer;
        this.sockets = sockets;
    }

    /**
     * A relay has ended.
     *
     * @param socket where it was spoken to from, if that still stands
     */
    void ended(long now, Relay relay, TurnFailure failure, Optional<HostBase> socket) {
        boolean elsewhere = failure.kind() == TurnFailure.Kind.NEW_LOCAL_PORT_NEEDED;
        boolean anew = failure.kind() == TurnFailure.Kind.ALLOCATION_LOST;
        boolean udp = relay.request().address().transport() == Transport.UDP;
        if (!(elsewhere && udp || anew) || socket.isEmpty() || !counts(now, socket.get(), relay.request())) {
            return;
        }
        int server = relay.request().server();
        if (anew) {
            outbox.timeline().add(now, () -> relay + " is asked for anew");
            gatherer.allocateAgain(now, socket.get().local(), server);
        } else if (sockets.want(socket.get(), new AnotherPort(relay.request()))) {
            outbox.timeline().add(now, () -> relay + " is asked for from another port");
        }
    }

    private boolean counts(long now, HostBase socket, AllocationRequest request) {
        Place place = new Place(socket.stream(), socket.component(), request.server());
        Tries before = tries.getOrDefault(place, new Tries(0, now));
        int soon = now - before.lastAt() < SOON_NANOS ? before.count() : 0;
        if (soon >= MOST || all >= MOST_IN_ALL) {
            return false;
        }
        all++;
        tries.put(place, new Tries(soon + 1, now));
        return true;
    }

    private final class AnotherPort implements SpareSockets.Use {

        private final AllocationRequest request;

        AnotherPort(AllocationRequest request) {
            this.request = request;
        }

        @Override
        public boolean bound(long now, HostBase socket) {
            gatherer.allocateAgain(now, socket.local(), request.server());
            return true;
        }

        @Override
        public void unbound(long now, String why) {
            String server = CandidateAddress.of(request.address().address()).toString();
            outbox.timeline().add(now, () -> "no other port for " + server + ": " + why);
        }
    }
}
