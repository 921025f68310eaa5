// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IpAddress;
import org.icepath.ice.gather.GatheredCandidate;
import org.icepath.ice.gather.Gatherer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.turn.AllocationState;
import org.icepath.turn.PortRequest;
import org.icepath.turn.TurnEvent;
import org.icepath.turn.TurnFailure;
import org.jspecify.annotations.Nullable;

/** What the allocations of our side come to: candidates, losses, moves, and what the report says of them. Not thread-safe. */
final class RelayOutcomes implements RelayListener {

    private final EngineOutbox outbox;
    private final Gatherer gatherer;
    private final List<HostBase> hosts;
    private final RandomGenerator random;
    private final LocalListener listener;
    private @Nullable Relays relays;
    private @Nullable RelayRecovery recovery;
    private @Nullable CandidateConnections connections;

    /** @param hosts the sockets that stand; a live view */
    RelayOutcomes(
            EngineOutbox outbox,
            Gatherer gatherer,
            List<HostBase> hosts,
            RandomGenerator random,
            LocalListener listener) {
        this.outbox = outbox;
        this.gatherer = gatherer;
        this.hosts = hosts;
        this.random = random;
        this.listener = listener;
    }

    /** Names the relays, which are made with this listener, and who hears of their connections. */
    void follow(Relays made, CandidateConnections told) {
        relays = made;
        connections = told;
    }

    private Relays relays() {
        return Objects.requireNonNull(relays);
    }

    /** Made at the first need. */
    RelayRecovery recovery() {
        if (recovery == null) {
            recovery = RelayRecovery.of(relays().table(), outbox, gatherer, hosts, random);
        }
        return recovery;
    }

    /** The relays that are missed; null before the first was asked for. */
    @Nullable
    AbsentRelays absences() {
        return recovery == null ? null : recovery.absences();
    }

    @Override
    public void allocating(long now, Relay relay) {
        recovery().credentials().prime(now, relay);
    }

    @Override
    public void relayEvent(long now, Relay relay, TurnEvent event) {
        if (event instanceof TurnEvent.Allocated allocated) {
            onAllocated(now, relay, allocated);
        } else if (event instanceof TurnEvent.AdditionallyAllocated more) {
            onAdditionallyAllocated(now, relay, more.relayBase());
        } else if (event instanceof TurnEvent.ChannelBound bound) {
            relay.channelBound(bound.peer());
            relay.bases().forEach(listener::relayChanged);
        } else if (event instanceof TurnEvent.Failed failed) {
            onEnded(now, relay, failed.failure());
        } else if (event instanceof TurnEvent.Released) {
            relay.end();
            recovery().moves().ended(relay);
        } else if (event instanceof TurnEvent.CredentialsWanted wanted) {
            recovery().credentials().wanted(now, relay, wanted);
        } else if (event instanceof TurnEvent.Orphaned orphaned) {
            recovery().retries().orphaned(now, relay, orphaned.failure(), relay.socketAmong(hosts));
        } else if (event instanceof TurnEvent.IcmpReceived icmp) {
            onIcmp(now, relay, icmp);
        } else if (event instanceof TurnEvent.Stranded) {
            recovery().moves().stranded(now, relay);
        } else if (event instanceof TurnEvent.Moved) {
            recovery().moves().moved(now, relay);
            relay.bases().forEach(listener::relayChanged);
        } else if (event instanceof TurnEvent.MoveRefused refused) {
            recovery().moves().refused(now, relay, refused.base(), refused.failure());
        } else if (!isOfConnection(now, relay, event)) {
            note(now, relay, event);
        }
    }

    /** RFC 6062: what becomes of connections is told as of those of other candidates. */
    private boolean isOfConnection(long now, Relay relay, TurnEvent event) {
        CandidateConnections told = Objects.requireNonNull(connections);
        if (event instanceof TurnEvent.PeerConnected made) {
            Base candidate = made.incoming() ? relay.accepting() : relay.opening();
            told.relayed(now, made.base(), candidate, made.peer(), made.incoming());
        } else if (event instanceof TurnEvent.PeerConnectFailed failed) {
            Cause cause = new Cause(kindOf(failed.failure()), failed.failure().detail());
            if (!relay.bases().isEmpty()) {
                told.failed(now, relay.opening(), failed.peer(), cause);
            }
        } else if (event instanceof TurnEvent.PeerDisconnected ended) {
            told.closed(now, ended.base(), ended.cause());
        } else {
            return false;
        }
        return true;
    }

    /** What the server has made, and lost again before it led anywhere, the peer's relay may take when it knows us (RFC 6062 §5.3). */
    private static Cause.Kind kindOf(TurnFailure failure) {
        return failure.kind() == TurnFailure.Kind.UNREACHABLE ? Cause.Kind.REFUSED : Cause.Kind.UNREACHABLE;
    }

    @Override
    public void connected(long now, Relay relay, Base connection, InetSocketAddress peer, boolean incoming) {
        Base candidate = incoming ? relay.accepting() : relay.opening();
        Objects.requireNonNull(connections).relayed(now, connection, candidate, peer, incoming);
    }

    @Override
    public void crowdedOut(long now, Relay relay, InetSocketAddress peer) {
        tell(now, relay, "lets nothing from " + IpAddress.format(peer.getAddress()) + " through", Relay.TOO_MANY);
    }

    /** What changes little, and is told in the report. */
    private void note(long now, Relay relay, TurnEvent event) {
        if (event instanceof TurnEvent.PermissionGranted granted) {
            relay.granted(granted.peer());
        } else if (event instanceof TurnEvent.PermissionRefused refused) {
            relay.refused(refused.peer(), refused.failure().detail());
            tell(
                    now,
                    relay,
                    "lets nothing from " + IpAddress.format(refused.peer()) + " through",
                    refused.failure().detail());
        } else if (event instanceof TurnEvent.ChannelRefused refused) {
            tell(
                    now,
                    relay,
                    "has no channel to " + CandidateAddress.of(refused.peer()),
                    refused.failure().detail());
            relay.channelRefused(refused.peer());
            relay.bases().forEach(listener::relayChanged); // what has gone by it goes by indications
        } else if (event instanceof TurnEvent.Postponed postponed) {
            tell(now, relay, "has no room now", postponed.failure().detail());
            onPostponed(now, relay, postponed.failure());
        } else if (event instanceof TurnEvent.AdditionalRefused refused) {
            tell(
                    now,
                    relay,
                    "has no " + refused.family() + " address",
                    refused.failure().detail());
            gatherer.familyRefused(
                    relay.request(), refused.family(), refused.failure().detail());
        } else if (event instanceof TurnEvent.Redirected redirected) {
            outbox.timeline().add(now, () -> relay + " sent us to " + CandidateAddress.of(redirected.to()));
        } else if (event instanceof TurnEvent.Rebound) {
            outbox.timeline().add(now, () -> relay + " goes on from another outside address of ours");
        } else if (event instanceof TurnEvent.MobilityRefused) {
            outbox.timeline()
                    .add(now, () -> relay + " stays where it is asked for from: the server lets it move nowhere");
        }
    }

    private void tell(long now, Relay relay, String what, String why) {
        outbox.timeline().add(now, () -> relay + " " + what + ": " + why);
    }

    private void onAllocated(long now, Relay relay, TurnEvent.Allocated allocated) {
        relay.allocated(now, allocated.relayBase());
        recovery().absences().stands(now, relay);
        listener.relayStands(relay);
        if (relay.relaysConnections()) {
            gatherer.allocated(now, relay.request(), relay.accepting(), relay.opening(), allocated.mappedAddress());
        } else {
            gatherer.allocated(
                    now,
                    relay.request(),
                    allocated.relayBase(),
                    allocated.mappedAddress(),
                    relay.allocation().reservationToken());
        }
        if (relay.allocation().additionalRelayBase().isEmpty()) {
            releaseIfKeptBack(now, relay);
        }
    }

    /** Where a filter keeps all candidates back, nobody will ever send to them. */
    private void releaseIfKeptBack(long now, Relay relay) {
        if (relay.bases().stream().noneMatch(this::isCandidate)) {
            relays().release(now, relay);
        }
    }

    private boolean isCandidate(Base base) {
        return gatherer.candidates().stream().map(GatheredCandidate::base).anyMatch(base::equals);
    }

    private void onAdditionallyAllocated(long now, Relay relay, Base additional) {
        if (relay.allocation().state() == AllocationState.ALLOCATED) {
            relay.allocated(now, additional);
            listener.relayStands(relay);
            gatherer.additionallyAllocated(
                    now,
                    relay.request(),
                    additional,
                    relay.allocation().mappedAddress().orElseGet(additional::address));
            releaseIfKeptBack(now, relay);
        }
    }

    private void onIcmp(long now, Relay relay, TurnEvent.IcmpReceived icmp) {
        InetAddress peer = icmp.peer().getAddress();
        Cause cause = RelayErrors.cause(peer, icmp.error());
        tell(now, relay, "cannot send to " + CandidateAddress.of(icmp.peer()), cause.detail());
        relay.bases().stream()
                .filter(base -> base.address().getAddress().getClass() == peer.getClass())
                .forEach(base -> listener.relayFailed(now, base, icmp.peer(), cause));
    }

    /** A server may have room, but not for two ports in a row: it is asked for any at once, and not for these in a minute. */
    private void onPostponed(long now, Relay relay, TurnFailure failure) {
        if (isForItsPort(relay, failure)) {
            relays().release(now, relay);
            portRefused(now, relay, failure.detail());
        } else {
            gatherer.allocationPostponed(now, relay.request(), failure.detail());
        }
    }

    private static boolean isForItsPort(Relay relay, TurnFailure failure) {
        return !relay.request().port().equals(PortRequest.ANY)
                && (failure.kind() == TurnFailure.Kind.NO_CAPACITY || failure.kind() == TurnFailure.Kind.BAD_REQUEST);
    }

    private void portRefused(long now, Relay relay, String why) {
        outbox.timeline().add(now, () -> relay + " gives no ports in a row, and is asked for any: " + why);
        gatherer.portRefused(now, relay.request(), why);
    }

    private void onEnded(long now, Relay relay, TurnFailure failure) {
        String why = failure.detail();
        relay.end();
        recovery().moves().ended(relay);
        if (relay.bases().isEmpty() && isForItsPort(relay, failure)) {
            portRefused(now, relay, why);
            return;
        }
        if (recovery().retries().fromAnotherPort(now, relay, failure, relay.socketAmong(hosts))) {
            return;
        }
        if (failure.code() == 0) {
            gatherer.allocationFailed(now, relay.request(), why);
        } else {
            gatherer.allocationRefused(now, relay.request(), why);
        }
        if (!relay.bases().isEmpty()) {
            outbox.timeline().add(now, () -> relay + " is lost: " + why);
        }
        for (Base base : relay.bases()) {
            gatherer.relayLost(base);
            listener.relayLost(now, base, new Cause(Cause.Kind.LOCAL_GONE, why));
        }
        recovery().absences().ended(now, relay, failure, relay.socketAmong(hosts));
        recovery().retries().ended(now, relay, failure, relay.socketAmong(hosts));
    }
}
