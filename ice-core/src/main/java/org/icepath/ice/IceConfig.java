// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.InterfaceKind;
import org.icepath.candidate.TcpType;
import org.icepath.connection.ConnectionSettings;
import org.icepath.turn.CredentialSupplier;
import org.icepath.turn.StunServer;
import org.icepath.turn.TurnServer;

/**
 * What one session is made of. Immutable: every method returns a copy.
 *
 * <p>Defaults: no stream and no server; all interfaces that are up, loopback not; Ta 50 ms and the other {@link Timings} of
 * RFC 8445; paths ranked by {@link PathRanking#standard}; gathering deadline 500 ms; 100 pairs a session,
 * 20 candidates a component; {@link RelayPolicy#KEEP_ONE}; full candidates rather than trickling; the role follows from who offers.
 *
 * <p>What a method cannot use it refuses at once: every argument that is null with a {@link NullPointerException} that names it, a value
 * out of its range, or a stream that is not there, with an {@link IllegalArgumentException} that says what was expected.
 */
public final class IceConfig extends ConfigView {

    private static final IceConfig DEFAULTS = new IceConfig(new ConfigFields());

    private IceConfig(ConfigFields fields) {
        super(fields);
    }

    /** A configuration with the defaults above. */
    public static IceConfig create() {
        return DEFAULTS;
    }

    /**
     * Adds a stream.
     *
     * @param name unique in the session; what {@link IcePeer#path} is asked for
     * @param components {@link org.icepath.candidate.Candidate#RTP}, {@link org.icepath.candidate.Candidate#RTCP}, …: ascending from 1
     * @throws IllegalArgumentException when there is a stream of that name, or the components do not count from 1 without a gap
     */
    public IceConfig stream(String name, int... components) {
        Objects.requireNonNull(components, "components");
        return stream(new StreamConfig(name, IntStream.of(components).boxed().toList(), 0, 0, 0, false));
    }

    /**
     * Adds a stream.
     *
     * @throws IllegalArgumentException when there is a stream of that name
     */
    public IceConfig stream(StreamConfig stream) {
        Objects.requireNonNull(stream, "stream");
        if (fields.streams.stream().anyMatch(known -> known.name().equals(stream.name()))) {
            throw new IllegalArgumentException("stream " + stream.name() + " is there already, expected another name");
        }
        return with(copy -> copy.streams = plus(copy.streams, stream));
    }

    /**
     * Puts a stream in the place of the one with this index, or behind all others.
     *
     * @throws IllegalArgumentException when another stream has its name
     * @throws IndexOutOfBoundsException when {@code index} is beyond the number of streams
     */
    public IceConfig stream(int index, StreamConfig stream) {
        Objects.requireNonNull(stream, "stream");
        List<StreamConfig> changed = new ArrayList<>(fields.streams);
        if (index < changed.size()) {
            changed.remove(index);
        }
        if (changed.stream().anyMatch(known -> known.name().equals(stream.name()))) {
            throw new IllegalArgumentException("stream " + stream.name() + " is there already, expected another name");
        }
        changed.add(index, stream);
        return with(copy -> copy.streams = List.copyOf(changed));
    }

    /**
     * Binds the UDP sockets of a stream, and the ports where it accepts TCP connections, within a range; RTP takes even ports and RTCP odd
     * ones, over UDP the one above. Connections leave from where the system chooses: to one server or peer a port can be used but once in
     * minutes (TCP's TIME-WAIT), and a range would run out. The port for all sessions stays where it is.
     *
     * @param lowest 1 to 65535, or 0 with {@code highest} 0, which lets the system choose, as by default
     * @param highest {@code lowest} to 65535
     * @throws IllegalArgumentException outside these ranges, or when there is no such stream
     */
    public IceConfig portRange(String stream, int lowest, int highest) {
        return change(stream, s -> s.withPorts(lowest, highest));
    }

    /**
     * Marks the packets of a stream with a differentiated services code point, as they leave sockets of UDP that are the stream's own; and
     * what is sent over connections, to peers and to servers, where all streams that a session begins with have the same one. Not what
     * leaves from a port for all sessions.
     *
     * @param codePoint 0 to 63 (RFC 2474); 46 is Expedited Forwarding
     * @throws IllegalArgumentException outside that range, or when there is no such stream
     */
    public IceConfig dscp(String stream, int codePoint) {
        return change(stream, s -> s.withDscp(codePoint));
    }

    /**
     * Offers to carry RTCP of a stream with its RTP (RFC 5761), and takes it where the peer offers it: an application that has both must
     * choose payload types that are not RTCP's (§4), which is why we do neither unasked. Without this, and without {@link #bundle}, the
     * answer to an offer of it has no {@code a=rtcp-mux}, as RFC 8035 leaves to who answers, and each keeps a component of its own: a
     * telephone goes on so, a browser ends the call. A peer that does not offer or take it gets a component for each in any case. Packets
     * come to the path of their component either way.
     *
     * @throws IllegalArgumentException when there is no such stream
     */
    public IceConfig rtcpMux(String stream) {
        return change(stream, StreamConfig::withRtcpMux);
    }

    /**
     * Gathers TCP candidates, too (RFC 6544): active ones, from which connections are opened, and passive ones, which accept them. A path
     * over UDP is preferred where there is one without a relay.
     */
    public IceConfig tcp() {
        return tcp(ConfigFields.USUAL_TCP.toArray(TcpType[]::new));
    }

    /**
     * Gathers TCP candidates of these types in addition to those of before. A lite agent has passive ones alone.
     *
     * @param types not {@link TcpType#NONE}
     * @throws IllegalArgumentException when {@link TcpType#NONE} is among them
     */
    public IceConfig tcp(TcpType... types) {
        Set<TcpType> all = EnumSet.noneOf(TcpType.class);
        all.addAll(fields.tcp);
        for (TcpType type : Objects.requireNonNull(types, "types")) {
            all.add(Objects.requireNonNull(type, "types"));
        }
        if (all.contains(TcpType.NONE)) {
            throw new IllegalArgumentException("no TCP type, expected active, passive or simultaneous open");
        }
        return with(copy -> copy.tcp = Collections.unmodifiableSet(all));
    }

    /** Uses UDP alone. */
    public IceConfig udpOnly() {
        return filter(CandidateFilter.udpOnly());
    }

    /** Uses TCP alone; gathers as {@link #tcp()} does unless other types were named. */
    public IceConfig tcpOnly() {
        return (fields.tcp.isEmpty() ? tcp() : this).filter(CandidateFilter.tcpOnly());
    }

    /**
     * Has one stream travel over TCP alone, as shared desktops do; gathers as {@link #tcp()} does unless other types were named.
     *
     * @throws IllegalArgumentException when there is no such stream
     */
    public IceConfig tcpOnly(String stream) {
        return change(stream, StreamConfig::withTcpOnly);
    }

    /**
     * Offers, and accepts, to carry all streams on the path of the first (BUNDLE, RFC 8843), RTCP with RTP (RFC 5761 §5.1.1). A peer that
     * does not bundle gets a path for each stream. In a bundle the packets of all streams arrive at the path of the first; by SSRC, payload
     * type or MID the application tells which stream they are of.
     */
    public IceConfig bundle() {
        return with(copy -> copy.bundle = true);
    }

    /**
     * Adds a STUN server. A name without a port is looked up as a service, too (RFC 8489 §8).
     *
     * @param server a host, a host and port, or a URI of RFC 7064: {@code stun.example.net}, {@code stun:stun.example.net:3478}
     * @throws IllegalArgumentException when it is none of these, or with {@link #lite}
     */
    public IceConfig stunServer(String server) {
        return stunServer(StunServer.parse(Objects.requireNonNull(server, "server")));
    }

    /**
     * Adds a STUN server.
     *
     * @throws IllegalArgumentException with {@link #lite}
     */
    public IceConfig stunServer(StunServer server) {
        Objects.requireNonNull(server, "server");
        return with(copy -> copy.stunServers = plus(copy.stunServers, server)).requireHostsIfLite();
    }

    /**
     * Adds a TURN server; it yields server-reflexive candidates too.
     *
     * @throws IllegalArgumentException with {@link #lite}
     */
    public IceConfig turnServer(TurnServer server) {
        Objects.requireNonNull(server, "server");
        return with(copy -> copy.turnServers = plus(copy.turnServers, server)).requireHostsIfLite();
    }

    /**
     * Adds a TURN server whose credentials last only for a while, or that takes tokens (RFC 7635).
     *
     * @param supplier asked whenever the server takes none or no longer those that it had, once for all allocations of a session
     * @throws IllegalArgumentException with {@link #lite}
     */
    public IceConfig turnServer(TurnServer server, CredentialSupplier supplier) {
        Objects.requireNonNull(supplier, "supplier");
        return turnServer(server).with(copy -> {
            Map<TurnServer, CredentialSupplier> suppliers = new HashMap<>(copy.credentialSuppliers);
            suppliers.put(server, supplier);
            copy.credentialSuppliers = Map.copyOf(suppliers);
        });
    }

    /**
     * Asks each TURN server for a relayed address of either family (RFC 8656 §7.1, ADDITIONAL-ADDRESS-FAMILY), so that peers which have
     * only the other family than the server's can be reached. A server that relays one family gives that one.
     *
     * @throws IllegalArgumentException with {@link #relayPortPairs}, which are of one family
     */
    public IceConfig relayBothFamilies() {
        return with(copy -> copy.relayBothFamilies = true).requireOneWishOfRelays();
    }

    /**
     * Asks each TURN server for an even port for RTP and for the next one for RTCP, where a stream has both (RFC 8656 §7.1, EVEN-PORT and
     * RESERVATION-TOKEN): for peers that take RTCP to be there and read neither {@code a=rtcp} nor candidates. RTCP's relay comes a round
     * trip or two later then. A server that gives none gives any two ports.
     *
     * @throws IllegalArgumentException with {@link #relayBothFamilies}
     */
    public IceConfig relayPortPairs() {
        return with(copy -> copy.relayPortPairs = true).requireOneWishOfRelays();
    }

    private IceConfig requireOneWishOfRelays() {
        if (fields.relayPortPairs && fields.relayBothFamilies) {
            throw new IllegalArgumentException(
                    "a relayed address has a port beside it, or another family (RFC 8656 §7.1)");
        }
        return this;
    }

    /**
     * Has allocations follow changes of our address (RFC 8016): when an interface vanishes, or a connection to a server is lost, they move to
     * another one, and the relayed addresses stay. Not those that relay connections (RFC 6062). Servers that do not allow it cost a further
     * round trip, so it is not asked for by default.
     */
    public IceConfig mobileRelays() {
        return with(copy -> copy.mobileRelays = true);
    }

    /** Sets how connections to TURN servers over TCP, TLS and DTLS are made: trust, client certificate, proxy, deadline. */
    public IceConfig connections(ConnectionSettings connections) {
        Objects.requireNonNull(connections, "connections");
        return with(copy -> copy.connections = connections);
    }

    /** Admits only candidates that {@code filter} admits, in addition to the filters that are there. */
    public IceConfig filter(CandidateFilter filter) {
        Objects.requireNonNull(filter, "filter");
        return with(copy -> copy.filters = plus(copy.filters, filter));
    }

    /** Uses relayed candidates alone. */
    public IceConfig relayOnly() {
        return filter(CandidateFilter.relayOnly());
    }

    /** Keeps host candidates from the peer. */
    public IceConfig noHost() {
        return filter(CandidateFilter.noHost());
    }

    /** Keeps off the interface of this name. */
    public IceConfig noInterface(String name) {
        return filter(CandidateFilter.noInterface(name));
    }

    /** Keeps off interfaces that look like a VPN. */
    public IceConfig noVpn() {
        return filter(CandidateFilter.noVpn());
    }

    /**
     * Uses no relay from local addresses within a range ({@link CandidateFilter#noRelayWithin}).
     *
     * @param prefixLength 0 to 32, or to 128 for IPv6
     * @throws IllegalArgumentException outside that range
     */
    public IceConfig noRelayWithin(InetAddress network, int prefixLength) {
        return filter(CandidateFilter.noRelayWithin(network, prefixLength));
    }

    /** Uses IPv4 alone, at relays as well. */
    public IceConfig ipv4Only() {
        return filter(CandidateFilter.ipv4Only());
    }

    /** Uses IPv6 alone, at relays as well. */
    public IceConfig ipv6Only() {
        return filter(CandidateFilter.ipv6Only());
    }

    /**
     * Uses local addresses within a range alone ({@link CandidateFilter#within}).
     *
     * @param prefixLength 0 to 32, or to 128 for IPv6
     * @throws IllegalArgumentException outside that range
     */
    public IceConfig within(InetAddress network, int prefixLength) {
        return filter(CandidateFilter.within(network, prefixLength));
    }

    /** Gathers on this address, and no longer on all interfaces; may be called again, and may name a loopback address. */
    public IceConfig localAddress(InetAddress address) {
        Objects.requireNonNull(address, "address");
        return with(copy -> copy.localAddresses = plus(copy.localAddresses, address));
    }

    /**
     * Knows of a NAT that maps one address to one; may be called again for others.
     *
     * @throws IllegalArgumentException when a lite agent would need a server-reflexive candidate for it
     */
    public IceConfig natMapping(NatMapping mapping) {
        Objects.requireNonNull(mapping, "mapping");
        return with(copy -> copy.natMappings = plus(copy.natMappings, mapping)).requireHostsIfLite();
    }

    /**
     * Makes a lite agent, for a machine that all peers can reach (RFC 8445 §2.5): it has host candidates only, sends no checks, answers
     * those of the peer, and takes the pairs that the peer nominates. Two lite agents take the only pair there is (§8.2.2). One address of
     * each family is enough, see {@link #localAddress}; where it is behind a NAT, {@link #natMapping} says what it is.
     *
     * @throws IllegalArgumentException when there are servers, or mappings that are not {@link NatMapping#host}
     */
    public IceConfig lite() {
        return with(copy -> copy.lite = true).requireHostsIfLite();
    }

    private IceConfig requireHostsIfLite() {
        boolean hosts = fields.stunServers.isEmpty()
                && fields.turnServers.isEmpty()
                && fields.natMappings.stream().allMatch(mapping -> mapping.type() == CandidateType.HOST);
        if (fields.lite && !hosts) {
            throw new IllegalArgumentException("a lite agent has host candidates only, but there are servers "
                    + fields.stunServers + " " + fields.turnServers + " or mappings " + fields.natMappings);
        }
        return this;
    }

    /**
     * Gathers on this address and says what its interface is made of, where the system's name for it does not tell: a VPN that looks
     * like an ethernet.
     */
    public IceConfig localAddress(InetAddress address, InterfaceKind kind) {
        Objects.requireNonNull(kind, "kind");
        return localAddress(address).with(copy -> {
            Map<InetAddress, InterfaceKind> kinds = new HashMap<>(copy.interfaceKinds);
            kinds.put(address, kind);
            copy.interfaceKinds = Map.copyOf(kinds);
        });
    }

    /** Sets the intervals, in place of the profile's. */
    public IceConfig timings(Timings timings) {
        Objects.requireNonNull(timings, "timings");
        return with(copy -> copy.timings = Optional.of(timings));
    }

    /**
     * Proposes a Ta (RFC 8445 §14.2); less than 50 ms is used only when the peer proposes less, too.
     *
     * @param ta 5 ms to 1 s
     * @throws IllegalArgumentException outside that range
     */
    public IceConfig ta(Duration ta) {
        return timings(timings().withTa(ta));
    }

    /**
     * Sets how long a stream may try before it fails (RFC 8863).
     *
     * @param patience 0 to 1 h; less than 39.5 s is for demonstrations and tests
     * @throws IllegalArgumentException outside that range
     */
    public IceConfig patience(Duration patience) {
        return timings(timings().withPatience(patience));
    }

    /** Sets which path is better: for what is nominated while we control, for media before that, and for promotions after it. */
    public IceConfig ranking(PathRanking ranking) {
        Objects.requireNonNull(ranking, "ranking");
        return with(copy -> copy.ranking = ranking);
    }

    /** Sets what is nominated, and when, while we control, in place of the best by {@link #ranking}. */
    public IceConfig nomination(NominationPolicy policy) {
        Objects.requireNonNull(policy, "policy");
        return with(copy -> copy.nomination = Optional.of(policy));
    }

    /** Sets which valid pair carries media until a nomination decides, in place of the best by {@link #ranking}. */
    public IceConfig pathSelector(PathSelector selector) {
        Objects.requireNonNull(selector, "selector");
        return with(copy -> copy.pathSelector = Optional.of(selector));
    }

    /**
     * Offers renomination (draft-thatcher-ice-renomination): where the peer does, too, the controlling side promotes media to a better
     * pair after the nomination without a further offer.
     */
    public IceConfig renomination() {
        return with(copy -> copy.renomination = true);
    }

    /**
     * Sets when a description goes out with what has been gathered.
     *
     * @param deadline 0 to 1 min; 500 ms by default
     * @throws IllegalArgumentException outside that range
     */
    public IceConfig gatherDeadline(Duration deadline) {
        Objects.requireNonNull(deadline, "deadline");
        if (deadline.isNegative() || deadline.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("gatherDeadline " + deadline + ", expected 0 to 1 min");
        }
        return with(copy -> copy.gatherDeadline = deadline);
    }

    /**
     * Trickles (RFC 8838): descriptions go out at once and say so, candidates follow as events. A peer whose offer does not say that it
     * trickles is answered with a full description; one that answers so learns of later candidates by an offer that becomes pending.
     */
    public IceConfig trickle() {
        return with(copy -> copy.trickle = ConfigFields.Trickle.FULL);
    }

    /**
     * Trickles by half (RFC 8838 §16): offers go out when all is gathered, for peers of whom nothing is known; what the peer trickles is
     * taken, and an offer that trickles is answered at once.
     */
    public IceConfig halfTrickle() {
        return with(copy -> copy.trickle = ConfigFields.Trickle.HALF);
    }

    /** Sets which relay allocations stay once the paths are selected, in place of the profile's. */
    public IceConfig relayPolicy(RelayPolicy policy) {
        Objects.requireNonNull(policy, "policy");
        return with(copy -> copy.relayPolicy = Optional.of(policy));
    }

    /**
     * Tells peers names under {@code .local} in place of host addresses, and no related addresses; the names are answered for by
     * multicast DNS, to whoever is on the same link (draft-ietf-mmusic-mdns-ice-candidates). Peers elsewhere need a reflexive or
     * relayed candidate, or one of their own that we reach; a peer without ICE is told no host address either.
     */
    public IceConfig hideHostAddresses() {
        return with(copy -> copy.hideHostAddresses = true);
    }

    /** Speaks other dialects. */
    public IceConfig profile(IceProfile profile) {
        Objects.requireNonNull(profile, "profile");
        return with(copy -> copy.profile = profile);
    }

    /** Fixes the first role where the signalling decides it, outside offer and answer; conflicts are repaired all the same. */
    public IceConfig role(IceRole role) {
        Objects.requireNonNull(role, "role");
        return with(copy -> copy.role = Optional.of(role));
    }

    /**
     * Bounds the check lists.
     *
     * @param pairs of a session, 1 to 1000 (RFC 8445 §6.1.2.5: 100)
     * @param candidates of a component and side, 1 to 100; 20 by default; the first of a type, address family and transport comes in
     *     all the same, as it may be the only way there is. Of more addresses of ours so many are bound: those of the default routes first,
     *     bridges to containers last; those that {@link #localAddress} names in their order. The report names the others
     * @throws IllegalArgumentException outside these ranges
     */
    public IceConfig limits(int pairs, int candidates) {
        if (pairs < 1 || pairs > 1000) {
            throw new IllegalArgumentException("pairs " + pairs + ", expected 1 to 1000");
        }
        if (candidates < 1 || candidates > 100) {
            throw new IllegalArgumentException("candidates " + candidates + ", expected 1 to 100");
        }
        return with(copy -> {
            copy.maxPairs = Optional.of(pairs);
            copy.maxCandidates = candidates;
        });
    }

    private IceConfig with(Consumer<ConfigFields> change) {
        ConfigFields copy = fields.copy();
        change.accept(copy);
        return new IceConfig(copy);
    }

    private IceConfig change(String name, UnaryOperator<StreamConfig> change) {
        Objects.requireNonNull(name, "stream");
        if (fields.streams.stream().noneMatch(stream -> stream.name().equals(name))) {
            throw new IllegalArgumentException("no stream " + name + ", expected one of "
                    + fields.streams.stream().map(StreamConfig::name).toList());
        }
        return with(copy -> copy.streams = copy.streams.stream()
                .map(stream -> stream.name().equals(name) ? change.apply(stream) : stream)
                .toList());
    }

    private static <T> List<T> plus(List<T> list, T more) {
        List<T> longer = new ArrayList<>(list);
        longer.add(more);
        return List.copyOf(longer);
    }
}
