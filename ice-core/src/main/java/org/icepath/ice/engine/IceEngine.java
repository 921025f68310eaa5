// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.Generation;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceException;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PendingOffer;
import org.icepath.ice.gather.Gatherer;
import org.icepath.ice.gather.MissingCandidate;
import org.icepath.ice.pacing.Turns;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.turn.wire.Demux;
import org.icepath.turn.wire.PacketKind;

/**
 * One session as one machine: our side's gathering and relay allocations, and one agent for each peer.
 *
 * <p>A datagram is asked about in this order, and the first that takes it keeps it: relay allocations (which unwrap it and ask
 * again), gathering, the agents of the peers, early checks, and then it is the application's.
 *
 * <p>Not thread-safe. Commands take the time first; what they cause comes out at the next {@link #drainTo}.
 */
public final class IceEngine implements Machine<EngineEvent> {

    /** How long {@link #close} waits for relays to be released (RFC 8656 §8: a refresh with lifetime 0). */
    private static final long RELEASE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final int MAX_PEERS = 32;

    private final EngineSettings settings;
    private final IceConfig config;
    private final MediaSink media;
    private final Agents agents;
    private final OurGeneration first;
    private final Turns turns = new Turns();
    private final EngineOutbox outbox = new EngineOutbox();
    private final LocalSide local;
    private final Gatherer gatherer;
    private final Relays relays;
    private final SlowSends slowSends = new SlowSends();
    private final Describer describer;
    private final EarlyPackets earlyPackets = new EarlyPackets();
    private final Peers peers;
    private final ArrayDeque<PeerSession> toReplay = new ArrayDeque<>();
    private final LocalRouter router;
    private Life life = Life.NEW;
    private long now;
    private long closeDeadline = NEVER;
    private int lastPeer;

    private enum Life {
        NEW,
        OPEN,
        CLOSING,
        CLOSED
    }

    /**
     * Makes a session that has not begun.
     *
     * @param random cryptographically strong outside of tests: credentials, transaction ids and the tie-breaker come from it
     * @param media takes the application's packets
     */
    public IceEngine(EngineSettings settings, RandomGenerator random, MediaSink media) {
        this.settings = settings;
        this.config = settings.config();
        this.media = media;
        this.agents = new Agents(settings, random, turns);
        this.first = agents.begin(config.role().orElse(IceRole.CONTROLLING));
        this.describer = new Describer(config, first.credentials());
        this.peers = new Peers(describer);
        this.local = new LocalSide(settings, random, turns, outbox, this::relayed, peers);
        this.peers.follow(local);
        this.gatherer = local.gatherer();
        this.relays = local.relays();
        this.router = new LocalRouter(config, outbox, local);
    }

    /** Gathering is for the first peer; a fork that comes later is an agent of its own (RFC 8445 §14.2). */
    private Turns turnsOfNextPeer() {
        return lastPeer == 0 ? turns : new Turns();
    }

    /**
     * Begins gathering.
     *
     * @param bases the sockets that are bound; for each stream and component those that should yield candidates
     * @throws IllegalArgumentException when a base belongs to a stream or component that is not configured
     * @throws IllegalStateException when it has begun already
     */
    public void gather(long at, List<HostBase> bases) {
        if (life != Life.NEW) {
            throw new IllegalStateException("gathering began already, or the session is closed");
        }
        enter(at);
        outbox.timeline().start(at);
        local.start(at, bases);
        life = Life.OPEN;
    }

    /**
     * Notes a host candidate that could not be tried for.
     *
     * @param where such as "192.0.2.1 (eth0)"
     */
    public void missing(long at, int stream, int component, String where, String why) {
        enter(at);
        gatherer.missing(new MissingCandidate(stream, component, "host candidate on " + where, why));
    }

    /** Names the addresses of a STUN server of the configuration, in the order of preference; may come before {@link #gather}. */
    public void stunServerResolved(long at, int server, List<InetSocketAddress> addresses) {
        enter(at);
        gatherer.stunServerResolved(at, server, addresses);
    }

    /** Gives up a STUN server of the configuration. */
    public void stunServerUnresolved(long at, int server, String why) {
        enter(at);
        gatherer.stunServerUnresolved(at, server, why);
    }

    /** Names the addresses of a TURN server of the configuration, in the order of preference. */
    public void turnServerResolved(long at, int server, List<InetSocketAddress> addresses) {
        enter(at);
        gatherer.turnServerResolved(at, server, addresses);
    }

    /** Gives up a TURN server of the configuration. */
    public void turnServerUnresolved(long at, int server, String why) {
        enter(at);
        gatherer.turnServerUnresolved(at, server, why);
    }

    /** Our description for an offer, with the candidates as they are now. */
    public IceDescription describe(long at) {
        enter(at);
        IceDescription description = describer.offer(gatherer.candidates(), gatherer.complete());
        local.tell(at, description);
        return description;
    }

    /**
     * Our description for one peer, for an answer. Where its streams are selected, it has the selected candidates alone (RFC 8839
     * §4.4.1.2.2).
     *
     * @throws IllegalArgumentException when there is no such peer
     */
    public IceDescription describe(long at, int peer) {
        enter(at);
        return told(peers.require(peer).answer(describer, false));
    }

    /**
     * Our description for a further offer to one peer. When a restart is due it has fresh credentials and all candidates, else it is as
     * {@link #describe(long, int)} has it. The offer is open until {@link #update} or {@link #rollBack}.
     *
     * @throws IllegalArgumentException when there is no such peer
     */
    public IceDescription offer(long at, int peer) {
        enter(at);
        return told(peers.require(peer).offer(at, describer));
    }

    /**
     * Takes a further offer of a peer; other credentials than before begin another generation (RFC 8839 §4.4.1.1.1).
     *
     * @return our description for the answer
     * @throws IceException when the offer cannot be used; ICE goes on as if it had not come
     * @throws IllegalStateException when an offer of ours is open: refuse this one (491), or roll ours back first
     */
    public IceDescription answer(long at, int peer, IceDescription remoteOffer) {
        enter(at);
        PeerSession session = peers.require(peer);
        if (session.hasOpenOffer()) {
            throw new IllegalStateException("an offer of ours to peer " + peer + " is open");
        }
        boolean restarted = take(session, remoteOffer, false);
        return told(session.answer(describer, restarted));
    }

    private IceDescription told(IceDescription description) {
        local.tell(now, description);
        return description;
    }

    /** An ICE restart is wished: an offer is pending with that reason, and the next {@link #offer} begins another generation. */
    public void restart(long at, int peer) {
        enter(at);
        peers.require(peer).offers().restart(at);
    }

    /** An open offer of ours counts for nothing (488, 491): ICE goes on as if it had not been made, and what was due still is. */
    public void rollBack(long at, int peer) {
        enter(at);
        peers.find(peer).ifPresent(session -> session.rollBack(at));
    }

    /**
     * Refuses a description as {@link #accept} would, but on any thread and before the session is asked.
     *
     * @throws IceException when {@code remote} cannot be used in a session of this configuration
     */
    public static void requireUsable(IceConfig config, IceDescription remote) {
        RemoteLayout.of(config, remote);
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
        if (life == Life.CLOSING || life == Life.CLOSED) {
            throw new IllegalStateException("the session is closed");
        }
        enter(at);
        if (peers.size() >= MAX_PEERS) {
            throw new IceException(IceFailure.of(
                    IceFailure.Kind.UNUSABLE_DESCRIPTION, "the session has " + MAX_PEERS + " peers already"));
        }
        RemoteLayout layout = RemoteLayout.of(config, remote);
        IceRole ours = remote.lite() ? IceRole.CONTROLLING : config.role().orElse(role);
        Agents made = agents.taking(turnsOfNextPeer());
        PeerSession peer = new PeerSession(++lastPeer, config, outbox, local, made, first, layout, ours);
        peers.add(peer);
        outbox.timeline().add(at, peer.number(), "the peer's description arrived; we are " + ours);
        peer.start(at);
        local.told().ifPresent(description -> peer.offers().answered(description, false));
        peer.offers().begin(at, peer, gatherer.candidates());
        if (gatherer.described()) {
            peer.startPlain(at, describer, gatherer.candidates());
        }
        toReplay.add(peer);
        return peer.number();
    }

    /**
     * Acts upon the checks that came before the description. Done once the agent's own first check has left: a triggered check would
     * take its place, and then wait for a beat of its own.
     */
    private void replayEarlyChecks() {
        for (PeerSession peer = toReplay.poll(); peer != null; peer = toReplay.poll()) {
            peer.replayEarlyChecks(now);
            earlyPackets.deliver(now, peer, media);
        }
    }

    /**
     * Takes the answer to {@link #offer}, or the first answer again as a later response repeats it. Other credentials than before, or any
     * after an offer with a restart, begin another generation; the one before it carries media until the new one is selected.
     *
     * @throws IceException when it cannot be used; ICE goes on as if it had not come
     * @throws IllegalArgumentException when there is no such peer
     */
    public void update(long at, int peer, IceDescription remote) {
        enter(at);
        take(peers.require(peer), remote, true);
    }

    /** @return whether that begins another generation */
    private boolean take(PeerSession session, IceDescription remote, boolean answer) {
        Generation before = session.generation();
        session.update(now, RemoteLayout.of(config, remote), answer);
        if (gatherer.described()) {
            session.startPlain(now, describer, gatherer.candidates());
        }
        boolean restarted = session.generation().number() != before.number();
        if (restarted) {
            toReplay.add(session);
        }
        return restarted;
    }

    /** Takes a candidate of a peer's latest generation; ignored for a peer that is not there. */
    public void addRemote(long at, int peer, int stream, Candidate candidate) {
        enter(at);
        peers.find(peer).ifPresent(session -> session.addRemote(at, session.generation(), stream, candidate));
    }

    /** Takes a candidate that the peer trickled, or what a name has resolved to; ignored for a generation that is not there. */
    public void addRemote(long at, int peer, Generation generation, int stream, Candidate candidate) {
        enter(at);
        peers.find(peer).ifPresent(session -> session.addRemote(at, generation, stream, candidate));
    }

    /** Gives up a remote candidate whose name did not resolve. */
    public void remoteUnresolved(long at, int peer, int stream, Candidate candidate, String why) {
        enter(at);
        peers.find(peer)
                .ifPresent(session ->
                        outbox.peer(at, peer, new IceEvent.Ignored("candidate " + candidate.address() + ": " + why)));
    }

    /** Takes the peer's word that no more candidates come in its latest generation. */
    public void endOfRemote(long at, int peer) {
        enter(at);
        peers.find(peer).ifPresent(session -> session.endOfRemote(at, session.generation()));
    }

    /** Takes the peer's word that no more candidates come in a generation; ignored for one that is not there. */
    public void endOfRemote(long at, int peer, Generation generation) {
        enter(at);
        peers.find(peer).ifPresent(session -> session.endOfRemote(at, generation));
    }

    /**
     * Sends a packet the slow way, as {@link Route#viaEngine} asks for; any other route works, too.
     *
     * @param payload copied
     * @return false when there is no path or no room
     */
    public boolean send(long at, int peer, int stream, int component, ByteBuffer payload) {
        enter(at);
        return peers.find(peer)
                .flatMap(session -> session.paths().active(stream, component))
                .filter(pair -> slowSends.add(pair.base(), pair.remote(), payload))
                .isPresent();
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
        return peers.require(peer).generation();
    }

    /** The offer that is due from us to a peer. */
    public Optional<PendingOffer> pendingOffer(int peer) {
        return peers.find(peer).flatMap(session -> session.offers().pending());
    }

    /** Our first credentials, the same towards all peers until a restart. */
    public IceCredentials credentials() {
        return first.credentials();
    }

    /**
     * The story so far.
     *
     * @param peer a peer's number, or -1 for the whole session
     */
    public EngineSnapshot snapshot(long at, int peer) {
        enter(at);
        List<PeerSnapshot> snapshots = peers.snapshots(at, peer);
        return new EngineSnapshot(
                settings.sessionId(),
                config,
                local.snapshot(life == Life.CLOSED),
                outbox.timeline().moments(peer),
                snapshots);
    }

    /** Ends the checks and paths of a peer; idempotent. */
    public void closePeer(long at, int peer) {
        enter(at);
        peers.find(peer).ifPresent(session -> {
            session.close(at);
            peers.remove(session);
            toReplay.remove(session);
        });
    }

    /** Ends everything; {@link EngineEvent.Closed} follows when the relays have let go, or after 2 s. Idempotent. */
    public void close(long at) {
        if (life == Life.CLOSING || life == Life.CLOSED) {
            return;
        }
        enter(at);
        life = Life.CLOSING;
        peers.close(at);
        toReplay.clear();
        earlyPackets.clear();
        local.stop(at);
        closeDeadline = at + RELEASE_NANOS;
    }

    @Override
    public boolean handle(long at, Base base, InetSocketAddress from, ByteBuffer payload) {
        enter(at);
        return relays.handle(at, base, from, payload) || dispatch(base, from, payload);
    }

    /** A datagram that came over a relay goes on as if the relay were a socket. */
    private void relayed(Base relayBase, InetSocketAddress peer, ByteBuffer datagram) {
        dispatch(relayBase, peer, datagram);
    }

    private boolean dispatch(Base base, InetSocketAddress from, ByteBuffer payload) {
        if (PacketKind.STUN == Demux.of(payload)) {
            return handleStun(base, from, payload);
        }
        return peers.deliver(now, base, from, payload, media)
                || ((first.early().knows(base, from) || peers.knowEarly(base, from))
                        && earlyPackets.keep(base, from, payload));
    }

    private boolean handleStun(Base base, InetSocketAddress from, ByteBuffer payload) {
        if (life != Life.OPEN) {
            return false;
        }
        return gatherer.handle(now, base, from, payload)
                || peers.handle(now, base, from, payload)
                || first.early().handle(now, base, from, payload);
    }

    @Override
    public void handleTimeout(long at) {
        enter(at);
        local.handleTimeout(at);
        peers.handleTimeout(at);
    }

    @Override
    public long nextTimeout() {
        if (life == Life.CLOSED) {
            return NEVER;
        }
        return Math.min(closeDeadline, Math.min(local.nextTimeout(), peers.nextTimeout()));
    }

    @Override
    public void drainTo(Output<? super EngineEvent> out) {
        boolean moved;
        do {
            moved = router.drain(now, gatherer, out);
            peers.drainTo(now, out);
            moved |= router.drain(now, first.early(), out);
            relays.drainTo(now, out);
            slowSends.drainTo(now, relays, out);
            boolean said = relays.takeSaid();
            moved |= said || !toReplay.isEmpty();
            replayEarlyChecks();
        } while (moved);
        finishClosing();
        outbox.drainTo(out);
    }

    private void finishClosing() {
        if (life == Life.CLOSING && (relays.released() || now >= closeDeadline)) {
            life = Life.CLOSED;
            closeDeadline = NEVER;
            outbox.timeline().add(now, "closed");
            outbox.tell(new EngineEvent.Closed());
        }
    }

    @Override
    public void sendFailed(long at, Base base, InetSocketAddress to, Cause cause) {
        enter(at);
        local.sendFailed(at, base, to, cause);
        peers.sendFailed(at, base, to, cause);
    }

    @Override
    public void baseLost(long at, Base base, Cause cause) {
        enter(at);
        outbox.timeline().add(at, "the socket on " + base.address() + " is lost: " + cause.detail());
        local.baseLost(at, base, cause);
        peers.baseLost(at, base, cause);
    }

    private void enter(long at) {
        now = at;
    }
}
