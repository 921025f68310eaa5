// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetAddress;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.ice.Generation;
import org.icepath.ice.IceEvent;
import org.icepath.ice.SendResult;
import org.icepath.sansio.Base;
import org.icepath.turn.TurnEvent;

/** What an {@link IceEngine} tells its shell. */
public sealed interface EngineEvent {

    /**
     * {@link Signalling#describe} may be called: all is gathered, or the deadline has come and there is a candidate. Told once. When
     * nothing at all could be gathered, a {@link SessionEvent} with {@link IceEvent.Failed} comes in its place.
     */
    record DescriptionDue() implements EngineEvent {}

    /**
     * The description has all candidates, or those that came before the deadline: a peer that does not trickle gets this one. Told
     * once, after {@link DescriptionDue} or together with it.
     */
    record FullDescriptionDue() implements EngineEvent {}

    /** An answer to an offer that had to wait ({@link Signalling#hear}) is ready: {@link Signalling#awaitedAnswer} gives it. */
    record AnswerDue(int peer) implements EngineEvent {}

    /** Something for listeners of the session that concerns no peer. */
    record SessionEvent(IceEvent event) implements EngineEvent {}

    /** Something for listeners of one peer, and of the session. */
    record PeerEvent(int peer, IceEvent event) implements EngineEvent {}

    /**
     * Packets of a component go this way from now on.
     *
     * @param route empty when nothing may be sent
     * @param whenAbsent what a send is then answered with: {@link SendResult#NO_PATH} or {@link SendResult#NO_CONSENT}
     */
    record RouteChanged(int peer, int stream, int component, Optional<Route> route, SendResult whenAbsent)
            implements EngineEvent {}

    /**
     * A remote candidate has a name. The shell answers with {@link Trickle#remoteResolved} or {@link Trickle#remoteUnresolved}.
     *
     * @param generation whose candidate it is
     */
    record ResolveName(int peer, Generation generation, int stream, Candidate candidate) implements EngineEvent {}

    /** A name of ours is told to peers from now on: the shell answers for it by multicast DNS until the session ends. */
    record PublishName(String name, InetAddress ip) implements EngineEvent {}

    /**
     * A TURN server takes no credentials that the session has. The shell asks whoever supplies them and answers with {@link
     * LocalNetwork#credentials} or {@link LocalNetwork#noCredentials}. Told only of servers for which there is a supplier.
     *
     * @param server place of the server in the configuration, from 0
     */
    record CredentialsWanted(int server, TurnEvent.CredentialsWanted wanted) implements EngineEvent {}

    /**
     * A further socket is wanted, beside one that stands: a TURN server refuses that one's port, or an allocation is to move. The shell
     * answers with {@link LocalNetwork#socketBound} or {@link LocalNetwork#socketUnbound}.
     *
     * @param beside of which stream, component and address it must be
     */
    record SocketWanted(int ticket, HostBase beside) implements EngineEvent {}

    /**
     * A STUN server is to be looked up once more: its name stood for nothing, or for nothing that can be reached from a socket that has
     * come since. The shell answers with {@link LocalNetwork#stunServerResolved} or {@link LocalNetwork#stunServerUnresolved}.
     *
     * @param server place of the server in the configuration, from 0
     */
    record StunServerSought(int server) implements EngineEvent {}

    /**
     * As {@link StunServerSought}, of a TURN server; answered with {@link LocalNetwork#turnServerResolved} or {@link
     * LocalNetwork#turnServerUnresolved}.
     *
     * @param server place of the server in the configuration, from 0
     */
    record TurnServerSought(int server) implements EngineEvent {}

    /** Checks for this username fragment are ours from now on; told before any description that names it. */
    record FragmentUsed(String fragment) implements EngineEvent {}

    /** A socket is no longer needed. */
    record BaseUnused(Base base) implements EngineEvent {}

    /** The session has ended: allocations are released, or could not be within the bound. The last event. */
    record Closed() implements EngineEvent {}
}
