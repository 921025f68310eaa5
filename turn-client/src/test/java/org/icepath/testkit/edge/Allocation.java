// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.icepath.stun.AddressFamily;
import org.icepath.stun.TransactionId;
import org.icepath.testkit.edge.Exchange.FiveTuple;
import org.jspecify.annotations.Nullable;

/** An allocation: its relayed addresses, permissions and channels (RFC 8656 §3.2, §9, §12). */
final class Allocation {

    /** How long a permission lives (RFC 8656 §9). */
    private static final long PERMISSION_LIFETIME = Duration.ofMinutes(5).toNanos();

    /** How long a channel binding lives (RFC 8656 §12). */
    private static final long CHANNEL_LIFETIME = Duration.ofMinutes(10).toNanos();

    private FiveTuple tuple;
    private @Nullable FiveTuple left;
    private boolean cut;
    private final String username;
    private final TransactionId transactionId;
    private final Map<AddressFamily, Base> relays = new EnumMap<>(AddressFamily.class);
    private final Map<InetAddress, Long> permissions = new HashMap<>();
    private final Map<Integer, Channel> channels = new HashMap<>();
    private long expiresAt;

    private record Channel(InetSocketAddress peer, long expiresAt) {}

    Allocation(FiveTuple tuple, String username, TransactionId transactionId, List<Base> relays) {
        this.tuple = tuple;
        this.username = username;
        this.transactionId = transactionId;
        relays.forEach(base -> this.relays.put(RelaySockets.family(base), base));
    }

    FiveTuple tuple() {
        return tuple;
    }

    /** A connection that is left still carries what goes to the client until he is heard on the other one (RFC 8016 §3.2.2). */
    void moveTo(FiveTuple other) {
        left = cut || other.base().transport() == Transport.UDP ? null : tuple;
        cut = false;
        tuple = other;
    }

    /** Where data goes to the client. */
    FiveTuple towardsClient() {
        FiveTuple before = left;
        return before == null ? tuple : before;
    }

    /** The client has sent data, or has closed a connection; what he has left carries nothing any more. */
    void heardFromClient() {
        left = null;
    }

    void closed(Base connection) {
        FiveTuple before = left;
        cut |= tuple.base().equals(connection);
        if (before != null && before.base().equals(connection)) {
            left = null;
        }
    }

    String username() {
        return username;
    }

    /** Whether a request is the one that made this allocation, sent again (RFC 8656 §7.2). */
    boolean wasMadeBy(TransactionId id) {
        return transactionId.equals(id);
    }

    List<Base> relays() {
        return List.copyOf(relays.values());
    }

    /** Whether connections are relayed, and not datagrams (RFC 6062). */
    boolean overTcp() {
        return relays.values().stream().anyMatch(base -> base.transport() == Transport.TCP);
    }

    List<InetSocketAddress> relayedAddresses() {
        return relays.values().stream().map(Base::address).toList();
    }

    @Nullable
    Base relay(AddressFamily family) {
        return relays.get(family);
    }

    /** The base from which {@code peer} can be reached; null when the allocation has none of its family. */
    @Nullable
    Base relayFor(InetSocketAddress peer) {
        boolean four = peer.getAddress() instanceof Inet4Address;
        return relays.get(four ? AddressFamily.IPV4 : AddressFamily.IPV6);
    }

    void liveUntil(long deadline) {
        expiresAt = deadline;
    }

    long expiresAt() {
        return expiresAt;
    }

    void permit(long now, InetAddress peer) {
        permissions.put(peer, now + PERMISSION_LIFETIME);
    }

    boolean permits(long now, InetAddress peer) {
        return permissions.getOrDefault(peer, Long.MIN_VALUE) > now;
    }

    /** Whether a channel can be bound to a peer: neither is bound to another (RFC 8656 §12.2). */
    boolean canBind(long now, int channel, InetSocketAddress peer) {
        return peerOf(now, channel).map(peer::equals).orElse(true)
                && channelOf(now, peer).orElse(channel) == channel;
    }

    void bind(long now, int channel, InetSocketAddress peer) {
        channels.put(channel, new Channel(peer, now + CHANNEL_LIFETIME));
        permit(now, peer.getAddress());
    }

    Optional<InetSocketAddress> peerOf(long now, int channel) {
        return Optional.ofNullable(channels.get(channel))
                .filter(bound -> bound.expiresAt > now)
                .map(Channel::peer);
    }

    OptionalInt channelOf(long now, InetSocketAddress peer) {
        return channels.entrySet().stream()
                .filter(bound -> bound.getValue().expiresAt > now
                        && bound.getValue().peer.equals(peer))
                .mapToInt(Map.Entry::getKey)
                .findFirst();
    }
}
