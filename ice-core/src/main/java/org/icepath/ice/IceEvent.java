// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.icepath.candidate.Candidate;

/** What happens in a session. Streams are named as in {@link IceConfig#stream}; components are 1 and up. */
public sealed interface IceEvent {

    /** One of our candidates was found; with trickling, it is to be sent to the peer. */
    record CandidateGathered(String stream, Candidate candidate) implements IceEvent {}

    /** Nothing more will be gathered: every server has answered or was given up. */
    record GatheringCompleted() implements IceEvent {}

    /** The first authenticated check of the peer arrived, perhaps before its description. */
    record FirstCheckReceived(String stream, int component, InetSocketAddress from) implements IceEvent {}

    /** A check of ours succeeded on this component: we may send on it (RFC 8445 §12.1). */
    record PathReady(String stream, int component, CandidatePair pair) implements IceEvent {}

    /** The first packet of the application's protocol arrived. */
    record FirstPacket(String stream, int component, InetSocketAddress from) implements IceEvent {}

    /** Our media of a component goes another way from now on. {@code from} is empty for the first path. */
    record PathChanged(String stream, int component, Optional<CandidatePair> from, CandidatePair to, PathChange cause)
            implements IceEvent {}

    /** Every component of the stream has its selected pair (RFC 8445 §8.1.2). */
    record StreamSelected(String stream) implements IceEvent {}

    /**
     * Our role is another one: a role conflict was repaired (RFC 8445 §7.3.1.1), or the peer restarted as a lite agent, which never
     * controls (RFC 8445 §6.1.1).
     */
    record RoleChanged(IceRole role) implements IceEvent {}

    /** The peer's consent to receive on this pair has expired (RFC 7675 §5.1); nothing is sent on it any more. */
    record ConsentLost(String stream, int component, CandidatePair pair) implements IceEvent {}

    /** {@link IcePath#isWritable} has another answer: a path became ready or was lost, or its queue is full or free again. */
    record WritabilityChanged(String stream, int component, boolean writable) implements IceEvent {}

    /** The peer stands elsewhere now. */
    record StateChanged(IceState from, IceState to) implements IceEvent {}

    /** An offer of ours is due; {@link IcePeer#pendingOffer} says so until it went out. */
    record OfferPending(PendingOffer offer) implements IceEvent {}

    /** A stream, or all of them, will not connect; the streams that work go on. */
    record Failed(IceFailure failure) implements IceEvent {}

    /** An ICE restart came to nothing; what the generation before it has stays as it is (RFC 8445 §9). */
    record RestartFailed(IceFailure failure) implements IceEvent {}

    /**
     * A {@link NominationPolicy}, {@link PathSelector} or {@link PathRanking} of the application's threw, or decided what cannot be; the
     * library's own rule decides in its place. Told once for each, and for each stream.
     *
     * @param stream empty where it concerns all streams
     * @param reason which one, and what it did
     */
    record Overruled(String stream, String reason) implements IceEvent {}

    /** A datagram or a part of a description was of no use, and why. Reported a bounded number of times. */
    record Ignored(String reason) implements IceEvent {}
}
