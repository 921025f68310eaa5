// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.gather.GatherSettings;
import org.icepath.ice.gather.Gatherer;
import org.icepath.ice.gather.LocalBase;
import org.icepath.ice.pacing.Turns;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.turn.RelayedData;
import org.jspecify.annotations.Nullable;

/** Our side of a session: gathering, the relay allocations that it asks for, and what was told of it. Not thread-safe. */
final class LocalSide {

    private static final Cause UNUSED = new Cause(Cause.Kind.OTHER, "the component is not used any more");

    private final IceConfig config;
    private final Streams streams;
    private final EngineOutbox outbox;
    private final LocalListener listener;
    private final Gatherer gatherer;
    private final Relays relays;
    private final CandidateConnections connections;
    private final Departures departures;
    private final RelayOutcomes outcomes;
    private final GatherOutcomes gathering;
    private final List<HostBase> hosts = new ArrayList<>(2);
    private @Nullable IceDescription told;
    private boolean restartNeeded;
    private boolean asks;

    LocalSide(
            EngineSettings settings,
            Streams streams,
            RandomGenerator random,
            Turns turns,
            EngineOutbox outbox,
            HiddenAddresses hidden,
            RelayedData data,
            LocalListener listener) {
        this.config = settings.config();
        this.streams = streams;
        this.outbox = outbox;
        this.listener = listener;
        this.gatherer = new Gatherer(gatherSettings(settings), random, turns);
        this.outcomes = new RelayOutcomes(outbox, gatherer, hosts, random, listener);
        this.relays = new Relays(config, random, data, outcomes);
        this.connections =
                new CandidateConnections(config.profile().checks().framing(), outbox.timeline(), relays.connections());
        outcomes.follow(relays, connections);
        this.gathering = new GatherOutcomes(streams, outbox, hidden, gatherer, relays, listener);
        this.departures = new Departures(relays, connections);
    }

    private static GatherSettings gatherSettings(EngineSettings settings) {
        IceConfig config = settings.config();
        return new GatherSettings(
                config.filters(),
                config.stunServers().stream().map(Object::toString).toList(),
                config.turnServers().stream().map(Object::toString).toList(),
                config.profile().stun(),
                settings.pacer(),
                config.timings().ta(),
                config.timings().rto(),
                config.timings().keepalive(),
                config.gatherDeadline(),
                config.trickles(),
                config.maxCandidates(),
                config.natMappings(),
                config.profile().sdp(),
                config.relaysPortPairs());
    }

    Gatherer gatherer() {
        return gatherer;
    }

    /** Takes what it says. */
    GatherOutcomes gathering() {
        return gathering;
    }

    Relays relays() {
        return relays;
    }

    /** Those of TCP candidates with peers. */
    CandidateConnections connections() {
        return connections;
    }

    /** How datagrams leave. */
    Departures departures() {
        return departures;
    }

    /** The socket that a relay needs stands; it is a host of its own kind, with no candidate. */
    void socketBound(long at, int ticket, HostBase socket) {
        hosts.add(socket);
        if (!outcomes.recovery().sockets().bound(at, ticket, socket)) {
            hosts.remove(socket);
        }
    }

    void socketUnbound(long at, int ticket, String why) {
        outcomes.recovery().sockets().unbound(at, ticket, why);
    }

    RelayCredentials credentials() {
        return outcomes.recovery().credentials();
    }

    Optional<IceDescription> told() {
        return Optional.ofNullable(told);
    }

    /** Notes a description that goes out. */
    void tell(long at, IceDescription description) {
        told = description;
        listener.toCome(at);
    }

    /** The best that may still come; after a description without trickling, the peer will not learn of more candidates of ours. */
    int bestTypeToCome() {
        return told != null && !config.trickles() ? 0 : gatherer.bestTypeToCome();
    }

    void start(long at, List<HostBase> bases) {
        gatherer.start(at, take(bases));
    }

    /** Takes sockets that were bound later; returns as {@link Gatherer#add}. */
    boolean add(long at, List<HostBase> bases) {
        List<HostBase> wanted = new ArrayList<>(bases);
        wanted.removeIf(base -> {
            boolean unused = streams.isUnwanted(place(base)) || hasTwin(base);
            if (unused) {
                outbox.tell(new EngineEvent.BaseUnused(base.base()));
            }
            return unused;
        });
        boolean anew = gatherer.add(at, take(wanted));
        wanted.forEach(base -> streams.stands(place(base)));
        if (!wanted.isEmpty()) {
            outcomes.recovery().moves().hostsCame(at);
        }
        return anew;
    }

    private static Streams.Place place(HostBase base) {
        return new Streams.Place(base.stream(), base.component());
    }

    /** Whether a socket of the component stands at this address: one is bound for each of them, where one of them was given up. */
    private boolean hasTwin(HostBase base) {
        return hosts.stream()
                .anyMatch(host -> place(host).equals(place(base))
                        && host.transport().equals(base.transport())
                        && host.base()
                                .address()
                                .getAddress()
                                .equals(base.base().address().getAddress()));
    }

    private List<LocalBase> take(List<HostBase> bases) {
        bases.forEach(this::requireConfigured);
        hosts.addAll(bases);
        bases.forEach(connections::add);
        return bases.stream().map(HostBase::local).toList();
    }

    private void requireConfigured(HostBase base) {
        boolean known = base.stream() < streams.size()
                && streams.get(base.stream()).components().contains(base.component());
        if (!known) {
            throw new IllegalArgumentException("stream " + base.stream() + ", component " + base.component()
                    + " is not configured, expected one of " + streams.config().streams());
        }
    }

    /** Gives up the sockets and relays of a component that is multiplexed with another (RFC 5761). */
    void free(long at, int stream, int component) {
        streams.giveUp(new Streams.Place(stream, component));
        gatherer.freeComponent(at, stream, component);
        relays.release(at, stream, component);
        hosts.removeIf(host -> {
            boolean unused = host.stream() == stream && host.component() == component;
            if (unused) {
                connections.remove(at, host.base(), UNUSED);
                outbox.tell(new EngineEvent.BaseUnused(host.base()));
            }
            return unused;
        });
    }

    /**
     * A path of a component has become suspect. Where a NAT is to blame, it shows us from elsewhere now: the peer can be told before
     * consent has run out. Its relays are gone as well then, as their servers know us by where we came from.
     */
    void suspect(long at, int stream, int component) {
        gatherer.mapAgain(at, stream, component);
        asks = true;
        relays.probe(at, stream, component);
    }

    /** Whether servers are asked something since this was asked last: it must leave before others take their turn. */
    boolean takeAsks() {
        boolean taken = asks;
        asks = false;
        return taken;
    }

    /** Lets a relay go that is needed no longer; its candidate is in no later description. */
    void release(long at, Relay relay) {
        relays.release(at, relay);
        relay.bases().forEach(gatherer::relayLost);
        outcomes.recovery().absences().letGo(at, relay);
    }

    /** ICE restarts with a peer. */
    void restarted(long at) {
        if (gatherer.hasNamelessServers()) {
            gatherer.seekServers(at);
        }
        AbsentRelays absences = outcomes.absences();
        if (absences != null) {
            absences.restarted();
        }
    }

    /**
     * As {@link AbsentRelays#recall}; where a restart becomes due, servers are looked up once more whose names stood for nothing.
     *
     * @param peers who may need a restart
     */
    boolean recall(long at, Peers peers) {
        AbsentRelays absences = outcomes.absences();
        boolean absent = absences != null && !absences.isEmpty();
        boolean nameless = gatherer.hasNamelessServers();
        if (!absent && !nameless) {
            return false;
        }
        boolean began = !restartNeeded;
        restartNeeded = peers.needRestart();
        boolean seeks = nameless && restartNeeded && began;
        if (seeks) {
            gatherer.seekServers(at);
        }
        boolean asked = absences != null && absent && absences.recall(at, restartNeeded);
        return asked || seeks;
    }

    void stop(long at) {
        AbsentRelays absences = outcomes.absences();
        if (absences != null) {
            absences.stop();
        }
        gatherer.stop();
        connections.close(at);
        relays.releaseAll(at);
    }

    void handleTimeout(long at) {
        gatherer.handleTimeout(at);
        relays.handleTimeout(at);
        connections.handleTimeout(at);
    }

    long nextTimeout() {
        AbsentRelays absences = outcomes.absences();
        long asking =
                absences == null ? gatherer.nextTimeout() : Math.min(gatherer.nextTimeout(), absences.nextTimeout());
        return Math.min(connections.nextTimeout(), Math.min(asking, relays.nextTimeout()));
    }

    void sendFailed(long at, Base base, InetSocketAddress to, Cause cause) {
        gatherer.sendFailed(at, base, to, cause);
        relays.sendFailed(at, base, to, cause);
    }

    void baseLost(long at, Base base, Cause cause) {
        hosts.removeIf(host -> host.base().equals(base));
        connections.remove(at, base, cause);
        gatherer.baseLost(at, base, cause);
        relays.baseLost(at, base, cause);
    }

    EngineSnapshot.Gathered snapshot(boolean closed) {
        return new EngineSnapshot.Gathered(
                outbox.timeline().startedAt(),
                gatherer.candidates(),
                gatherer.missing(),
                gatherer.awaited(),
                relays.table().standing().stream()
                        .flatMap(relay -> relay.refused().entrySet().stream()
                                .map(each -> new EngineSnapshot.RefusedPeer(
                                        relay.toString(), each.getKey(), each.getValue())))
                        .toList(),
                told(),
                closed);
    }
}
