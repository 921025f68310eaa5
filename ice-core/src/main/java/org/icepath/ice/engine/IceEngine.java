// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.icepath.candidate.IceCredentials;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceRole;
import org.icepath.ice.gather.Gatherer;
import org.icepath.ice.pacing.Turns;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
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

    private final EngineSettings settings;
    private final IceConfig config;
    private final Streams streams;
    private final MediaFlow media;
    private final SessionLife life = new SessionLife();
    private final OurGeneration first;
    private final EngineOutbox outbox = new EngineOutbox();
    private final LocalSide local;
    private final Gatherer gatherer;
    private final Relays relays;
    private final RelayDrain drain;
    private final SlowSends slowSends = new SlowSends();
    private final EarlyArrivals early;
    private final Strangers strangers;
    private final Peers peers;
    private final LocalRouter router;
    private final LocalNetwork network;
    private final Signalling signalling;
    private final Trickle trickle;
    private boolean quiet;

    /**
     * Makes a session that has not begun.
     *
     * @param random cryptographically strong outside of tests: credentials, transaction ids and the tie-breaker come from it
     * @param media takes the application's packets
     */
    public IceEngine(EngineSettings settings, RandomGenerator random, MediaSink media) {
        this.settings = settings;
        this.config = settings.config();
        this.streams = new Streams(config);
        this.media = new MediaFlow(media);
        Turns turns = new Turns();
        this.strangers = new Strangers(settings.workshop().reader());
        Agents agents = new Agents(settings, random, turns, this::name);
        this.first = agents.begin(config.role().orElse(IceRole.CONTROLLING));
        this.early = new EarlyArrivals(first, this.media);
        HiddenAddresses hidden = new HiddenAddresses(config.hidesHostAddresses(), random, outbox);
        Describer describer = new Describer(config, streams, first.credentials(), hidden);
        this.peers = new Peers(describer);
        this.local = new LocalSide(settings, streams, random, turns, outbox, hidden, this::relayed, peers);
        this.peers.follow(local);
        local.connections().follow(peers);
        this.gatherer = local.gatherer();
        this.relays = local.relays();
        this.drain = new RelayDrain(config, outbox, local, peers);
        this.router = new LocalRouter(streams, outbox, local);
        this.network = new LocalNetwork(life, outbox, local);
        Forks forks = new Forks(streams, outbox, local, describer, agents, first, turns);
        this.signalling = new Signalling(life, config, streams, outbox, local, describer, peers, early, forks);
        this.trickle = new Trickle(life, peers);
    }

    /** Takes what the shell knows of our side's network. */
    public LocalNetwork network() {
        return network;
    }

    /** The verbs of offer and answer. */
    public Signalling signalling() {
        return signalling;
    }

    /** What is named after descriptions. */
    public Trickle trickle() {
        return trickle;
    }

    /** Our first credentials, the same towards all peers until a restart. */
    public IceCredentials credentials() {
        return first.credentials();
    }

    /**
     * Sends a packet the slow way, as {@link Route#viaEngine} asks for; any other route works, too.
     *
     * @param payload copied
     * @return false when there is no path or no room
     */
    public boolean send(long at, int peer, int stream, int component, ByteBuffer payload) {
        life.enter(at);
        return peers.find(peer)
                .flatMap(session -> session.paths().carrying(stream, component))
                .filter(pair -> slowSends.add(pair, payload))
                .isPresent();
    }

    /** How the pair does that carries the packets of a component. */
    public PathQuality quality(long now, int peer, int stream, int component) {
        return peers.find(peer)
                .flatMap(session -> session.carrier(stream, component))
                .map(pair -> PathQuality.of(now, pair))
                .orElse(PathQuality.UNKNOWN);
    }

    private void name(String fragment) {
        strangers.named(fragment);
        outbox.tell(new EngineEvent.FragmentUsed(fragment));
    }

    /**
     * The story so far.
     *
     * @param peer a peer's number, or -1 for the whole session
     */
    public EngineSnapshot snapshot(long at, int peer) {
        life.enter(at);
        List<PeerSnapshot> snapshots = peers.snapshots(at, peer);
        return new EngineSnapshot(
                settings.sessionId(),
                streams.config(),
                local.snapshot(life.isEnding()),
                outbox.timeline().extract(peer),
                snapshots,
                strangers.seen());
    }

    /** Ends everything; {@link EngineEvent.Closed} follows when the relays have let go, or after 2 s. Idempotent. */
    public void close(long at) {
        if (life.isEnding()) {
            return;
        }
        life.enter(at);
        life.closing(at + RELEASE_NANOS);
        peers.close(at);
        early.clear();
        local.stop(at);
    }

    @Override
    public boolean handle(long at, Base base, InetSocketAddress from, ByteBuffer payload) {
        life.enter(at);
        quiet = false;
        if (relays.handle(at, base, from, payload)) {
            quiet &= Demux.of(payload) == PacketKind.TURN_CHANNEL; // all else may have moved the allocation
            return true;
        }
        if (gatherer.owns(base)) {
            return gatherer.handle(at, base, from, payload);
        }
        return base.transport() == Transport.TCP ? handleStream(base, from, payload) : dispatch(base, from, payload);
    }

    /** What comes over a connection goes on as if it had come to the candidate at our end of it. */
    private boolean handleStream(Base connection, InetSocketAddress from, ByteBuffer payload) {
        Base candidate = local.connections().candidateOf(life.now(), connection, from);
        boolean taken = candidate != null && dispatch(candidate, from, payload);
        if (taken) {
            local.connections().identified(life.now(), connection);
        }
        return taken;
    }

    /** A datagram that came over a relay goes on as if the relay were a socket, or the connection to its server one to the peer. */
    private void relayed(Base relayBase, InetSocketAddress peer, ByteBuffer datagram) {
        if (relayBase.transport().reliable()) {
            handleStream(relayBase, peer, datagram);
        } else {
            dispatch(relayBase, peer, datagram);
        }
    }

    private boolean dispatch(Base base, InetSocketAddress from, ByteBuffer payload) {
        if (PacketKind.STUN == Demux.of(payload)) {
            return handleStun(base, from, payload);
        }
        if (media.deliver(life.now(), base, from, payload) || peers.deliver(life.now(), base, from, payload, media)) {
            quiet = media.isQuiet() && !base.transport().reliable(); // connections are watched for silence
            return true;
        }
        boolean kept = keepEarly(base, from, payload);
        if (!kept) {
            strangers.packet(from);
        }
        return kept;
    }

    @Override
    public boolean isQuiet() {
        return quiet;
    }

    private boolean keepEarly(Base base, InetSocketAddress from, ByteBuffer packet) {
        if (early.knows(base, from) || peers.knowEarly(base, from)) {
            return early.keep(base, from, packet);
        }
        return peers.none() && life.isOpen() && early.keepOfAnybody(base, from, packet);
    }

    private boolean handleStun(Base base, InetSocketAddress from, ByteBuffer payload) {
        if (!life.isOpen()) {
            return false;
        }
        long now = life.now();
        boolean taken = gatherer.handle(now, base, from, payload)
                || peers.handle(now, base, from, payload)
                || early.handle(now, base, from, payload);
        if (!taken) {
            strangers.note(from, payload);
        }
        return taken;
    }

    @Override
    public void handleTimeout(long at) {
        life.enter(at);
        local.handleTimeout(at);
        peers.handleTimeout(at);
        drain.handleTimeout(at);
    }

    @Override
    public long nextTimeout() {
        if (life.isClosed()) {
            return NEVER;
        }
        long machines = Math.min(local.nextTimeout(), peers.nextTimeout());
        return Math.min(life.deadline(), Math.min(drain.next(), machines));
    }

    @Override
    public void drainTo(Output<? super EngineEvent> out) {
        long now = life.now();
        boolean moved;
        do {
            moved = router.drain(now, gatherer, out);
            peers.drainTo(now, out);
            moved |= router.drain(now, first.early(), out);
            relays.drainTo(now, out);
            slowSends.drainTo(now, local.departures(), out);
            boolean said = relays.takeSaid();
            moved |= said || early.isReplayDue() || local.connections().hasWishes();
            local.connections().drainTo(out);
            early.replay(now);
            moved |= local.recall(now, peers) | local.takeAsks();
        } while (moved);
        if (peers.takeStirred()) {
            drain.begin(now);
        }
        finishClosing(now);
        media.end();
        outbox.drainTo(out);
    }

    private void finishClosing(long now) {
        if (life.isEnding() && !life.isClosed() && (relays.table().released() || now >= life.deadline())) {
            life.closed();
            outbox.timeline().add(now, () -> "closed");
            outbox.tell(new EngineEvent.Closed());
        }
    }

    @Override
    public void transmitted(long at) {
        gatherer.transmitted(at);
        peers.transmitted(at);
    }

    @Override
    public void sendFailed(long at, Base base, InetSocketAddress to, Cause cause) {
        life.enter(at);
        local.sendFailed(at, base, to, cause);
        peers.sendFailed(at, base, to, cause);
    }

    @Override
    public void opened(long at, Base base) {
        life.enter(at);
        if (gatherer.owns(base)) {
            gatherer.opened(at, base);
        } else if (!local.connections().opened(at, base)) {
            relays.opened(at, base);
        }
    }

    @Override
    public void closed(long at, Base base, Cause cause) {
        life.enter(at);
        if (gatherer.owns(base)) {
            gatherer.closed(at, base, cause);
            return;
        }
        // a connection over a relay is its allocation's first, which says what it was for
        if (RelayIds.isRelay(base) || !local.connections().closed(at, base, cause)) {
            relays.closed(at, base, cause);
        }
    }

    @Override
    public void baseLost(long at, Base base, Cause cause) {
        life.enter(at);
        outbox.timeline().add(at, () -> "the socket on " + base.address() + " is lost: " + cause.detail());
        local.baseLost(at, base, cause);
        peers.baseLost(at, base, cause);
    }
}
