// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;

/**
 * One allocation on one TURN server, from the first request to the release (RFC 8656).
 *
 * <p>Over TCP, TLS and DTLS it opens a connection of its own by {@link Output#open}, which the driver answers, and closes it when it
 * ends. It is told under which name the server must prove itself: the host of the address that it opens.
 *
 * <p>A machine: not thread-safe, without clock, sockets or names. {@link #allocate} begins; {@link TurnEvent} tells what becomes of
 * it. While it stands it refreshes itself, its permissions and its channels well before they expire, never all at one time.
 *
 * <p>Data comes out through the {@link RelayedData} given at construction, called during {@link #handle}; it goes in by
 * {@link #transmitTo}. Nothing that the server has not authenticated fails or moves an allocation that stands.
 */
public final class TurnAllocation implements Machine<TurnEvent> {

    private final AllocationSettings settings;
    private final TurnDialect dialect;
    private final AllocationLifecycle lifecycle;
    private final TurnRequests requests;
    private final PeerAccess peers;
    private final RelayPath path;
    private final PeerConnections connections;
    private final ServerDatagrams inbound;
    private final Queue<TurnEvent> events = new ArrayDeque<>();

    /**
     * An allocation that is not asked for yet.
     *
     * @param dialect {@link TurnDialect#RFC8656} for a server of the standard
     * @param random draws transaction ids and jitter; must be cryptographically strong outside of tests
     * @param sink takes what peers send
     */
    public TurnAllocation(AllocationSettings settings, TurnDialect dialect, RandomGenerator random, RelayedData sink) {
        this.settings = settings;
        this.dialect = dialect;
        TurnDialogue dialogue = dialect.dialogue(settings, random);
        this.lifecycle = new AllocationLifecycle(settings, dialect, dialogue, random, new Dependents(), events::add);
        this.requests = lifecycle.requests();
        this.peers = new PeerAccess(settings, lifecycle, dialect, random, events::add);
        this.path = new RelayPath(lifecycle.mobility(), dialogue, sink, peers, lifecycle.relayed(), events::add);
        this.connections = new PeerConnections(
                settings, requests, dialect, peers.permissions(), sink, lifecycle::namedServer, events::add);
        this.inbound = new ServerDatagrams(lifecycle, dialect, dialogue, path, connections);
    }

    /**
     * Has the server connect to a peer, where TCP is relayed (RFC 6062 §4.3). Answered by {@link TurnEvent.PeerConnected} or
     * {@link TurnEvent.PeerConnectFailed}. Peers that are permitted may connect to us, too.
     */
    public void connect(long now, InetSocketAddress peer) {
        if (lifecycle.state() != AllocationState.ALLOCATED || !connections.areRelayed()) {
            TurnFailure failure = TurnFailure.of(TurnFailure.Kind.TRANSPORT_NOT_SUPPORTED, "no relay for TCP stands");
            events.add(new TurnEvent.PeerConnectFailed(peer, failure));
        } else if (!peers.isRelayable(peer)) {
            events.add(new TurnEvent.PeerConnectFailed(peer, PeerAccess.unrelayable(peer.getAddress())));
        } else {
            connections.connect(now, peer);
        }
    }

    /** Ends a connection to a peer; without effect on other bases. */
    public void disconnect(long now, Base connection) {
        connections.close(connection);
    }

    /**
     * Asks the server for a relayed address.
     *
     * @throws IllegalStateException if it was asked or released before
     */
    public void allocate(long now) {
        if (lifecycle.state() != AllocationState.IDLE) {
            throw new IllegalStateException("the allocation is " + lifecycle.state());
        }
        lifecycle.allocate(now);
    }

    /**
     * Signs with other credentials from now on. Before {@link #allocate} they replace those of the settings, and after a
     * {@link TurnEvent.CredentialsWanted} they are its answer. Those of a form that the server's dialect does not have are taken for none.
     *
     * <p>An allocation that stands is its user's (RFC 8656 §5): credentials of another one sign only when the server takes those no
     * longer that it was made with.
     */
    public void use(long now, TurnCredentials credentials) {
        requests.use(now, credentials);
    }

    /**
     * Answers a {@link TurnEvent.CredentialsWanted}: there are none. The requests that wait for them fail; without effect when none waits.
     *
     * @param why for people
     */
    public void useNone(long now, String why) {
        requests.unsupplied(now, why);
    }

    /**
     * Lets peers at these addresses through, as soon as the allocation stands. Each is answered by
     * {@link TurnEvent.PermissionGranted} or {@link TurnEvent.PermissionRefused}; one that is granted is kept so until the end.
     *
     * @param addresses at most 256 in all; asked for eight in a request
     */
    public void permit(long now, Collection<InetAddress> addresses) {
        peers.permit(now, addresses);
    }

    /**
     * Lets peers at these addresses through no longer: their permissions and channels are not refreshed any more. Until these have run
     * out on the server, it still lets them through. Those that are not permitted are ignored.
     */
    public void forbid(long now, Collection<InetAddress> addresses) {
        peers.forbid(now, addresses);
    }

    /**
     * Prefers a peer: its data goes by a channel from now on, or as the dialect has it. Answered by {@link TurnEvent.ChannelBound} or
     * {@link TurnEvent.ChannelRefused}. It permits the peer as well.
     */
    public void bindChannel(long now, InetSocketAddress peer) {
        peers.bind(now, peer);
    }

    /** Prefers a peer no longer: its channel is not refreshed any more, and until it expires it still carries what comes. */
    public void unbindChannel(long now, InetSocketAddress peer) {
        peers.unbind(now, peer);
    }

    /**
     * Takes the allocation to another local base, as when the network has changed (RFC 8016). Answered by {@link TurnEvent.Moved} or
     * {@link TurnEvent.MoveRefused}; without effect unless the allocation stands and {@link #isMobile}.
     *
     * <p>Over TCP, TLS and DTLS that is a connection yet to be opened, to the same server by the same name, and closed again where the server
     * refuses; the one before is closed a few seconds after it has agreed, since until then data may come by it. One move at a time.
     *
     * @param next of the same transport; for a connection with an identifier of its own, from any port of its address
     * @throws IllegalArgumentException if it is of another one
     */
    public void moveTo(long now, Base next) {
        if (next.transport() != settings.base().transport()) {
            throw new IllegalArgumentException("from " + settings.base() + " to " + next);
        }
        lifecycle.moveTo(now, next);
    }

    /**
     * Asks the server whether it still has the allocation, by a refresh before its time: a NAT that has given us another address is
     * noticed so within a round trip, and not when the next refresh is due. What the server does not know any more ends in {@link TurnEvent.Failed};
     * a mobile allocation is taken along instead ({@link TurnEvent.Rebound}). Once in ten seconds at most; without effect unless the
     * allocation stands.
     */
    public void probe(long now) {
        lifecycle.probe(now);
    }

    /** Whether the server lets the allocation move to another local base. */
    public boolean isMobile() {
        return lifecycle.mobility().isMobile();
    }

    /** The local base that the allocation hangs on now; another one than in the settings after a move. */
    public Base base() {
        return lifecycle.mobility().base();
    }

    /**
     * Gives the allocation back to the server. Ends in {@link TurnEvent.Released} within two seconds, in {@link TurnEvent.Failed} never.
     * Idempotent.
     */
    public void release(long now) {
        lifecycle.release(now);
    }

    /**
     * Sends a datagram to a peer over the relay: by its channel, else by an indication. Nothing is queued, here or later.
     *
     * @param peer a permitted address; a permission that was asked for and not answered yet is enough
     * @param payload the datagram from position to limit; borrowed for the call, not changed
     * @param out transmits it, from within the call, to the server
     * @return false if there is no allocation or no permission, and nothing was sent
     */
    public boolean transmitTo(long now, InetSocketAddress peer, ByteBuffer payload, Output<?> out) {
        if (lifecycle.state() != AllocationState.ALLOCATED || connections.areRelayed()) {
            return false;
        }
        // What was asked before goes first, so that a permission is there before the data that needs it.
        requests.drainTransmits(out);
        return path.transmit(lifecycle.server(), peer, payload, out);
    }

    /**
     * As {@link #transmitTo}, with a datagram that no router on the way from the relay to the peer may fragment (RFC 8656 §14). Where
     * one would have to, {@link TurnEvent.IcmpReceived} may tell so. Channels cannot carry it, so that it takes an indication.
     *
     * @return false if {@link AllocationOptions#dontFragment} was not asked for or not granted, too
     */
    public boolean transmitWhole(long now, InetSocketAddress peer, ByteBuffer payload, Output<?> out) {
        if (lifecycle.state() != AllocationState.ALLOCATED || !lifecycle.sendsWhole()) {
            return false;
        }
        requests.drainTransmits(out);
        return path.transmitWhole(lifecycle.server(), peer, payload, out);
    }

    /**
     * The channel number under which data to a peer may go now, for who writes the header himself
     * ({@link org.icepath.turn.wire.ChannelData#writeHeader}); 0 for none.
     */
    public int channelFor(InetSocketAddress peer) {
        return peers.channelTo(peer);
    }

    /**
     * What goes before data to a peer now, for who sends it to the server himself, where the server relays this peer's data as it is;
     * empty where a message or a channel must be around it.
     */
    public Optional<BareHeader> bareHeaderFor(InetSocketAddress peer) {
        return lifecycle.state() == AllocationState.ALLOCATED ? path.bareHeaderFor(peer) : Optional.empty();
    }

    @Override
    public boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
        return inbound.handle(now, base, from, payload);
    }

    @Override
    public void handleTimeout(long now) {
        requests.handleTimeout(now);
        lifecycle.handleTimeout(now);
        peers.handleTimeout(now);
    }

    @Override
    public long nextTimeout() {
        return Math.min(peers.nextTimeout(), Math.min(lifecycle.timers().next(), requests.nextTimeout()));
    }

    @Override
    public void drainTo(Output<? super TurnEvent> out) {
        lifecycle.connection().drainTo(out);
        connections.drainTo(out);
        requests.drainTransmits(out);
        lifecycle.connection().drainCloseTo(out);
        for (TurnEvent event = events.poll(); event != null; event = events.poll()) {
            out.event(event);
        }
    }

    @Override
    public void sendFailed(long now, Base base, InetSocketAddress to, Cause cause) {
        if (base.id() == lifecycle.mobility().base().id() && to.equals(lifecycle.server())) {
            lifecycle.sendFailed(cause);
        }
    }

    @Override
    public void opened(long now, Base base) {
        if (!lifecycle.state().isFinal()) {
            lifecycle.opened(now, base);
        }
        connections.opened(now, base);
    }

    @Override
    public void closed(long now, Base base, Cause cause) {
        lifecycle.closed(now, base, cause);
        connections.closed(base, cause);
    }

    @Override
    public void baseLost(long now, Base base, Cause cause) {
        lifecycle.baseLost(base, cause);
    }

    /** Where in its life it is. */
    public AllocationState state() {
        return lifecycle.state();
    }

    /** How the server is spoken to. */
    public TurnDialect dialect() {
        return dialect;
    }

    /** What was asked for. */
    public AllocationSettings settings() {
        return settings;
    }

    /** The server that is spoken to now; another one than in the settings after a redirection. */
    public InetSocketAddress serverAddress() {
        return lifecycle.server();
    }

    /** The relayed base, while the allocation stands. */
    public Optional<Base> relayBase() {
        return Optional.ofNullable(lifecycle.relayed().first());
    }

    /** The relayed base of the other family, while the allocation stands and has one. */
    public Optional<Base> additionalRelayBase() {
        return Optional.ofNullable(lifecycle.relayed().additional());
    }

    /** The token of the next higher port, from the moment the allocation stood, if that port was asked for and is kept. */
    public OptionalLong reservationToken() {
        return lifecycle.reservationToken();
    }

    /** Our address as the server saw it, from the moment the allocation stood. */
    public Optional<InetSocketAddress> mappedAddress() {
        return Optional.ofNullable(lifecycle.mappedAddress());
    }

    /** How long the server said at last that it keeps the allocation, in seconds; 0 before it stood. */
    public long lifetimeSeconds() {
        return lifecycle.lifetimeSeconds();
    }

    /** What last went wrong with the allocation itself, though it may stand again since. */
    public Optional<TurnFailure> lastFailure() {
        return Optional.ofNullable(lifecycle.lastFailure());
    }

    /** How many datagrams came from the server that no permission or channel of ours covers. */
    public long refusedInbound() {
        return path.refusedInbound();
    }

    /** What is waited for and until when, for reports. */
    public Map<TurnTimer, Long> pendingTimers() {
        Map<TurnTimer, Long> pending = lifecycle.timers().pending();
        pending.put(TurnTimer.ANSWER, requests.nextTimeout());
        pending.put(TurnTimer.PERMISSIONS, peers.permissions().nextTimeout());
        pending.put(TurnTimer.CHANNELS, peers.channels().nextTimeout());
        pending.values().removeIf(deadline -> deadline == NEVER);
        return pending;
    }

    /** Server and state, for people. */
    @Override
    public String toString() {
        return "TurnAllocation[" + lifecycle.server() + " " + lifecycle.state() + "]";
    }

    private final class Dependents implements AllocationLifecycle.Dependents {

        @Override
        public void established(long now) {
            peers.activate(now);
        }

        @Override
        public void ended() {
            peers.deactivate();
            connections.deactivate();
        }
    }
}
