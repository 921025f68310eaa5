// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.icepath.ice.IceConfig;
import org.icepath.ice.agent.ActivePair;
import org.icepath.ice.gather.AllocationRequest;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.icepath.stun.AddressFamily;
import org.icepath.turn.AllocationOptions;
import org.icepath.turn.AllocationSettings;
import org.icepath.turn.AllocationState;
import org.icepath.turn.BareHeader;
import org.icepath.turn.RelayedData;
import org.icepath.turn.RelayedTransport;
import org.icepath.turn.ServerAddress;
import org.icepath.turn.TurnAllocation;
import org.icepath.turn.TurnDialect;
import org.icepath.turn.TurnEvent;
import org.icepath.turn.TurnFailure;
import org.icepath.turn.TurnServer;
import org.jspecify.annotations.Nullable;

/**
 * The relay allocations of a session: unwraps what comes over them, wraps what agents send from a relayed base, and asks for
 * permissions and channels. Not thread-safe.
 */
final class Relays implements CandidateConnections.Relaying {

    /** Ids of relayed bases count in the upper half, where no socket of the shell's has its own. */
    private static final int RELAY_ID_SHIFT = 32;

    /** Those of connections in the upper half of what is below. */
    private static final long FIRST_CONNECTION_ID = 1L << 31;

    /** How many that have ended are remembered: what was on its way to or from them may still come. */
    private static final int MOST_ENDED = 8;

    private final IceConfig config;
    private final RandomGenerator random;
    private final RelayedData data;
    private final RelayedData sink;
    private final Listener listener;
    private final List<Relay> relays = new ArrayList<>(); // oldest first
    private int made;
    private final Drain drain = new Drain();
    private long keepaliveAt = Machine.NEVER;
    private boolean keepaliveDue;
    private boolean said;
    private long now;

    Relays(IceConfig config, RandomGenerator random, RelayedData data, Listener listener) {
        this.config = config;
        this.random = random;
        this.data = (relayBase, peer, datagram) -> {
            Relay relay = Objects.requireNonNull(find(relayBase), "data of a relay that was forgotten");
            relay.heardAt(now);
            if (relay.sharesItsConnection()) {
                receivedOverShared(relay, peer, datagram);
            } else {
                data.received(relayBase, peer, datagram);
            }
        };
        this.sink = data;
        this.listener = listener;
    }

    /** What comes from a peer to whom nothing leads yet is as if he had connected. */
    private void receivedOverShared(Relay relay, InetSocketAddress peer, ByteBuffer datagram) {
        Base known = relay.connectionWith(peer);
        Base connection = known == null ? relay.share(peer) : known;
        if (connection != null) {
            if (known == null) {
                listener.connected(now, relay, connection, peer, true);
            }
            sink.received(connection, peer, datagram);
        }
    }

    /** Takes what an allocation says; may give it inputs only through this class. */
    interface Listener {

        /** An allocation is about to be asked for. */
        void allocating(long now, Relay relay);

        void relayEvent(long now, Relay relay, TurnEvent event);

        /** There is no room for another peer's address. */
        void crowdedOut(long now, Relay relay, InetSocketAddress peer);

        /** A peer has come over the connection that all share, or may be sent to. */
        void connected(long now, Relay relay, Base connection, InetSocketAddress peer, boolean incoming);
    }

    static boolean isRelay(Base base) {
        return base.id() >>> RELAY_ID_SHIFT != 0;
    }

    /** Whether the server relays by the transport of the candidates that the base is for. */
    boolean mayAllocate(AllocationRequest request) {
        Transport relayed = dialectOf(request).relayedTransport(settingsOf(request));
        return request.local().transport().isTcp() == (relayed == Transport.TCP);
    }

    private TurnDialect dialectOf(AllocationRequest request) {
        return config.turnServers()
                .get(request.server())
                .dialectOr(config.profile().turn());
    }

    void allocate(long at, AllocationRequest request) {
        now = at;
        TurnAllocation asked = new TurnAllocation(settingsOf(request), dialectOf(request), random, data);
        made++;
        Relay relay = new Relay(made, request, asked);
        relays.add(relay);
        listener.allocating(at, relay);
        relay.allocation().allocate(at);
        if (keepaliveAt == Machine.NEVER) {
            keepaliveAt = at + keepaliveNanos();
        }
    }

    private AllocationSettings settingsOf(AllocationRequest request) {
        long id = (made + 1L) << RELAY_ID_SHIFT;
        ServerAddress place = request.address();
        TurnServer server = config.turnServers().get(request.server()).over(place.transport());
        return AllocationSettings.of(baseOf(request), id, server, place.address())
                .withFamily(relaysBothFamilies(request) ? AddressFamily.IPV4 : familyOf(place.address()))
                .withOptions(optionsOf(request));
    }

    private AllocationOptions optionsOf(AllocationRequest request) {
        AllocationOptions options =
                AllocationOptions.NONE.withPort(request.port()).withAnyFamily();
        if (relaysBothFamilies(request)) {
            options = options.withBothFamilies();
        }
        if (request.local().transport().isTcp() && dialectOf(request).relaysConnections()) {
            options = options.withTransport(
                    RelayedTransport.tcp(config.profile().checks().framing()));
        }
        if (config.relaysMove() && request.address().transport() == Transport.UDP) {
            options = options.withMobility();
        }
        TurnServer server = config.turnServers().get(request.server());
        return config.credentialSupplier(server).isPresent() ? options.withRenewedCredentials() : options;
    }

    /** RFC 6062 knows of one address, which goes before what RFC 8656 has added. */
    private boolean relaysBothFamilies(AllocationRequest request) {
        return config.relaysBothFamilies() && !request.local().transport().isTcp();
    }

    /** Over UDP the socket; else what stands for a connection from its address (RFC 8656 §3.1). */
    private Base baseOf(AllocationRequest request) {
        Base local = request.local().base();
        Transport transport = request.address().transport();
        return transport == Transport.UDP
                ? local
                : new Base(
                        FIRST_CONNECTION_ID + made,
                        transport,
                        new InetSocketAddress(local.address().getAddress(), 0));
    }

    /** A relayed address of the family of its server, since it most likely has that one. */
    private static AddressFamily familyOf(InetSocketAddress server) {
        return server.getAddress().getAddress().length == 4 ? AddressFamily.IPV4 : AddressFamily.IPV6;
    }

    private long keepaliveNanos() {
        return (long) (config.timings().keepalive().toNanos() * random.nextDouble(0.8, 1.0));
    }

    boolean handle(long at, Base base, InetSocketAddress from, ByteBuffer payload) {
        now = at;
        for (int i = 0; i < relays.size(); i++) {
            Relay relay = relays.get(i);
            if (!relay.ended() && relay.allocation().handle(at, base, from, payload)) {
                return true;
            }
        }
        return false;
    }

    /** Sends over a relay. The permission that was asked for last goes first: the server then knows the peer in time. */
    void transmit(long at, Base relayBase, InetSocketAddress peer, ByteBuffer payload, Output<?> out) {
        now = at;
        Relay relay = find(relayBase);
        if (relay != null && !relay.ended()) {
            relay.flush(at);
            drain(relay, out);
            relay.allocation().transmitTo(at, peer, payload, out);
        }
    }

    /** Whether packets from there, whoever they are for, leave by the one connection to the relay's server. */
    boolean shares(Base candidate) {
        Relay relay = isRelay(candidate) ? find(candidate) : null;
        return relay != null && relay.sharesItsConnection();
    }

    /** How packets of a pair leave; over a relay by a channel, or as the server's dialect has it, which is asked for here. */
    Route route(ActivePair pair) {
        Relay relay = isRelay(pair.base()) ? find(pair.base()) : null;
        if (relay == null) {
            return new Route(pair.base(), pair.remote(), 0, false, pair.envelope(), pair.pair(), pair.generation());
        }
        relay.bindChannel(now, pair.remote());
        int channel = relay.allocation().channelFor(pair.remote());
        Optional<BareHeader> bare = relay.allocation().bareHeaderFor(pair.remote());
        return new Route(
                relay.serverBase(),
                relay.allocation().serverAddress(),
                channel,
                channel == 0 && bare.isEmpty(),
                bare.isPresent() ? RelayedEnvelope.of(bare.get(), pair.envelope()) : pair.envelope(),
                pair.pair(),
                pair.generation());
    }

    /** Media has left a pair; where it comes back, it is preferred again. */
    void left(ActivePair pair) {
        if (isRelay(pair.base())) {
            Relay relay = find(pair.base());
            if (relay != null) {
                relay.left(pair.remote());
            }
        }
    }

    /** Lets a peer's address through on the relays of a component, those included that are still to come. */
    void permit(int stream, int component, InetSocketAddress peer) {
        for (Relay relay : relays) {
            if (!relay.ended() && relay.serves(stream, component)) {
                permit(relay, peer);
            }
        }
    }

    /** Lets a peer's address through on one relay. */
    void permit(Relay relay, InetSocketAddress peer) {
        if (!relay.permit(peer)) {
            listener.crowdedOut(now, relay, peer);
        }
    }

    /** Lets peers at these addresses through no longer on the relays of a component. */
    void forbid(long at, int stream, int component, Set<InetAddress> peers) {
        now = at;
        for (Relay relay : relays) {
            if (!relay.ended() && relay.serves(stream, component)) {
                relay.forbid(at, peers);
            }
        }
    }

    /** Paths of a component are in doubt: the servers are asked whether they still have its relays, which a NAT may have cut off. */
    void probe(long at, int stream, int component) {
        now = at;
        for (Relay relay : relays) {
            if (!relay.ended() && relay.serves(stream, component)) {
                relay.allocation().probe(at);
            }
        }
    }

    void release(long at, int stream, int component) {
        now = at;
        relays.stream().filter(relay -> relay.serves(stream, component)).forEach(this::release);
    }

    void release(long at, Relay relay) {
        now = at;
        release(relay);
    }

    void releaseAll(long at) {
        now = at;
        relays.forEach(this::release);
        keepaliveAt = Machine.NEVER;
    }

    private void release(Relay relay) {
        if (!relay.ended()) {
            relay.allocation().release(now);
        }
    }

    /** Those that have a relayed address and were not released. */
    List<Relay> standing() {
        return relays.stream()
                .filter(relay -> !relay.ended() && relay.allocation().state() == AllocationState.ALLOCATED)
                .toList();
    }

    /** Those that have a relayed address, or may get one. */
    List<Relay> standingOrAsked() {
        return relays.stream().filter(relay -> !relay.ended()).toList();
    }

    /** How many are remembered. */
    int remembered() {
        return relays.size();
    }

    /** Whether every allocation is gone. */
    boolean released() {
        return relays.stream().allMatch(Relay::ended);
    }

    void handleTimeout(long at) {
        now = at;
        for (int i = 0; i < relays.size(); i++) {
            if (!relays.get(i).ended()) {
                relays.get(i).allocation().handleTimeout(at);
            }
        }
        if (keepaliveAt <= at) {
            keepaliveDue = !released();
            keepaliveAt = keepaliveDue ? at + keepaliveNanos() : Machine.NEVER;
        }
    }

    long nextTimeout() {
        long next = keepaliveAt;
        for (int i = 0; i < relays.size(); i++) {
            Relay relay = relays.get(i);
            if (!relay.ended()) {
                next = Math.min(next, relay.allocation().nextTimeout());
            }
        }
        return next;
    }

    void drainTo(long at, Output<?> out) {
        now = at;
        for (int i = 0; i < relays.size(); i++) {
            relays.get(i).flush(at);
            drain(relays.get(i), out);
        }
        forgetEnded();
        if (keepaliveDue) {
            keepaliveDue = false;
            relays.stream()
                    .filter(relay -> relay.allocation().state() == AllocationState.ALLOCATED)
                    .filter(relay -> !relay.serverBase().transport().reliable()) // NATs keep connections for hours
                    .filter(relay -> relay.allocation().dialect().takesIndications())
                    .forEach(relay -> sendKeepalive(relay, out));
        }
    }

    /**
     * Holds the NAT binding open that an idle relay's packets would come in by: refreshes alone are minutes apart, and NATs forget
     * after half a minute (RFC 4787 §4.3; the Binding indication is that of RFC 8445 §11).
     */
    private void sendKeepalive(Relay relay, Output<?> out) {
        ByteBuffer indication = Keepalive.write(config, random);
        out.transmit(relay.serverBase(), relay.allocation().serverAddress(), indication);
    }

    /** Whether an allocation has said anything since this was asked last. */
    boolean takeSaid() {
        boolean taken = said;
        said = false;
        return taken;
    }

    void sendFailed(long at, Base base, InetSocketAddress to, Cause cause) {
        now = at;
        relays.forEach(relay -> relay.allocation().sendFailed(at, base, to, cause));
    }

    void baseLost(long at, Base base, Cause cause) {
        now = at;
        relays.forEach(relay -> relay.allocation().baseLost(at, base, cause));
    }

    @Override
    public void connect(long at, Base candidate, InetSocketAddress peer) {
        now = at;
        Relay relay = find(candidate);
        if (relay == null) {
            return;
        }
        if (relay.sharesItsConnection()) {
            Base connection = relay.share(peer);
            if (connection != null) {
                listener.connected(at, relay, connection, peer, false);
            } else {
                TurnFailure crowd = new TurnFailure(TurnFailure.Kind.TOO_MANY, 0, "the relay serves too many peers");
                listener.relayEvent(at, relay, new TurnEvent.PeerConnectFailed(peer, crowd));
            }
        } else {
            relay.allocation().connect(at, peer);
        }
    }

    @Override
    public boolean transmitShared(long at, Base connection, InetSocketAddress peer, ByteBuffer payload, Output<?> out) {
        boolean shared = shares(connection);
        if (shared) {
            transmit(at, connection, peer, payload, out);
        }
        return shared;
    }

    @Override
    public void disconnect(long at, Base connection) {
        now = at;
        Relay relay = find(connection);
        if (relay != null) {
            relay.unshare(connection);
            relay.allocation().disconnect(at, connection);
        }
    }

    void opened(long at, Base connection) {
        now = at;
        relays.forEach(relay -> relay.allocation().opened(at, connection));
    }

    void closed(long at, Base connection, Cause cause) {
        now = at;
        relays.forEach(relay -> relay.allocation().closed(at, connection, cause));
    }

    /** The relay of a relayed base, or of a connection with a peer over one; null when it has ended long ago. */
    private @Nullable Relay find(Base relayBase) {
        int number = (int) (relayBase.id() >>> RELAY_ID_SHIFT);
        for (int i = 0; i < relays.size(); i++) { // asked for each packet: no iterator
            if (relays.get(i).number() == number) {
                return relays.get(i);
            }
        }
        return null;
    }

    /** A session may outlive any number of relays: all but the last of those that have ended are forgotten. */
    private void forgetEnded() {
        int ended = 0;
        for (int i = relays.size() - 1; i >= 0; i--) {
            ended += relays.get(i).ended() ? 1 : 0;
            if (ended > MOST_ENDED) {
                relays.remove(i);
                ended--;
            }
        }
    }

    private void drain(Relay relay, Output<?> out) {
        drain.relay = relay;
        drain.out = out;
        relay.allocation().drainTo(drain);
        drain.out = null;
    }

    /** Hands on what one allocation says; one object for all, since each packet is followed by a drain. */
    private final class Drain implements Output<TurnEvent> {
        private @Nullable Relay relay;
        private @Nullable Output<?> out;

        @Override
        public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
            Objects.requireNonNull(out).transmit(base, to, payload);
        }

        @Override
        public void open(Base base, InetSocketAddress to, Framing framing) {
            Objects.requireNonNull(out).open(base, to, framing);
        }

        @Override
        public void reframe(Base base, Framing framing) {
            Objects.requireNonNull(out).reframe(base, framing);
        }

        @Override
        public void close(Base base) {
            Objects.requireNonNull(out).close(base);
        }

        @Override
        public void event(TurnEvent event) {
            said = true;
            listener.relayEvent(now, Objects.requireNonNull(relay), event);
        }
    }
}
