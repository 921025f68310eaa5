// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.nat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.jspecify.annotations.Nullable;

/**
 * Opens mappings, leaves each alone for another time, and lets the server send something to it (RFC 5780 §4.6). Not thread-safe.
 *
 * <p>All wait at a time, so that the longest silence is all the time that it takes. A server that does not know RESPONSE-PORT (§7.5) has
 * nothing to say of lifetimes: it refuses, or answers to the port that asked.
 */
final class LifetimeProbe {

    private final Probes probes;
    private final NatDiscoverySettings settings;
    private final LongConsumer done;
    private final List<Silence> silences = new ArrayList<>();
    private int running;
    private long longestAlive;
    private long shortestDead = Long.MAX_VALUE;
    private boolean cannotSay;

    LifetimeProbe(Probes probes, NatDiscoverySettings settings, LongConsumer done) {
        this.probes = probes;
        this.settings = settings;
        this.done = done;
        settings.silences().forEach((base, silence) -> silences.add(new Silence(base, silence)));
    }

    void start(long now) {
        running = silences.size();
        silences.forEach(each -> probes.send(now, each.base, settings.server(), each));
        if (silences.isEmpty()) {
            done.accept(now);
        }
    }

    MappingLifetime result() {
        if (cannotSay) {
            return MappingLifetime.UNKNOWN;
        }
        // A lost answer looks like a dead mapping; one that lived longer proves that it was not.
        boolean died = shortestDead != Long.MAX_VALUE && shortestDead > longestAlive;
        return new MappingLifetime(longestAlive, died ? shortestDead : 0);
    }

    void handleTimeout(long now) {
        for (Silence each : silences) {
            if (each.askAt <= now) {
                each.ask(now);
            }
        }
    }

    long nextTimeout() {
        long next = Machine.NEVER;
        for (Silence each : silences) {
            next = Math.min(next, each.askAt);
        }
        return next;
    }

    private void over(long now) {
        running--;
        if (running == 0) {
            done.accept(now);
        }
    }

    /** One base, and how long it says nothing. */
    private final class Silence implements Probes.Asker {

        private final Base base;
        private final Duration length;
        private @Nullable InetSocketAddress mapped;
        private long askAt = Machine.NEVER;

        Silence(Base base, Duration length) {
            this.base = base;
            this.length = length;
        }

        @Override
        public boolean answered(long now, Base at, InetSocketAddress from, StunMessage answer) {
            Optional<InetSocketAddress> seen = Probes.mapped(answer);
            if (!from.equals(settings.server()) || seen.isEmpty()) {
                return false;
            }
            mapped = seen.get();
            askAt = now + length.toNanos();
            return true;
        }

        @Override
        public void silent(long now) {
            over(now);
        }

        void ask(long now) {
            askAt = Machine.NEVER;
            InetSocketAddress known = mapped;
            if (known != null) {
                probes.send(
                        now,
                        settings.mapping(),
                        settings.server(),
                        new Survival(this),
                        writer -> writer.put(Attributes.RESPONSE_PORT, known.getPort()));
            }
        }
    }

    /** The answer to another base's question, which comes by the mapping that has been silent. */
    private final class Survival implements Probes.Asker {

        private final Silence silence;

        Survival(Silence silence) {
            this.silence = silence;
        }

        @Override
        public boolean answered(long now, Base at, InetSocketAddress from, StunMessage answer) {
            if (!from.equals(settings.server())) {
                return false;
            }
            if (at.id() == silence.base.id() && answer.messageClass() == StunClass.SUCCESS) {
                longestAlive = Math.max(longestAlive, silence.length.toSeconds());
            } else {
                cannotSay = true;
            }
            over(now);
            return true;
        }

        @Override
        public void silent(long now) {
            shortestDead = Math.min(shortestDead, silence.length.toSeconds());
            over(now);
        }
    }
}
