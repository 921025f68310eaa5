// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.ice.Envelope;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PathChange;
import org.icepath.sansio.Base;

/** What an {@link IceAgent} has to tell. Streams are meant by their index. */
public sealed interface AgentEvent {

    /** In place of a stream's index. */
    int ALL_STREAMS = -1;

    /** The first check of ours on this component has succeeded: data may be sent (RFC 8445 §12.1). */
    record Ready(int stream, int component, ActivePair pair) implements AgentEvent {}

    /** Data of this component goes another way from now on. {@code from} is empty for the first path. */
    record PathChanged(int stream, int component, Optional<ActivePair> from, ActivePair to, PathChange cause)
            implements AgentEvent {}

    /**
     * Our data leave a pair that is broken, or seems to be. What they do then is told next.
     *
     * @param why in words
     */
    record PathLeft(int stream, int component, ActivePair pair, String why) implements AgentEvent {}

    /**
     * The pair that our data go by has become suspect: answers are late. They go on unless another pair stands in; what lies beneath the
     * pair, a NAT's mapping or an allocation, may be gone.
     */
    record PathSuspect(int stream, int component, ActivePair pair) implements AgentEvent {}

    /** Nothing may be sent on this component any more: its last valid pair is gone. Follows the event that says why. */
    record NoPath(int stream, int component) implements AgentEvent {}

    /** This pair was nominated, by us or by the peer, and the nomination has succeeded (RFC 8445 §8.1.1). */
    record Nominated(int stream, int component, ActivePair pair) implements AgentEvent {}

    /** Every component of the stream has its selected pair (RFC 8445 §8.1.2). */
    record Selected(int stream) implements AgentEvent {}

    /**
     * A pair that is better than the selected one, or media for good on another, makes an ICE restart worth while: the peers have not
     * agreed to nominate again (RFC 8445 §8.1.1).
     *
     * @param wished false when that is so no longer
     */
    record RestartWished(int stream, boolean wished) implements AgentEvent {}

    /** Consent to send on this pair has expired or was revoked (RFC 7675 §5.1, §5.2). */
    record ConsentLost(int stream, int component, ActivePair pair) implements AgentEvent {}

    /** A role conflict was repaired (RFC 8445 §7.3.1.1), or the peer turned out to be lite (§6.1.1). */
    record RoleChanged(IceRole role) implements AgentEvent {}

    /** The first authenticated check of the peer on this component arrived. */
    record FirstCheck(int stream, int component, Base base, InetSocketAddress from) implements AgentEvent {}

    /** A peer-reflexive candidate became known: ours from an answer (RFC 8445 §7.2.5.3.1), or the peer's (§7.3.1.3). */
    record PeerReflexiveFound(int stream, Candidate candidate, boolean local) implements AgentEvent {}

    /** The peer may be sent to, and may send from, this address; a relay needs a permission for it. */
    record RemoteKnown(int stream, int component, InetSocketAddress address) implements AgentEvent {}

    /** RTCP of a stream goes with its RTP from now on, over a pair of TCP; its own component takes part no longer. */
    record Multiplexed(int stream) implements AgentEvent {}

    /** Before everything that goes to this address of the peer's must stand this. */
    record Wrapped(InetSocketAddress remote, Envelope envelope) implements AgentEvent {}

    /**
     * A check waits for a connection from this base to there (RFC 6544 §7.1); answered by {@link IceAgent#connected} or
     * {@link IceAgent#disconnected}.
     */
    record ConnectionWanted(Base base, InetSocketAddress remote) implements AgentEvent {}

    /** The agent stands elsewhere now. */
    record StateChanged(IceState from, IceState to) implements AgentEvent {}

    /** A stream, or all of them, will not connect; the others go on. */
    record Failed(IceFailure failure) implements AgentEvent {}

    /**
     * A strategy of the application's threw, or decided what cannot be, and the library decides in its place.
     *
     * @param stream {@link #ALL_STREAMS} where it concerns all of them
     * @param why which one, and what it did
     */
    record Overruled(int stream, String why) implements AgentEvent {}

    /** A datagram or a candidate was of no use, and why. Reported a bounded number of times. */
    record Ignored(String reason) implements AgentEvent {}
}
