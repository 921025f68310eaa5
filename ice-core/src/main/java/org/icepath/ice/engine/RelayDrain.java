// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.icepath.ice.IceConfig;
import org.icepath.ice.RelayPolicy;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;

/**
 * Lets relays go that are needed no longer. The relays of a component are looked at once every peer has its selected pairs and sends
 * over none of them; those that the policy does not keep go when nothing has come over them for the drain time. Not thread-safe.
 */
final class RelayDrain {

    /**
     * How long a relay must have been silent. RFC 8445 §8.3.1 lets candidates that were not selected answer for 3 s more; a peer may
     * learn later than we do which pair is selected, and its media of then are a second or two old.
     */
    static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final IceConfig config;
    private final EngineOutbox outbox;
    private final LocalSide local;
    private final Peers peers;
    private long next = Machine.NEVER;

    RelayDrain(IceConfig config, EngineOutbox outbox, LocalSide local, Peers peers) {
        this.config = config;
        this.outbox = outbox;
        this.local = local;
        this.peers = peers;
    }

    long next() {
        return next;
    }

    /** Our relays serve all peers, so of what their rules ask for it is the policy that keeps most. */
    private RelayPolicy policy() {
        return peers.rules().stream()
                .map(config::relayPolicy)
                .max(Comparator.naturalOrder())
                .orElseGet(config::relayPolicy);
    }

    /** Pairs were selected, or relays have come: where some may be too many, they are looked at when they have been silent long enough. */
    void begin(long now) {
        RelayPolicy policy = policy();
        int keeps = policy == RelayPolicy.KEEP_ONE ? 1 : 0;
        if (policy == RelayPolicy.KEEP_ALL || next != Machine.NEVER) {
            return;
        }
        for (Relay relay : local.relays().table().standing()) {
            if (siblings(relay).size() > keeps) {
                long silent = relay.heardAt() + DRAIN_NANOS;
                next = Math.min(next, silent > now ? silent : now + DRAIN_NANOS);
            }
        }
    }

    /** Lets go what may go; the others are looked at again. */
    void handleTimeout(long now) {
        if (now < next) {
            return;
        }
        next = Machine.NEVER;
        if (peers.areSettled()) {
            for (Relay relay : local.relays().table().standing()) {
                review(now, relay);
            }
        }
        begin(now);
    }

    private void review(long now, Relay relay) {
        boolean goes = surplus(relay).contains(relay) && now - relay.heardAt() >= DRAIN_NANOS;
        if (goes) {
            release(now, relay);
        }
    }

    private void release(long now, Relay relay) {
        String why = "let go: media has left it and nothing came over it for "
                + TimeUnit.NANOSECONDS.toSeconds(DRAIN_NANOS) + " s; "
                + kept(relay).map(other -> other + " stays as a reserve").orElse("no relay is kept");
        String named = relay.toString();
        outbox.timeline().add(now, () -> named + " is " + why);
        local.release(now, relay);
        Cause cause = new Cause(Cause.Kind.LOCAL_GONE, "the relay is " + why);
        relay.bases().forEach(base -> peers.baseLost(now, base, cause));
    }

    /** The relays of the same component that the policy does not keep; none while one of them is in use. */
    private List<Relay> surplus(Relay one) {
        List<Relay> all = siblings(one);
        if (all.stream().anyMatch(this::isInUse)) {
            return List.of();
        }
        kept(one).ifPresent(all::remove);
        return all;
    }

    private Optional<Relay> kept(Relay one) {
        if (policy() == RelayPolicy.RELEASE) {
            return Optional.empty();
        }
        // the first of the best: sorting is stable
        return siblings(one).stream()
                .sorted(Comparator.comparing(this::survivesMedia)
                        .thenComparing(this::isReserve)
                        .reversed())
                .findFirst();
    }

    /** Whether it may work, and does not go with the path in use when that path's interface goes: they have no socket in common. */
    private boolean survivesMedia(Relay relay) {
        return !peers.sendFrom(relay.request().local().base())
                && relay.bases().stream().anyMatch(peers::mayWorkFrom);
    }

    private List<Relay> siblings(Relay one) {
        List<Relay> all = new ArrayList<>(local.relays().table().standing());
        all.removeIf(relay -> !relay.serves(
                one.request().local().stream(), one.request().local().component()));
        return all;
    }

    private boolean isInUse(Relay relay) {
        return relay.bases().stream().anyMatch(peers::sendFrom);
    }

    private boolean isReserve(Relay relay) {
        return relay.bases().stream().anyMatch(peers::maySendFrom);
    }
}
