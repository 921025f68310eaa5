// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.icepath.candidate.InterfaceKind;
import org.icepath.candidate.TcpType;
import org.icepath.candidate.TransportType;
import org.icepath.connection.ConnectionSettings;
import org.icepath.turn.CredentialSupplier;
import org.icepath.turn.StunServer;
import org.icepath.turn.TurnServer;

/** The reading half of an {@link IceConfig}: what is in force. */
abstract class ConfigView {

    final ConfigFields fields;

    ConfigView(ConfigFields fields) {
        this.fields = fields;
    }

    /** The streams, in the order of their m-lines. */
    public List<StreamConfig> streams() {
        return fields.streams;
    }

    /** The STUN servers. */
    public List<StunServer> stunServers() {
        return fields.stunServers;
    }

    /** The TURN servers. */
    public List<TurnServer> turnServers() {
        return fields.turnServers;
    }

    /** Who is asked for other credentials when a TURN server does not take those that it had; empty when nobody is. */
    public Optional<CredentialSupplier> credentialSupplier(TurnServer server) {
        return Optional.ofNullable(fields.credentialSuppliers.get(server));
    }

    /** Whether a relayed address of each family is asked for. */
    public boolean relaysBothFamilies() {
        return fields.relayBothFamilies;
    }

    /** Whether relays of RTP and RTCP are asked for on ports that follow each other. */
    public boolean relaysPortPairs() {
        return fields.relayPortPairs;
    }

    /** Whether allocations follow changes of our address. */
    public boolean relaysMove() {
        return fields.mobileRelays;
    }

    /** How connections to TURN servers are made. */
    public ConnectionSettings connections() {
        return fields.connections;
    }

    /** The filters that every candidate of ours must pass. */
    public List<CandidateFilter> filters() {
        return fields.filters;
    }

    /** The addresses to gather on; empty for all interfaces. */
    public List<InetAddress> localAddresses() {
        return fields.localAddresses;
    }

    /** The NATs that map one address to one. */
    public List<NatMapping> natMappings() {
        return fields.natMappings;
    }

    /** Whether our agents are lite. */
    public boolean isLite() {
        return fields.lite;
    }

    /** Which TCP candidates the streams have that are not of TCP alone; empty for none. */
    public Set<TcpType> tcpTypes() {
        return fields.tcp;
    }

    /** How the candidates of a stream travel, as far as the filters let them. */
    public List<TransportType> transports(StreamConfig stream) {
        List<TransportType> transports = new ArrayList<>();
        if (!stream.tcpOnly()) {
            transports.add(TransportType.UDP);
        }
        Set<TcpType> types = stream.tcpOnly() && fields.tcp.isEmpty() ? ConfigFields.USUAL_TCP : fields.tcp;
        types.stream()
                .filter(type -> !fields.lite || type == TcpType.PASSIVE)
                .map(type -> new TransportType("TCP", type))
                .forEach(transports::add);
        return List.copyOf(transports);
    }

    /** What the interfaces of local addresses are made of, as far as the application says so. */
    public Map<InetAddress, InterfaceKind> interfaceKinds() {
        return fields.interfaceKinds;
    }

    /** The intervals in force. */
    public Timings timings() {
        return fields.timings.orElse(fields.profile.timings());
    }

    /** Which path is better. */
    public PathRanking ranking() {
        return fields.ranking;
    }

    /** Whether renomination is offered. */
    public boolean renominates() {
        return fields.renomination;
    }

    /** What is nominated, and when. */
    public NominationPolicy nomination() {
        return fields.nomination.orElseGet(() -> NominationPolicy.best(fields.ranking));
    }

    /** Which valid pair carries media before nomination. */
    public PathSelector pathSelector() {
        return fields.pathSelector.orElseGet(() -> PathSelector.best(fields.ranking));
    }

    /** When a description goes out with what there is. */
    public Duration gatherDeadline() {
        return fields.gatherDeadline;
    }

    /** Whether trickling is offered. */
    public boolean trickles() {
        return fields.trickle != ConfigFields.Trickle.NONE;
    }

    /** Whether offers go out before all is gathered. */
    public boolean offersAtOnce() {
        return fields.trickle == ConfigFields.Trickle.FULL;
    }

    /** Which relay allocations stay once the paths are selected. */
    public RelayPolicy relayPolicy() {
        return relayPolicy(fields.profile.rules());
    }

    /** As {@link #relayPolicy()}, towards a peer with these rules. */
    public RelayPolicy relayPolicy(SessionRules rules) {
        return fields.relayPolicy.orElse(rules.relayPolicy());
    }

    /** Whether peers are told names in place of host addresses. */
    public boolean hidesHostAddresses() {
        return fields.hideHostAddresses;
    }

    /** Whether streams are bundled with peers that do so, too. */
    public boolean bundles() {
        return fields.bundle;
    }

    /** The dialects in force. */
    public IceProfile profile() {
        return fields.profile;
    }

    /** The first role, where the signalling fixes it. */
    public Optional<IceRole> role() {
        return fields.role;
    }

    /** The most pairs that are checked. */
    public int maxPairs() {
        return maxPairs(fields.profile.rules());
    }

    /** As {@link #maxPairs()}, towards a peer with these rules. */
    public int maxPairs(SessionRules rules) {
        return fields.maxPairs.orElse(rules.mostPairs());
    }

    /** The most candidates of a component, on each side, but for the first of a type, address family and transport. */
    public int maxCandidates() {
        return fields.maxCandidates;
    }
}
