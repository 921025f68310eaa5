// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.HashMap;
import java.util.Map;
import org.icepath.sansio.Base;

/** Sockets that are wanted beside those which yield host candidates: for a refused port, or for an allocation that moves. Not thread-safe. */
final class SpareSockets {

    /** A shell that answers never must not let these grow without bound. */
    private static final int MOST_WAITING = 64;

    private final EngineOutbox outbox;
    private final Map<Integer, Use> waiting = new HashMap<>();
    private int last;

    /** What a socket is wanted for. */
    interface Use {

        /** It stands; false when it is of no use any more. */
        boolean bound(long now, HostBase socket);

        void unbound(long now, String why);
    }

    SpareSockets(EngineOutbox outbox) {
        this.outbox = outbox;
    }

    /** Has one bound on the address of another; false when too many are awaited. */
    boolean want(HostBase beside, Use use) {
        if (waiting.size() >= MOST_WAITING) {
            return false;
        }
        waiting.put(++last, use);
        outbox.tell(new EngineEvent.SocketWanted(last, beside));
        return true;
    }

    /** The shell has bound one; answers whether it is used. */
    boolean bound(long now, int ticket, HostBase socket) {
        Use use = waiting.remove(ticket);
        boolean used = use != null && use.bound(now, socket);
        if (!used) {
            unused(socket.base());
        }
        return used;
    }

    void unbound(long now, int ticket, String why) {
        Use use = waiting.remove(ticket);
        if (use != null) {
            use.unbound(now, why);
        }
    }

    /** One is needed no longer. */
    void unused(Base socket) {
        outbox.tell(new EngineEvent.BaseUnused(socket));
    }
}
