// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Transport;
import org.icepath.testkit.edge.Exchange.FiveTuple;
import org.jspecify.annotations.Nullable;

/** All allocations of a server, and the ports it keeps for those who have a reservation token. */
final class AllocationTable {

    /** How long a port is kept (RFC 8656 §7.2: at least 30 s). */
    private static final long RESERVATION_LIFETIME = Duration.ofSeconds(30).toNanos();

    private final Map<FiveTuple, Allocation> byTuple = new LinkedHashMap<>();
    private final Map<ByteBuffer, Allocation> byTicket = new HashMap<>();
    private final Map<Base, Allocation> byRelay = new HashMap<>();
    private final Map<Long, Reservation> reservations = new LinkedHashMap<>();
    private final Outbox outbox;
    private final RelaySockets sockets;
    private Consumer<Allocation> gone = allocation -> {};

    private record Reservation(Base base, long expiresAt) {}

    AllocationTable(Outbox outbox, RelaySockets sockets) {
        this.outbox = outbox;
        this.sockets = sockets;
    }

    /** Names who hears of allocations that are gone. */
    void onGone(Consumer<Allocation> listener) {
        gone = listener;
    }

    /** The allocation that relays connections at an address. */
    @Nullable
    Allocation overTcpAt(InetSocketAddress relayed) {
        return byRelay.values().stream()
                .filter(each -> each.overTcp() && each.relayedAddresses().contains(relayed))
                .findFirst()
                .orElse(null);
    }

    void add(Allocation allocation) {
        byTuple.put(allocation.tuple(), allocation);
        allocation.relays().forEach(base -> byRelay.put(base, allocation));
    }

    @Nullable
    Allocation of(FiveTuple tuple) {
        return byTuple.get(tuple);
    }

    @Nullable
    Allocation of(Base relay) {
        return byRelay.get(relay);
    }

    Collection<Allocation> all() {
        return List.copyOf(byTuple.values());
    }

    long countOf(String username) {
        return byTuple.values().stream()
                .filter(allocation -> allocation.username().equals(username))
                .count();
    }

    /** Makes a new ticket for an allocation, in place of the one it had (RFC 8016 §3.1). */
    ByteBuffer ticket(Allocation allocation, RandomGenerator random) {
        byte[] ticket = new byte[24];
        random.nextBytes(ticket);
        byTicket.values().remove(allocation);
        byTicket.put(ByteBuffer.wrap(ticket), allocation);
        return ByteBuffer.wrap(ticket);
    }

    @Nullable
    Allocation of(ByteBuffer ticket) {
        return byTicket.get(ticket);
    }

    /** The allocation is the client's at another address from now on. */
    void move(Allocation allocation, FiveTuple to) {
        byTuple.remove(allocation.tuple());
        allocation.moveTo(to);
        byTuple.put(to, allocation);
    }

    /** Ends an allocation and gives its sockets back. */
    void remove(Allocation allocation, boolean expired) {
        byTuple.remove(allocation.tuple());
        byTicket.values().remove(allocation);
        for (Base relay : allocation.relays()) {
            byRelay.remove(relay);
            if (relay.transport() == Transport.TCP) {
                sockets.giveBack(relay);
            } else {
                outbox.close(relay);
            }
        }
        gone.accept(allocation);
        outbox.event(new EdgeEvent.Released(allocation.tuple().client(), allocation.relayedAddresses(), expired));
    }

    /** Ends the allocations of a connection that has ended (RFC 8656 §5), but for those that may move to another one (RFC 8016). */
    void removeOn(Base connection) {
        all().stream()
                .filter(allocation ->
                        allocation.tuple().base().equals(connection) && !byTicket.containsValue(allocation))
                .forEach(allocation -> remove(allocation, false));
        all().forEach(allocation -> allocation.closed(connection));
    }

    long reserve(long now, Base base, RandomGenerator random) {
        long token = random.nextLong();
        reservations.put(token, new Reservation(base, now + RESERVATION_LIFETIME));
        return token;
    }

    Optional<Base> redeem(long token) {
        return Optional.ofNullable(reservations.remove(token)).map(Reservation::base);
    }

    void handleTimeout(long now) {
        all().stream()
                .filter(allocation -> allocation.expiresAt() <= now)
                .forEach(allocation -> remove(allocation, true));
        reservations.values().removeIf(reservation -> {
            boolean over = reservation.expiresAt <= now;
            if (over) {
                outbox.close(reservation.base);
            }
            return over;
        });
    }

    long nextTimeout() {
        long next = Machine.NEVER;
        for (Allocation allocation : byTuple.values()) {
            next = Math.min(next, allocation.expiresAt());
        }
        for (Reservation reservation : reservations.values()) {
            next = Math.min(next, reservation.expiresAt);
        }
        return next;
    }
}
