// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.List;
import org.icepath.ice.gather.MissingCandidate;
import org.icepath.turn.ServerAddress;
import org.icepath.turn.TurnCredentials;

/** What a shell knows of our side's network, and tells an {@link IceEngine}: sockets that are bound, names that are resolved. */
public final class LocalNetwork {

    private final SessionLife life;
    private final EngineOutbox outbox;
    private final LocalSide local;

    LocalNetwork(SessionLife life, EngineOutbox outbox, LocalSide local) {
        this.life = life;
        this.outbox = outbox;
        this.local = local;
    }

    /**
     * Begins gathering.
     *
     * @param bases the sockets that are bound; for each stream and component those that should yield candidates
     * @throws IllegalArgumentException when a base belongs to a stream or component that is not configured
     * @throws IllegalStateException when it has begun already
     */
    public void gather(long at, List<HostBase> bases) {
        if (!life.isNew()) {
            throw new IllegalStateException("gathering began already, or the session is closed");
        }
        life.enter(at);
        outbox.timeline().start(at);
        local.start(at, bases);
        life.open();
    }

    /**
     * Gathers from further sockets, bound on an interface that has appeared; their candidates are told as late ones are, and the peers'
     * checks leave from them, too. Where not one candidate was found before, all is gathered once more, and the description is due anew.
     * Of no effect once the session is closed.
     *
     * @param bases a socket of a component that was given up since, or has one at that address, is answered with
     *     {@link EngineEvent.BaseUnused}; empty to try once more where nothing was found
     * @return whether all is gathered once more: the names of all servers are to be given again, as after {@link #gather}
     * @throws IllegalArgumentException when a base belongs to a stream or component that is not configured
     * @throws IllegalStateException when gathering has not begun
     */
    public boolean add(long at, List<HostBase> bases) {
        if (life.isNew()) {
            throw new IllegalStateException("gathering has not begun");
        }
        if (life.isEnding()) {
            return false;
        }
        life.enter(at);
        bases.forEach(base -> outbox.timeline().add(at, () -> "a socket is bound on " + base.inWords()));
        boolean anew = local.add(at, bases);
        if (anew) {
            outbox.timeline().add(at, () -> "nothing was found so far: all is gathered once more");
        }
        return anew;
    }

    /** Whether nothing more will be gathered from the sockets that are there. */
    public boolean isGathered() {
        return local.gatherer().complete();
    }

    /** Hands over the socket that {@link EngineEvent.SocketWanted} asked for. */
    public void socketBound(long at, int ticket, HostBase socket) {
        life.enter(at);
        if (life.isOpen()) {
            local.socketBound(at, ticket, socket);
        } else {
            outbox.tell(new EngineEvent.BaseUnused(socket.base()));
        }
    }

    /** The socket that {@link EngineEvent.SocketWanted} asked for cannot be bound. */
    public void socketUnbound(long at, int ticket, String why) {
        life.enter(at);
        local.socketUnbound(at, ticket, why);
    }

    /** Hands over the credentials that {@link EngineEvent.CredentialsWanted} asked for; allocations to come use them, too. */
    public void credentials(long at, int server, TurnCredentials credentials) {
        life.enter(at);
        local.credentials().supplied(at, server, credentials);
    }

    /** There are no credentials in answer to {@link EngineEvent.CredentialsWanted}: what waits for them fails. */
    public void noCredentials(long at, int server, String why) {
        life.enter(at);
        local.credentials().refused(at, server, why);
    }

    /**
     * Notes a host candidate that could not be tried for.
     *
     * @param where such as "192.0.2.1 (eth0)"
     */
    public void missing(long at, int stream, int component, String where, String why) {
        life.enter(at);
        local.gatherer().missing(new MissingCandidate(stream, component, "host candidate on " + where, why));
    }

    /** Says where a STUN server of the configuration is, over UDP and TCP, in the order of preference; may come before {@link #gather}. */
    public void stunServerResolved(long at, int server, List<ServerAddress> addresses) {
        life.enter(at);
        local.gatherer().stunServerResolved(at, server, addresses);
    }

    /** Gives up a STUN server of the configuration. */
    public void stunServerUnresolved(long at, int server, String why) {
        life.enter(at);
        local.gatherer().stunServerUnresolved(at, server, why);
    }

    /** Says where a TURN server of the configuration is, in the order of preference. */
    public void turnServerResolved(long at, int server, List<ServerAddress> addresses) {
        life.enter(at);
        local.gatherer().turnServerResolved(at, server, addresses);
    }

    /** Gives up a TURN server of the configuration. */
    public void turnServerUnresolved(long at, int server, String why) {
        life.enter(at);
        local.gatherer().turnServerUnresolved(at, server, why);
    }
}
