// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.icepath.candidate.InterfaceKind;
import org.icepath.candidate.TcpType;
import org.icepath.connection.ConnectionSettings;
import org.icepath.turn.CredentialSupplier;
import org.icepath.turn.StunServer;
import org.icepath.turn.TurnServer;

/** What an {@link IceConfig} says; changed only in a copy that nobody else has yet. */
final class ConfigFields implements Cloneable {

    enum Trickle {
        NONE,
        HALF,
        FULL
    }

    /** What TCP means where no types are named. */
    static final Set<TcpType> USUAL_TCP = Collections.unmodifiableSet(EnumSet.of(TcpType.ACTIVE, TcpType.PASSIVE));

    List<StreamConfig> streams = List.of();
    List<StunServer> stunServers = List.of();
    List<TurnServer> turnServers = List.of();
    Map<TurnServer, CredentialSupplier> credentialSuppliers = Map.of();
    boolean relayBothFamilies;
    boolean mobileRelays;
    boolean relayPortPairs;
    ConnectionSettings connections = ConnectionSettings.create();
    List<CandidateFilter> filters = List.of();
    List<InetAddress> localAddresses = List.of();
    Map<InetAddress, InterfaceKind> interfaceKinds = Map.of();
    List<NatMapping> natMappings = List.of();
    boolean lite;
    Set<TcpType> tcp = Set.of();
    Optional<Timings> timings = Optional.empty();
    PathRanking ranking = PathRanking.standard();
    boolean renomination;
    Optional<NominationPolicy> nomination = Optional.empty();
    Optional<PathSelector> pathSelector = Optional.empty();
    Duration gatherDeadline = Duration.ofMillis(500);
    Trickle trickle = Trickle.NONE;
    boolean bundle;
    boolean hideHostAddresses;
    IceProfile profile = IceProfile.RFC8445;
    Optional<IceRole> role = Optional.empty();
    Optional<RelayPolicy> relayPolicy = Optional.empty();
    Optional<Integer> maxPairs = Optional.empty();
    int maxCandidates = 20;

    ConfigFields copy() {
        try {
            return (ConfigFields) clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("it is cloneable", e);
        }
    }
}
