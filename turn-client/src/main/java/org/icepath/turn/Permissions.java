// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.icepath.stun.Attributes.XOR_PEER_ADDRESS;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Machine;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;

/**
 * The permissions of one allocation (RFC 8656 §9), for peer IP addresses. Not thread-safe.
 *
 * <p>They are asked for in batches. A server refuses a batch as a whole, so a refused one is split until the culprit is alone:
 * one refused permission harms no other.
 */
final class Permissions {

    /** Most peers that an allocation keeps permissions for; more are refused here. */
    static final int MOST_PEERS = 256;

    private static final int MOST_IN_BATCH = 8; // 8 IPv6 addresses keep the request far below 576 bytes
    private static final long LIFETIME = Duration.ofMinutes(5).toNanos(); // RFC 8656 §3.3
    private static final long REFRESH_AFTER = Duration.ofMinutes(4).toNanos(); // leaves one transaction and a half
    private static final long JITTER = Duration.ofSeconds(30).toNanos();
    private static final long MERGE_AHEAD = Duration.ofMinutes(2).toNanos(); // half a period
    private static final long RETRY_AFTER = Duration.ofMinutes(1).toNanos(); // RFC 8656 §7.4 for 508
    private static final int PORT = 1; // the port is ignored, but 0 is refused by some servers

    private enum State {
        /** To be asked for at {@code dueAt}. */
        WANTED,
        ASKED,
        /** To be refreshed at {@code dueAt}. */
        GRANTED,
        REFRESHING,
        REFUSED
    }

    private static final class Permission {
        State state = State.WANTED;
        long dueAt;
        long expiresAt = Long.MIN_VALUE;

        long waitsUntil() {
            return state == State.WANTED || state == State.GRANTED ? dueAt : Machine.NEVER;
        }
    }

    private final TurnRequests requests;
    private final RandomGenerator random;
    private final Consumer<TurnEvent> events;
    private final boolean needed;
    private final Map<InetAddress, Permission> permissions = new LinkedHashMap<>();
    private boolean active;
    private long next = Machine.NEVER;
    private boolean stale;

    Permissions(TurnRequests requests, TurnDialect dialect, RandomGenerator random, Consumer<TurnEvent> events) {
        this.requests = requests;
        this.random = random;
        this.events = events;
        this.needed = dialect.needsPermissions();
    }

    /** Wants permissions; they are asked for when the allocation stands. Those that were granted are left alone. */
    void permit(long now, Collection<InetAddress> peers) {
        for (InetAddress peer : peers) {
            Permission permission = permissions.get(peer);
            if (permission == null && permissions.size() >= MOST_PEERS) {
                refuse(peer, TurnFailure.of(TurnFailure.Kind.TOO_MANY, "more than " + MOST_PEERS + " permissions"));
            } else if (permission == null || permission.state == State.REFUSED) {
                Permission wanted = new Permission();
                wanted.dueAt = now;
                permissions.put(peer, wanted);
            }
        }
        askForDue(now, now);
    }

    /** Wants them no longer; the server forgets them when they are not refreshed. */
    void forget(Collection<InetAddress> peers) {
        peers.forEach(permissions::remove);
        stale = true;
    }

    /** The allocation stands: asks for all that was wanted before, as far as it relays to them. */
    void activate(long now, Predicate<InetAddress> relayed) {
        active = true;
        List.copyOf(permissions.keySet()).stream()
                .filter(relayed.negate())
                .forEach(peer -> refuse(peer, PeerAccess.unrelayable(peer)));
        askForDue(now, now);
    }

    /** The allocation ends. */
    void deactivate() {
        active = false;
        permissions.clear();
        stale = true;
    }

    /** Whether data to and from {@code peer} passes, as far as we can know: also while the answer is on its way. */
    boolean isOpen(InetAddress peer) {
        Permission permission = permissions.get(peer);
        return !needed || (permission != null && permission.state != State.REFUSED && permission.state != State.WANTED);
    }

    /** A binding of {@code peer} has installed or refreshed its permission as well (RFC 8656 §12.2). */
    void grantedByBinding(InetAddress peer, long sentAt) {
        grant(List.of(peer), sentAt);
    }

    // Asked for after every packet, so that it must not walk the table each time.
    long nextTimeout() {
        if (stale) {
            next = Machine.NEVER;
            permissions.values().forEach(each -> next = Math.min(next, each.waitsUntil()));
            stale = false;
        }
        return active ? next : Machine.NEVER;
    }

    // Those that are due in a while are refreshed with those that are due now: one request in place of many, and they
    // keep in step.
    void handleTimeout(long now) {
        if (nextTimeout() <= now) {
            askForDue(now, now + MERGE_AHEAD);
        }
    }

    private void askForDue(long now, long horizon) {
        if (!active) {
            return;
        }
        stale = true;
        List<InetAddress> batch = new ArrayList<>(MOST_IN_BATCH);
        for (Map.Entry<InetAddress, Permission> each : List.copyOf(permissions.entrySet())) {
            if (!takeIfDue(each.getKey(), each.getValue(), now, horizon)) {
                continue;
            }
            batch.add(each.getKey());
            if (batch.size() == MOST_IN_BATCH) {
                requests.send(now, new Permit(List.copyOf(batch)));
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            requests.send(now, new Permit(List.copyOf(batch)));
        }
    }

    private boolean takeIfDue(InetAddress peer, Permission permission, long now, long horizon) {
        if (permission.state == State.WANTED && permission.dueAt <= now) {
            if (!needed) {
                grant(List.of(peer), now);
                return false;
            }
            permission.state = State.ASKED;
            return true;
        }
        if (needed && permission.state == State.GRANTED && permission.dueAt <= horizon) {
            permission.state = State.REFRESHING;
            return true;
        }
        return false;
    }

    private void grant(List<InetAddress> peers, long sentAt) {
        stale = true;
        long refreshAt = needed ? sentAt + REFRESH_AFTER - random.nextLong(JITTER) : Machine.NEVER;
        for (InetAddress peer : peers) {
            Permission permission = permissions.computeIfAbsent(peer, added -> new Permission());
            boolean known = permission.state == State.GRANTED || permission.state == State.REFRESHING;
            permission.state = State.GRANTED;
            permission.expiresAt = sentAt + LIFETIME;
            permission.dueAt = refreshAt;
            if (!known) {
                events.accept(new TurnEvent.PermissionGranted(peer));
            }
        }
    }

    private void refuse(InetAddress peer, TurnFailure failure) {
        stale = true;
        Permission permission = permissions.get(peer);
        if (permission != null) {
            permission.state = State.REFUSED;
        }
        events.accept(new TurnEvent.PermissionRefused(peer, failure));
    }

    private void failed(long now, InetAddress peer, TurnFailure failure) {
        Permission permission = permissions.get(peer);
        if (permission == null || permission.state == State.GRANTED) {
            return; // a binding has granted it meanwhile
        }
        stale = true;
        boolean stillHeld = permission.state == State.REFRESHING && now < permission.expiresAt;
        boolean silent = failure.kind() == TurnFailure.Kind.TIMED_OUT;
        if (failure.isPassing() || (silent && stillHeld)) {
            permission.state = stillHeld ? State.GRANTED : State.WANTED;
            permission.dueAt = silent ? now : now + RETRY_AFTER + random.nextLong(JITTER);
        } else {
            refuse(peer, failure);
        }
    }

    /** A CreatePermission request (RFC 8656 §10). */
    private final class Permit implements TurnRequest {

        private final List<InetAddress> peers;

        Permit(List<InetAddress> peers) {
            this.peers = peers;
        }

        @Override
        public StunMethod method() {
            return StunMethod.CREATE_PERMISSION;
        }

        @Override
        public void write(StunWriter writer) {
            for (InetAddress peer : peers) {
                writer.put(XOR_PEER_ADDRESS, new InetSocketAddress(peer, PORT));
            }
        }

        @Override
        public void succeeded(long now, long sentAt, StunMessage answer) {
            grant(peers.stream().filter(permissions::containsKey).toList(), sentAt);
        }

        @Override
        public void failed(long now, TurnFailure failure) {
            boolean perhapsOnlyOne = failure.code() != 0 && !failure.isPassing();
            if (peers.size() > 1 && perhapsOnlyOne) {
                int half = peers.size() / 2;
                requests.send(now, new Permit(peers.subList(0, half)));
                requests.send(now, new Permit(peers.subList(half, peers.size())));
            } else {
                peers.forEach(peer -> Permissions.this.failed(now, peer, failure));
            }
        }
    }
}
