// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.icepath.candidate.IceDescription;

/**
 * Our side of a call: sockets, candidates, allocations, one set of credentials. Thread-safe.
 *
 * <p>An argument that is null is refused at once. Once the session is closed, what would have to ask it fails with an {@link
 * IceException} of kind {@link IceFailure.Kind#CLOSED}; listeners are not called any more.
 */
public interface IceSession extends AutoCloseable {

    /**
     * Our description, for an offer. Completes when all is gathered, or at {@link IceConfig#gatherDeadline} with what there is; what
     * comes later is an event ({@link IceEvent.CandidateGathered}). The side that offers first controls (RFC 8445 §6.1.1).
     *
     * <p>Asked again, it gives the description as it is by then, under the same credentials; for a further offer within a dialog there is
     * {@link IcePeer#offer}. Where nothing could be gathered, the interfaces are looked at, and the servers' names looked up, once more;
     * the same is done, without being asked, when an interface appears.
     *
     * @return fails with {@link IceException} when nothing could be gathered ({@link IceFailure.Kind#NO_CANDIDATES}) or the session is
     *     closed, and with what a {@link CandidateFilter} throws
     */
    CompletableFuture<IceDescription> offer();

    /**
     * Takes a first offer, whose writer controls (RFC 8445 §6.1.1): the peer it makes, and our description for the answer, when gathered
     * as for {@link #offer}. Each call makes another peer; further offers of one are for {@link IcePeer#answer}.
     *
     * @param remoteOffer with or without ICE, as {@link org.icepath.sdp.IceSdp#parse(String)} reads it
     * @return fails as {@link #offer} does, and with {@link IceException} when the offer cannot be used
     */
    CompletableFuture<IceAnswer> answer(IceDescription remoteOffer);

    /**
     * Takes an answer to {@link #offer}; once for each answering dialog. Each call makes another peer; an answer that comes again, and
     * one to a further offer, are for {@link IcePeer#accept}.
     *
     * @param remoteAnswer with or without ICE, as {@link org.icepath.sdp.IceSdp#parse(String)} reads it
     * @return the peer, whose paths exist at once and are ready later
     * @throws IllegalStateException when {@link #offer} was not called before: there is nothing that this could answer
     * @throws IceException when the description cannot be used, or the session is closed
     */
    IcePeer accept(IceDescription remoteAnswer);

    /**
     * Adds a stream while the session runs: sockets are bound and candidates gathered. The next {@link IcePeer#offer} to each peer has it,
     * in the place of an m-line that was removed, else behind all others (RFC 3264 §8.1); so has the answer to an offer that brings one
     * more m-line. {@link IcePeer#path} knows it at once.
     *
     * @return completes when its candidates are gathered, or at {@link IceConfig#gatherDeadline}; fails with
     *     {@link IllegalArgumentException} when there is a stream of that name
     */
    CompletableFuture<Void> addStream(StreamConfig stream);

    /**
     * Removes a stream: nothing is sent on it any more, and the next description to each peer has port 0 in its m-line (RFC 3264 §8.2).
     * Its sockets and relays go when all peers know.
     *
     * @return fails with {@link IllegalArgumentException} when there is none of that name
     */
    CompletableFuture<Void> removeStream(String name);

    /**
     * Adds a listener for what happens in this session, its peers included; which peer an event is of is told by {@link #onPeerEvent},
     * {@link IcePeer#onEvent} and, afterwards, by the {@link IceReport}. Called on the session's event loop.
     */
    void onEvent(Consumer<? super IceEvent> listener);

    /**
     * Adds a listener for what happens with the peers of this session, those to come included: one place for all forks of a call, and none
     * of their first events is missed. What concerns no peer, such as candidates of ours, is for {@link #onEvent}. Called on the
     * session's event loop, perhaps before {@link #accept} has returned the peer.
     */
    void onPeerEvent(BiConsumer<? super IcePeer, ? super IceEvent> listener);

    /** The story so far, of all peers. Completes soon; never fails. Once the session is closed, the story to its end. */
    CompletableFuture<IceReport> report();

    /** Releases allocations, closes sockets, completes every future. Idempotent; does not wait. */
    @Override
    void close();
}
