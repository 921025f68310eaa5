// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.List;
import java.util.Optional;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.Generation;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceException;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PendingOffer;
import org.icepath.ice.StreamConfig;
import org.jspecify.annotations.Nullable;

/** The verbs of offer and answer (RFC 3264) of an {@link IceEngine}: what the peers are told and what they say. Not thread-safe. */
public final class Signalling {

    private final SessionLife life;
    private final IceConfig config;
    private final Streams streams;
    private final EngineOutbox outbox;
    private final LocalSide local;
    private final Describer describer;
    private final Peers peers;
    private final EarlyArrivals early;
    private final Forks forks;
    private @Nullable IceDescription firstOffer;

    Signalling(
            SessionLife life,
            IceConfig config,
            Streams streams,
            EngineOutbox outbox,
            LocalSide local,
            Describer describer,
            Peers peers,
            EarlyArrivals early,
            Forks forks) {
        this.life = life;
        this.config = config;
        this.streams = streams;
        this.outbox = outbox;
        this.local = local;
        this.describer = describer;
        this.peers = peers;
        this.early = early;
        this.forks = forks;
    }

    /** Our description for an offer, with the candidates as they are now. */
    public IceDescription describe(long at) {
        life.enter(at);
        IceDescription description =
                describer.offer(local.gatherer().candidates(), local.gatherer().complete());
        firstOffer = description;
        return told(description);
    }

    /**
     * Our description for one peer, for an answer. Where its streams are selected, it has the selected candidates alone (RFC 8839
     * §4.4.1.2.2).
     *
     * @throws IllegalArgumentException when there is no such peer
     */
    public IceDescription describe(long at, int peer) {
        life.enter(at);
        PeerSession session = peers.require(peer);
        return told(session, session.dialog().answer(false));
    }

    /**
     * Our description for a further offer to one peer. When a restart is due it has fresh credentials and all candidates, else it is as
     * {@link #describe(long, int)} has it. The offer is open until {@link #update} or {@link #rollBack}.
     *
     * @throws IllegalArgumentException when there is no such peer
     */
    public IceDescription offer(long at, int peer) {
        life.enter(at);
        PeerSession session = peers.require(peer);
        return told(session, session.dialog().offer());
    }

    /**
     * Takes a further offer of a peer; other credentials than before begin another generation (RFC 8839 §4.4.1.1.1).
     *
     * @return our description for the answer
     * @throws IceException when the offer cannot be used; ICE goes on as if it had not come
     * @throws IllegalStateException when an offer of ours is open: refuse this one (491), or roll ours back first
     */
    public IceDescription answer(long at, int peer, IceDescription remoteOffer) {
        return hear(at, peer, remoteOffer)
                .orElseThrow(() ->
                        new IllegalStateException("the answer to peer " + peer + " has to wait: hear() the offer"));
    }

    /**
     * As {@link #answer}, for dialects that may have an answer wait: where the offer names a pair ({@code a=remote-candidates}) that is
     * still being checked.
     *
     * @return our description; empty when it has to wait, and {@link EngineEvent.AnswerDue} follows
     * @throws IceException when the offer cannot be used: it names pairs that cannot be, and the dialect has the call fail
     */
    public Optional<IceDescription> hear(long at, int peer, IceDescription remoteOffer) {
        life.enter(at);
        PeerSession session = peers.require(peer);
        if (session.dialog().hasOpenOffer()) {
            throw new IllegalStateException("an offer of ours to peer " + peer + " is open");
        }
        Dialog dialog = session.dialog();
        if (dialog.waitingAnswer().mustWait(at, remoteOffer, session.role(), dialog.rules())) {
            return Optional.empty();
        }
        boolean restarted = take(session, remoteOffer, false);
        return Optional.of(told(session, session.dialog().answer(restarted)));
    }

    /**
     * The answer that {@link EngineEvent.AnswerDue} has announced.
     *
     * @throws IceException when the pair that was awaited did not come to be: the call has failed
     * @throws IllegalStateException when none was announced
     */
    public IceDescription awaitedAnswer(long at, int peer) {
        life.enter(at);
        PeerSession session = peers.require(peer);
        IceDescription offer = session.dialog().waitingAnswer().take();
        return hear(at, peer, offer)
                .orElseThrow(() -> new IllegalStateException("no answer to peer " + peer + " is due"));
    }

    /**
     * What has to be bound anew for a further offer of a peer, before it is taken: components whose sockets were given up, as those of RTCP
     * are once it travels with RTP, and that the peer has of their own again. {@link LocalNetwork#add} takes the sockets from now on;
     * without them the offer is answered without these components.
     *
     * @return the places of their streams; none, as a rule, and none while an offer of ours is open
     * @throws IllegalArgumentException when there is no such peer
     */
    public List<Integer> reopen(long at, int peer, IceDescription remoteOffer) {
        life.enter(at);
        Dialog dialog = peers.require(peer).dialog();
        List<Streams.Place> missing =
                dialog.hasOpenOffer() ? List.of() : dialog.layout().missing(streams, remoteOffer);
        missing.forEach(streams::wantAgain);
        return missing.stream().map(Streams.Place::stream).distinct().toList();
    }

    private IceDescription told(PeerSession session, IceDescription description) {
        return told(session.origins().next(description));
    }

    private IceDescription told(IceDescription description) {
        local.tell(life.now(), description);
        return description;
    }

    /** An ICE restart is wished: an offer is pending with that reason, and the next {@link #offer} begins another generation. */
    public void restart(long at, int peer) {
        life.enter(at);
        peers.require(peer).offers().restart(at);
    }

    /** An open offer of ours counts for nothing (488, 491): ICE goes on as if it had not been made, and what was due still is. */
    public void rollBack(long at, int peer) {
        life.enter(at);
        peers.find(peer).ifPresent(session -> session.dialog().rollBack(at));
    }

    /**
     * Refuses a description as {@link #accept} would, but on any thread and before the session is asked.
     *
     * @throws IceException when {@code remote} cannot be used in a session of this configuration
     */
    public static void requireUsable(IceConfig config, IceDescription remote) {
        RemoteLayout.of(new Streams(config), remote);
    }

    /**
     * Takes the first description of a peer; its checks begin.
     *
     * @param role ours, as offer and answer have it; a role in the configuration goes before, and a lite peer never controls
     * @return the peer's number
     * @throws IceException when the description cannot be used
     * @throws IllegalStateException when the session is closed
     */
    public int accept(long at, IceDescription remote, IceRole role) {
        if (life.isEnding()) {
            throw new IllegalStateException("the session is closed");
        }
        life.enter(at);
        int most = config.profile().rulesTowards(remote).mostPeers();
        if (peers.size() >= most) {
            throw new IceException(
                    IceFailure.of(IceFailure.Kind.UNUSABLE_DESCRIPTION, "the session has " + most + " peers already"));
        }
        RemoteLayout layout = RemoteLayout.of(streams, remote);
        IceRole ours =
                IceRole.between(config.isLite(), remote.lite(), config.role().orElse(role));
        PeerSession peer = forks.next(layout, ours, role == IceRole.CONTROLLING);
        peers.add(peer);
        outbox.timeline().add(at, peer.number(), () -> "the peer's description arrived; we are " + ours);
        peer.dialog().start(at);
        if (firstOffer != null) {
            peer.offers().answered(firstOffer, false);
        }
        peer.offers().begin(at, peer, local.gatherer().candidates());
        if (local.gatherer().described()) {
            peer.dialog().startPlain(at);
        }
        early.described(peer);
        return peer.number();
    }

    /**
     * Takes the answer to {@link #offer}, or the first answer again as a later response repeats it. Other credentials than before, or any
     * after an offer with a restart, begin another generation; the one before it carries media until the new one is selected.
     *
     * @throws IceException when it cannot be used; ICE goes on as if it had not come
     * @throws IllegalArgumentException when there is no such peer
     */
    public void update(long at, int peer, IceDescription remote) {
        life.enter(at);
        take(peers.require(peer), remote, true);
    }

    /** @return whether ICE restarts for a stream */
    private boolean take(PeerSession session, IceDescription remote, boolean answer) {
        int before = session.dialog().generation().number();
        boolean restarted = session.dialog().update(life.now(), session.layout().next(streams, remote), answer);
        if (local.gatherer().described()) {
            session.dialog().startPlain(life.now());
        }
        if (session.dialog().generation().number() != before) {
            early.described(session);
        }
        peers.letGo(life.now());
        return restarted;
    }

    /**
     * Adds a stream to our side, in the place of one that was removed or behind all others; our next offer to each peer has it. Its
     * sockets come by {@link LocalNetwork#add}.
     *
     * @return its place
     * @throws IllegalArgumentException when there is a stream of that name
     */
    public int addStream(long at, StreamConfig stream) {
        life.enter(at);
        int place = streams.add(stream);
        peers.added(at, place);
        return place;
    }

    /**
     * Removes a stream: nothing is sent on it any more, and our next description to each peer refuses it (RFC 3264 §8.2). Its sockets go
     * when all peers know.
     *
     * @return its place
     * @throws IllegalArgumentException when there is none of that name
     */
    public int removeStream(long at, String name) {
        life.enter(at);
        int place = streams.remove(name);
        peers.removed(place);
        peers.letGo(at);
        return place;
    }

    /** The configuration with the streams as they are now. */
    public IceConfig config() {
        return streams.config();
    }

    /** Our role towards a peer, as it is now. */
    public IceRole role(int peer) {
        return peers.require(peer).role();
    }

    /** Where a peer stands. */
    public IceState state(int peer) {
        return peers.find(peer).map(PeerSession::state).orElse(IceState.CLOSED);
    }

    /** The generation of the latest exchange with a peer; the one before it may still carry media. */
    public Generation generation(int peer) {
        return peers.require(peer).dialog().generation();
    }

    /** The offer that is due from us to a peer. */
    public Optional<PendingOffer> pendingOffer(int peer) {
        return peers.find(peer).flatMap(session -> session.offers().pending());
    }

    /** Ends the checks and paths of a peer; idempotent. */
    public void closePeer(long at, int peer) {
        life.enter(at);
        peers.find(peer).ifPresent(session -> {
            peers.remember(at, session);
            session.close(at);
            peers.remove(at, session);
            early.forget(session);
        });
    }
}
