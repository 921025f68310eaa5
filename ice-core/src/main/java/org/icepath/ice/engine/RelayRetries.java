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
     * A relay that was asked for has failed. Where another port may help, the gatherer hears of the failure only once that port is asked
     * from: a description that is made meanwhile would lack the relay, and candidates would be said to be at an end.
     *
     * @param socket where it was asked for from, if that still stands
     * @return false when another port does not help, or there is none
     */
    boolean fromAnotherPort(long now, Relay relay, TurnFailure failure, Optional<HostBase> socket) {
        AllocationRequest request = relay.request();
        boolean helps = failure.kind() == TurnFailure.Kind.NEW_LOCAL_PORT_NEEDED && socket.isPresent();
        if (!helps || !counts(now, socket.get(), request)) {
            return false;
        }
        if (request.address().transport() != Transport.UDP) { // another connection leaves from another port
            gatherer.allocateOnceMore(now, request);
        } else if (!sockets.want(socket.get(), new AnotherPort(request, failure.detail()))) {
            return false;
        }
        outbox.timeline().add(now, () -> relay + " is asked for from another port: " + failure.detail());
        return true;
    }

    /**
     * A relay stands and cannot be kept, since its server takes nobody's credentials for it. Another one is asked for while it still
     * serves: from another port, or over a connection of its own, since the server knows the first by where it comes from.
     *
     * @param socket where it is spoken to from, if that still stands
     */
    void orphaned(long now, Relay relay, TurnFailure failure, Optional<HostBase> socket) {
        AllocationRequest request = relay.request();
        if (socket.isEmpty() || !counts(now, socket.get(), request)) {
            return;
        }
        if (request.address().transport() != Transport.UDP) {
            relay.succeed();
            gatherer.allocateAgain(now, socket.get().local(), request.server());
        } else if (sockets.want(socket.get(), new Succession(relay))) {
            relay.succeed();
        }
        outbox.timeline().add(now, () -> relay + " will end, and another is asked for: " + failure.detail());
    }

    /**
     * A relay has ended; one that stood is asked for anew.
     *
     * @param socket where it was spoken to from, if that still stands
     */
    void ended(long now, Relay relay, TurnFailure failure, Optional<HostBase> socket) {
        boolean anew = failure.kind() == TurnFailure.Kind.ALLOCATION_LOST && !relay.isSucceeded();
        if (anew && socket.isPresent() && counts(now, socket.get(), relay.request())) {
            outbox.timeline().add(now, () -> relay + " is asked for anew");
            gatherer.allocateAgain(now, socket.get().local(), relay.request().server());
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
        private final String refusal;

        AnotherPort(AllocationRequest request, String refusal) {
            this.request = request;
            this.refusal = refusal;
        }

        @Override
        public boolean bound(long now, HostBase socket) {
            gatherer.allocateAgain(now, socket.local(), request.server());
            gatherer.allocationFailed(now, request, refusal);
            return true;
        }

        @Override
        public void unbound(long now, String why) {
            String server = CandidateAddress.of(request.address().address()).toString();
            outbox.timeline().add(now, () -> "no other port for " + server + ": " + why);
            gatherer.allocationFailed(now, request, refusal);
        }
    }

    private final class Succession implements SpareSockets.Use {

        private final Relay relay;

        Succession(Relay relay) {
            this.relay = relay;
        }

        @Override
        public boolean bound(long now, HostBase socket) {
            gatherer.allocateAgain(now, socket.local(), relay.request().server());
            return true;
        }

        @Override
        public void unbound(long now, String why) {
            outbox.timeline().add(now, () -> "no other port in place of " + relay + ": " + why);
        }
    }
}
