// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IceDescription;
import org.icepath.sdp.IceFragment;

/**
 * One remote: a SIP dialog, one To-tag, with its check lists and paths. Thread-safe.
 *
 * <p>An argument that is null is refused at once. Once the peer or the session is closed, futures that would have to ask them fail with an
 * {@link IceException} of kind {@link IceFailure.Kind#CLOSED}, unless their description says otherwise, and what answers nothing does
 * nothing.
 */
public interface IcePeer {

    /**
     * The path of a component: the same one as long as the stream is there, also after it has failed or the peer is closed.
     *
     * @param stream as named in {@link IceConfig#stream}
     * @param component 1 for RTP, 2 for RTCP ({@link Candidate#RTP}, {@link Candidate#RTCP}), or another that the stream has
     * @throws IllegalArgumentException when the session has no such stream or component
     */
    IcePath path(String stream, int component);

    /** Our role towards this peer, as it is now. */
    IceRole role();

    /** Where this peer stands; {@link IceEvent.StateChanged} tells of each step. */
    IceState state();

    /**
     * The generation of the latest exchange of descriptions, which late candidates belong to. After an ICE restart, the one before it
     * carries media until this one is selected.
     */
    Generation generation();

    /** An offer that is due from us, if any. */
    Optional<PendingOffer> pendingOffer();

    /**
     * All pairs in numbers, those in use and the others, of each generation that lives, latest first; none where the peer has no ICE.
     * Completes soon, and never fails; empty once the peer is closed.
     */
    CompletableFuture<List<PairStatistics>> statistics();

    /**
     * Our description for a further offer in this dialog: the candidates as they are now, the selected pairs as defaults; fresh
     * credentials and all candidates when a restart is due. Where every interface is gone it has no candidate, and 0.0.0.0 and port 9 for
     * its default destination: the peer is found again from what comes. The offer is open until {@link #accept} or {@link #rollback}; asked again
     * while it is open, it has the credentials that it had.
     */
    CompletableFuture<IceDescription> offer();

    /**
     * Takes a further offer of the peer. Another username fragment and password than before are an ICE restart (RFC 8839 §4.4.1.1.1):
     * the answer has fresh ones, too, and media stays where it is until the new generation has selected its pairs.
     *
     * @return our answer; fails with {@link IceException} when the offer cannot be used, and with {@link IllegalStateException}
     *     while an offer of ours is open: refuse the peer's (491), or {@link #rollback} ours
     */
    CompletableFuture<IceDescription> answer(IceDescription remoteOffer);

    /**
     * Takes the answer to {@link #offer}, or the first answer again as a later response repeats it.
     *
     * @return completes when it is in force; fails with {@link IceException} when it cannot be used
     */
    CompletableFuture<Void> accept(IceDescription remoteAnswer);

    /** Our open offer was refused (488, 491) or given up: ICE goes on as if it had not been made. Without one, nothing happens. */
    void rollback();

    /**
     * Begins an ICE restart (RFC 8445 §9): {@link #pendingOffer} says so, and the next {@link #offer} makes it. Media stays where it is
     * until the new generation has selected its pairs.
     */
    void restart();

    /**
     * Takes a candidate that the peer trickled (RFC 8838 §11); one of no generation that is known is ignored.
     *
     * @throws IllegalArgumentException when the session has no such stream
     */
    void addCandidate(Generation generation, String stream, Candidate candidate);

    /** Takes the peer's word that no more candidates come in {@code generation} (RFC 8838 §13); of one that is not known it is ignored. */
    void endOfCandidates(Generation generation);

    /**
     * What is to be trickled to this peer now (RFC 8840 §4.3), for {@link org.icepath.sdp.IceSdp#formatFragment} and the body of an
     * INFO: all our candidates so far under the credentials of the latest exchange, and whether they are all. Due after each
     * {@link IceEvent.CandidateGathered} and after {@link IceEvent.GatheringCompleted}.
     */
    CompletableFuture<IceFragment> fragment();

    /**
     * Takes a fragment that the peer trickled, as {@link org.icepath.sdp.IceSdp#parseFragment} reads it from an INFO (RFC 8840 §4.3). Its
     * username fragment says which generation it is of; what is known already, or of no generation that lives, changes nothing.
     */
    void addCandidates(IceFragment fragment);

    /** Adds a listener for what happens with this peer, from now on. Called on the session's event loop. */
    void onEvent(Consumer<? super IceEvent> listener);

    /** The story so far, as far as it concerns this peer. Completes soon; never fails. */
    CompletableFuture<IceReport> report();

    /** Ends the checks and paths of this peer; the session's sockets and candidates stay. Idempotent. */
    void close();
}
