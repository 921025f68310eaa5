// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.icepath.stun.AddressFamily;

/**
 * Which peers an allocation lets through, and which of them are preferred (RFC 8656 §9, §12). What is asked for too early is asked of the
 * server as soon as the allocation stands. Not thread-safe.
 */
final class PeerAccess {

    private final AllocationSettings settings;
    private final AllocationLifecycle lifecycle;
    private final TurnDialect dialect;
    private final Consumer<TurnEvent> events;
    private final Permissions permissions;
    private final Channels channels;
    private final ActiveDestination activeDestination;
    private final List<InetSocketAddress> wantedBindings = new ArrayList<>();

    PeerAccess(
            AllocationSettings settings,
            AllocationLifecycle lifecycle,
            TurnDialect dialect,
            RandomGenerator random,
            Consumer<TurnEvent> events) {
        TurnRequests requests = lifecycle.requests();
        this.settings = settings;
        this.lifecycle = lifecycle;
        this.dialect = dialect;
        this.events = events;
        this.permissions = new Permissions(requests, dialect, random, events);
        this.channels = new Channels(requests, dialect, random, permissions, events);
        this.activeDestination = new ActiveDestination(requests, dialect, events);
    }

    Permissions permissions() {
        return permissions;
    }

    Channels channels() {
        return channels;
    }

    ActiveDestination activeDestination() {
        return activeDestination;
    }

    void permit(long now, Collection<InetAddress> addresses) {
        List<InetAddress> possible = new ArrayList<>(addresses.size());
        for (InetAddress peer : addresses) {
            if (isRelayable(peer)) {
                possible.add(peer);
            } else {
                events.accept(new TurnEvent.PermissionRefused(peer, unrelayable(peer)));
            }
        }
        if (!isEnding()) {
            permissions.permit(now, possible);
        }
    }

    void forbid(long now, Collection<InetAddress> addresses) {
        permissions.forget(addresses);
        wantedBindings.removeIf(peer -> addresses.contains(peer.getAddress()));
        channels.unbindAll(now, addresses);
    }

    /** Prefers a peer, now or as soon as the allocation stands. */
    void bind(long now, InetSocketAddress peer) {
        boolean relaysTcp = settings.options().transport() instanceof RelayedTransport.Tcp;
        if (!isRelayable(peer) || relaysTcp) {
            events.accept(new TurnEvent.ChannelRefused(peer, unrelayable(peer.getAddress())));
        } else if (lifecycle.state() == AllocationState.ALLOCATED) {
            bindNow(now, peer);
        } else if (!isEnding() && !wantedBindings.contains(peer) && wantedBindings.size() < Channels.MOST_CHANNELS) {
            wantedBindings.add(peer);
        }
    }

    private void bindNow(long now, InetSocketAddress peer) {
        if (dialect.peerBinding() == PeerBinding.CHANNEL) {
            channels.bind(now, peer);
        } else {
            activeDestination.set(now, peer);
        }
    }

    void unbind(long now, InetSocketAddress peer) {
        wantedBindings.remove(peer);
        channels.unbind(now, peer);
    }

    /** The number of the channel to a peer that stands, 0 for none. */
    int channelTo(InetSocketAddress peer) {
        return channels.numberFor(peer);
    }

    private boolean isEnding() {
        return lifecycle.state().isFinal() || lifecycle.state() == AllocationState.RELEASING;
    }

    /** Whether the relay may have something to send there. */
    boolean isRelayable(InetSocketAddress peer) {
        return peer.getPort() != 0 && isRelayable(peer.getAddress());
    }

    private boolean isRelayable(InetAddress peer) {
        return isOfOurFamily(peer)
                && Unicast.is(peer)
                && Unicast.isMeantFor(settings.serverAddress().getAddress(), peer);
    }

    private boolean isOfOurFamily(InetAddress peer) {
        if (lifecycle.relayed().first() != null) {
            return lifecycle.relayed().towards(peer) != null;
        }
        return settings.options().bothFamilies()
                || settings.options().anyFamily()
                || peer instanceof Inet4Address == (settings.family() == AddressFamily.IPV4);
    }

    static TurnFailure unrelayable(InetAddress peer) {
        return TurnFailure.of(
                TurnFailure.Kind.FAMILY_NOT_SUPPORTED, "this allocation relays nothing to " + peer.getHostAddress());
    }

    /** The allocation stands: the server is asked for what was wanted before. */
    void activate(long now) {
        permissions.activate(now, this::isOfOurFamily);
        wantedBindings.forEach(peer -> bindNow(now, peer));
        wantedBindings.clear();
    }

    void deactivate() {
        wantedBindings.clear();
        permissions.deactivate();
        channels.deactivate();
        activeDestination.deactivate();
    }

    void handleTimeout(long now) {
        permissions.handleTimeout(now);
        channels.handleTimeout(now);
        activeDestination.handleTimeout(now);
    }

    long nextTimeout() {
        long next = Math.min(permissions.nextTimeout(), channels.nextTimeout());
        return Math.min(next, activeDestination.nextTimeout());
    }
}
