// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.icepath.stun.Attributes.LIFETIME;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Timers;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.turn.TurnFailure.Kind;
import org.jspecify.annotations.Nullable;

/** How an allocation that stands lives on, and how it is given back (RFC 8656 §8). Not thread-safe. */
final class Refreshes {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long MAX_LIFETIME_SECONDS = 86_400; // keeps absurd answers from overflowing
    private static final long MARGIN = 60 * SECOND; // RFC 8656 §8 proposes one minute; one transaction fits into it
    /** RFC 4787 §4.3 asks for more; NATs that keep a binding for half a minute are common. */
    private static final long NAT_BINDING = 30 * SECOND;

    private static final long RETRY_AFTER = 10 * SECOND;
    private static final long RELEASE_PATIENCE = 2 * SECOND;
    private static final long PROBE_PAUSE = 10 * SECOND;

    private final TurnRequests requests;
    private final TurnDialect dialect;
    private final RandomGenerator random;
    private final Timers<TurnTimer> timers;
    private final Consumer<TurnFailure> lost;
    private final Consumer<String> released;
    private final Predicate<StunMessage> same;
    private final long wishedSeconds;
    private final boolean datagrams;
    private long lifetimeSeconds;
    private long nextProbe = Long.MIN_VALUE;
    private @Nullable TurnFailure lastFailure;

    /**
     * Refreshes nothing yet.
     *
     * @param lost hears that the allocation is gone
     * @param released hears that it was given back, and how
     * @param same whether a success is about the allocation that stands
     */
    Refreshes(
            TurnRequests requests,
            TurnDialect dialect,
            AllocationSettings settings,
            RandomGenerator random,
            Timers<TurnTimer> timers,
            Consumer<TurnFailure> lost,
            Consumer<String> released,
            Predicate<StunMessage> same) {
        this.requests = requests;
        this.dialect = dialect;
        this.random = random;
        this.timers = timers;
        this.lost = lost;
        this.released = released;
        this.same = same;
        this.datagrams = !settings.base().transport().reliable();
        this.wishedSeconds =
                settings.lifetimeSeconds() == 0 ? TurnRequest.DEFAULT_LIFETIME_SECONDS : settings.lifetimeSeconds();
    }

    /** How long the server said at last that it keeps the allocation. */
    long lifetimeSeconds() {
        return lifetimeSeconds;
    }

    @Nullable
    TurnFailure lastFailure() {
        return lastFailure;
    }

    /** The server keeps the allocation for so long, from {@code sentAt} at least. */
    void granted(long now, long sentAt, long seconds) {
        lifetimeSeconds = Math.min(seconds, MAX_LIFETIME_SECONDS);
        long lifetime = lifetimeSeconds * SECOND;
        timers.set(TurnTimer.EXPIRY, sentAt + lifetime);
        timers.set(TurnTimer.REFRESH, Math.max(sentAt + refreshAfter(lifetime), now + SECOND / 2));
    }

    private long refreshAfter(long lifetime) {
        if (lifetime >= 4 * MARGIN && !dialect.refreshesAtHalf()) {
            return lifetime - MARGIN - random.nextLong(MARGIN);
        }
        long jitter = random.nextLong(lifetime / 10);
        long after = dialect.refreshesAtHalf() ? lifetime / 2 - jitter : lifetime / 2 + jitter;
        return datagrams && !dialect.takesIndications() ? Math.min(after, natBinding()) : after;
    }

    /** Refreshes that nothing but a NAT asks for must not come in step from all who allocated together. */
    private long natBinding() {
        return NAT_BINDING - random.nextLong(NAT_BINDING / 10);
    }

    /** Asks now whether the server still has the allocation, unless it is being asked, or was so a short while ago. */
    void probe(long now) {
        if (timers.isSet(TurnTimer.REFRESH) && now >= nextProbe) {
            nextProbe = now + PROBE_PAUSE;
            timers.clear(TurnTimer.REFRESH);
            requests.send(now, new Refresh());
        }
    }

    void release(long now) {
        timers.set(TurnTimer.RELEASE, now + RELEASE_PATIENCE);
        requests.send(now, new Release());
    }

    void handleTimeout(long now) {
        if (timers.takeExpired(TurnTimer.RELEASE, now)) {
            released.accept("the server did not answer");
        }
        if (timers.takeExpired(TurnTimer.EXPIRY, now)) {
            TurnFailure cause = lastFailure;
            String last = cause == null ? "" : "; last, " + cause.detail();
            lost.accept(TurnFailure.of(Kind.ALLOCATION_LOST, "the lifetime ended without a refresh" + last));
        }
        if (timers.takeExpired(TurnTimer.REFRESH, now)) {
            requests.send(now, new Refresh());
        }
    }

    private void refused(long now, TurnFailure failure) {
        lastFailure = failure;
        boolean silent = failure.kind() == Kind.TIMED_OUT;
        timers.set(TurnTimer.REFRESH, silent ? now : now + RETRY_AFTER + random.nextLong(RETRY_AFTER / 2));
    }

    /** RFC 8656 §8.1. */
    private final class Refresh implements TurnRequest {

        @Override
        public StunMethod method() {
            return dialect.refreshMethod();
        }

        @Override
        public void write(StunWriter writer) {
            writer.putUint32(LIFETIME, wishedSeconds);
        }

        @Override
        public void succeeded(long now, long sentAt, StunMessage answer) {
            long seconds = TurnRequest.lifetimeIn(answer);
            if (seconds == 0 || !same.test(answer)) {
                String detail = seconds == 0
                        ? "the server ended the allocation in answer to a refresh"
                        : "the server made another allocation in answer to a refresh";
                lost.accept(TurnFailure.of(Kind.ALLOCATION_LOST, detail));
            } else {
                granted(now, sentAt, seconds);
            }
        }

        @Override
        public void failed(long now, TurnFailure failure) {
            refused(now, failure);
        }
    }

    /** A refresh with a lifetime of 0 (RFC 8656 §8.1); whatever the answer is, there is nothing left to do. */
    private final class Release implements TurnRequest {

        @Override
        public StunMethod method() {
            return dialect.refreshMethod();
        }

        @Override
        public void write(StunWriter writer) {
            writer.putUint32(LIFETIME, 0);
        }

        @Override
        public void succeeded(long now, long sentAt, StunMessage answer) {
            released.accept("the server let go of it");
        }

        @Override
        public void failed(long now, TurnFailure failure) {
            released.accept(failure.detail());
        }
    }
}
