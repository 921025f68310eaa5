// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.icepath.candidate.TransportType;
import org.icepath.sansio.Base;
import org.icepath.turn.AllocationState;
import org.icepath.turn.TurnFailure;
import org.jspecify.annotations.Nullable;

/**
 * Takes allocations whose socket or connection is lost to another one (RFC 8016): a fresh one from another address of the same component, or
 * from its own where that still stands, at once where there is one, else as soon as there is. Not thread-safe.
 */
final class RelayMoves {

    private final List<HostBase> hosts;
    private final SpareSockets sockets;
    private final EngineOutbox outbox;
    private final Map<Relay, Search> searches = new HashMap<>();

    /** The addresses that were tried for a relay, and whether one is being tried. */
    private static final class Search {
        private final Set<HostBase> tried = new HashSet<>();
        private @Nullable HostBase last;
        private boolean running;
    }

    /** @param hosts the sockets that stand; a live view */
    RelayMoves(List<HostBase> hosts, SpareSockets sockets, EngineOutbox outbox) {
        this.hosts = hosts;
        this.sockets = sockets;
        this.outbox = outbox;
    }

    /** An allocation that may move has lost its socket or connection. */
    void stranded(long now, Relay relay) {
        searches.put(relay, new Search());
        lookFor(now, relay);
    }

    /** There are more sockets than before. */
    void hostsCame(long now) {
        List.copyOf(searches.keySet()).forEach(relay -> lookFor(now, relay));
    }

    private void lookFor(long now, Relay relay) {
        Search search = searches.get(relay);
        if (search == null || search.running) {
            return;
        }
        Optional<HostBase> beside = hosts.stream()
                .filter(host -> host.transport() == TransportType.UDP && relay.serves(host.stream(), host.component()))
                .filter(host -> host.local().mayReach(relay.request().address()) && !search.tried.contains(host))
                .min(Comparator.comparing(host -> !host.base().equals(relay.socket())));
        if (beside.isPresent() && begins(now, relay, beside.get())) {
            search.tried.add(beside.get());
            search.last = beside.get();
            search.running = true;
        } else {
            outbox.timeline().add(now, () -> relay + " waits for a network to move to");
        }
    }

    private boolean begins(long now, Relay relay, HostBase beside) {
        if (relay.isConnected()) {
            relay.allocation().moveTo(now, relay.nextConnection(beside));
            return true;
        }
        return sockets.want(beside, new Refuge(relay));
    }

    /** The server has agreed: the allocation hangs on another socket now. */
    void moved(long now, Relay relay) {
        Search search = searches.remove(relay);
        if (search != null && search.last != null) {
            relay.leavesBy(search.last);
        }
        Base base = relay.serverBase(); // of now: the story is told later
        outbox.timeline().add(now, () -> relay + " has moved to " + base.address());
    }

    /** The server has not agreed. */
    void refused(long now, Relay relay, Base base, TurnFailure failure) {
        outbox.timeline().add(now, () -> relay + " cannot move to " + base.address() + ": " + failure.detail());
        if (!relay.isConnected()) {
            hosts.removeIf(host -> host.base().equals(base));
            sockets.unused(base);
        }
        again(now, relay);
    }

    private void again(long now, Relay relay) {
        Search search = searches.get(relay);
        if (search != null && relay.allocation().state() == AllocationState.ALLOCATED) {
            search.running = false;
            lookFor(now, relay);
        }
    }

    /** An allocation is gone. */
    void ended(Relay relay) {
        searches.remove(relay);
    }

    private final class Refuge implements SpareSockets.Use {

        private final Relay relay;

        Refuge(Relay relay) {
            this.relay = relay;
        }

        @Override
        public boolean bound(long now, HostBase socket) {
            if (!searches.containsKey(relay)) {
                return false;
            }
            relay.allocation().moveTo(now, socket.base());
            return true;
        }

        @Override
        public void unbound(long now, String why) {
            outbox.timeline().add(now, () -> "no socket for " + relay + ": " + why);
            again(now, relay);
        }
    }
}
