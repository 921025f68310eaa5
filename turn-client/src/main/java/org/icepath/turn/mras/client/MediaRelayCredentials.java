// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.mras.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.icepath.turn.CredentialSupplier;
import org.icepath.turn.TurnCredentials;
import org.icepath.turn.TurnEvent;
import org.icepath.turn.TurnServer;
import org.icepath.turn.mras.MrasException;
import org.icepath.turn.mras.MrasReason;
import org.icepath.turn.mras.MrasRequest;
import org.icepath.turn.mras.MrasResponse;
import org.icepath.turn.mras.RelayLocation;
import org.jspecify.annotations.Nullable;

/**
 * The credentials and relays that a media relay authentication service gives, asked for when they are first wanted and renewed before
 * they run out.
 *
 * <p>Thread-safe; any number of callers share one request. What was got serves until nine tenths of its time are over, or until 10 minutes
 * before its end, whichever is later; then the next caller has it renewed, and {@link #keepFresh} does so without one. A renewal that
 * fails while the old credentials are still good is tried again later and harms nobody.
 *
 * <p>As a supplier for {@link TurnServer#withoutCredentials servers} it gives allocations theirs, and others before these end, so that a
 * call outlives them.
 */
public final class MediaRelayCredentials implements CredentialSupplier {

    private static final Duration MARGIN = Duration.ofMinutes(10);
    private static final Duration RETRY_AFTER = Duration.ofMinutes(1);
    private static final Duration WITHOUT_EXPIRY = Duration.ofHours(1);
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

    /** When a SIP request without an answer is given up (RFC 3261 §17.1.2.2, timer F). */
    private static final Duration PATIENCE = Duration.ofSeconds(32);

    private final MrasTransport transport;
    private final MrasRequest wish;
    private final InstantSource clock;
    private final Duration patience;
    private final AtomicLong requests = new AtomicLong();
    private @Nullable Grant grant;
    private @Nullable CompletableFuture<MrasResponse> asking;

    /**
     * What was got, and for how long.
     *
     * @param renewAt from when on others are wanted
     */
    private record Grant(MrasResponse response, Instant expiry, Instant renewAt) {}

    /**
     * Asks for nothing yet.
     *
     * @param client who asks, such as {@code sip:alice@example.com}
     * @param service whom to ask, as provisioning names it
     * @param location where the client is, and so which relays it wants
     * @param clock what expiry is measured by; {@link InstantSource#system} outside of tests
     */
    public MediaRelayCredentials(
            MrasTransport transport, String client, String service, RelayLocation location, InstantSource clock) {
        this(
                transport,
                MrasRequest.of(
                        "",
                        Objects.requireNonNull(client, "client"),
                        Objects.requireNonNull(service, "service"),
                        Objects.requireNonNull(location, "location")),
                clock);
    }

    /**
     * Asks for nothing yet.
     *
     * @param wish what is asked for: relays of which location, by which route, for how long. Its id does not matter: each request has
     *     its own
     * @param clock what expiry is measured by; {@link InstantSource#system} outside of tests
     */
    public MediaRelayCredentials(MrasTransport transport, MrasRequest wish, InstantSource clock) {
        this(transport, wish, clock, PATIENCE);
    }

    /** @param patience how long an exchange may take that the transport never ends */
    MediaRelayCredentials(MrasTransport transport, MrasRequest wish, InstantSource clock, Duration patience) {
        this.patience = patience;
        this.transport = Objects.requireNonNull(transport, "transport");
        this.wish = Objects.requireNonNull(wish, "wish");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * The answer of the service, asked for now unless there is a good one.
     *
     * @return fails with an {@link MrasException} where the service refuses, is not understood or says nothing for 32 s, else as the
     *     transport does; but never while there are credentials that have not run out
     */
    public CompletionStage<MrasResponse> current() {
        Instant now = clock.instant();
        Grant known = known();
        if (known != null && now.isBefore(known.renewAt)) {
            return CompletableFuture.completedFuture(known.response);
        }
        CompletableFuture<MrasResponse> renewing = ask();
        if (known == null || !now.isBefore(known.expiry)) {
            return renewing.copy();
        }
        return renewing.exceptionally(refused -> known.response);
    }

    /**
     * Credentials for relays that take none of before: the current ones, or others where these are refused or are to be renewed. They
     * say themselves when they are to be renewed, a while before they end.
     *
     * @return fails as {@link #current}
     */
    @Override
    public CompletionStage<TurnCredentials> supply(TurnEvent.CredentialsWanted wanted) {
        Grant known = known();
        boolean others = known != null
                && wanted.username().equals(credentialsOf(known.response).usernameText());
        return (others ? ask() : current()).thenApply(this::toBeRenewed);
    }

    private TurnCredentials toBeRenewed(MrasResponse response) {
        MrasResponse.Credentials given = credentialsOf(response);
        Duration time = Duration.between(clock.instant(), renewAt());
        return TurnCredentials.longTerm(given.usernameText(), given.passwordText())
                .renewedAfter(time.isNegative() ? Duration.ZERO : time);
    }

    private static MrasResponse.Credentials credentialsOf(MrasResponse response) {
        return response.credentials().orElseThrow();
    }

    private synchronized @Nullable Grant known() {
        return grant;
    }

    /** When what there is now should be renewed; the present where there is nothing. */
    public Instant renewAt() {
        Grant known = known();
        return known == null ? clock.instant() : known.renewAt;
    }

    /**
     * Renews without being asked, from now on: nobody waits for the service then when he wants credentials. While the service refuses or
     * is down it is asked once a minute.
     *
     * @param scheduler has at most one task of this at a time; where it is shut down, this ends, too
     * @return ends it, and leaves no task behind
     */
    public AutoCloseable keepFresh(ScheduledExecutorService scheduler) {
        return new Keeper(scheduler).start();
    }

    private CompletableFuture<MrasResponse> ask() {
        CompletableFuture<MrasResponse> begun = new CompletableFuture<>();
        synchronized (this) {
            CompletableFuture<MrasResponse> running = asking;
            if (running != null) {
                return running;
            }
            asking = begun;
        }
        MrasRequest request = wish.withId(Long.toString(requests.incrementAndGet()));
        CompletableFuture<MrasResponse> answered = exchange(request);
        // ends in any case: all that is asked for later waits for it
        answered.copy().orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS).whenComplete((response, failure) -> {
            finish(response);
            if (failure == null) {
                begun.complete(response);
            } else {
                begun.completeExceptionally(answered.isDone() ? unwrapped(failure) : silence());
            }
        });
        return begun;
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private MrasException silence() {
        return new MrasException(
                MrasReason.TIME_OUT, "the service has not answered within " + patience.toSeconds() + " s");
    }

    private CompletableFuture<MrasResponse> exchange(MrasRequest request) {
        try {
            return transport
                    .exchange(wish.to(), MrasRequest.CONTENT_TYPE, request.toXml())
                    .thenApply(body -> accepted(request, MrasResponse.parse(body)))
                    .toCompletableFuture();
        } catch (Throwable notSent) {
            return CompletableFuture.failedFuture(notSent);
        }
    }

    private static MrasResponse accepted(MrasRequest request, MrasResponse response) {
        if (response.reason() != MrasReason.OK) {
            throw new MrasException(
                    response.reason(),
                    response.phrase().isEmpty()
                            ? "the service answered without a reason"
                            : "the service answered \"" + response.phrase() + "\"");
        }
        if (response.credentials().isEmpty()) {
            throw new MrasException(MrasReason.UNKNOWN, "the service answered \"OK\", but without credentials");
        }
        if (!response.requestId().isEmpty() && !response.requestId().equals(request.requestId())) {
            throw new MrasException(MrasReason.UNKNOWN, "an answer to another request, " + response.requestId());
        }
        return response;
    }

    private synchronized void finish(@Nullable MrasResponse response) {
        asking = null;
        if (response != null) {
            Instant now = clock.instant();
            Instant expiry = response.credentials()
                    .flatMap(credentials -> credentials.expiry(now))
                    .orElseGet(() -> now.plus(WITHOUT_EXPIRY));
            grant = new Grant(response, expiry, renewAt(now, expiry));
        } else if (grant != null) {
            Instant again = clock.instant().plus(RETRY_AFTER);
            Grant known = grant;
            boolean soon = again.isAfter(known.renewAt);
            grant = soon ? new Grant(known.response, known.expiry, earlier(again, known.expiry)) : known;
        }
    }

    private static Instant renewAt(Instant now, Instant expiry) {
        Instant late = expiry.minus(MARGIN);
        Instant mostly = now.plus(Duration.between(now, expiry).multipliedBy(9).dividedBy(10));
        return late.isAfter(mostly) ? late : mostly;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    @Override
    public String toString() {
        return "MediaRelayCredentials[" + wish.from() + " at " + wish.to() + "]";
    }

    /** Renews when it is time, one timer at a time. */
    private final class Keeper implements AutoCloseable {

        private final ScheduledExecutorService scheduler;
        private @Nullable ScheduledFuture<?> next;
        private boolean closed;

        Keeper(ScheduledExecutorService scheduler) {
            this.scheduler = scheduler;
        }

        Keeper start() {
            renew();
            return this;
        }

        private void renew() {
            current().whenComplete((response, failure) -> schedule());
        }

        private synchronized void schedule() {
            if (!closed && !scheduler.isShutdown()) {
                next = scheduler.schedule(this::renew, untilRenewal().toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        /** What should have been renewed by now could not be. */
        private Duration untilRenewal() {
            Instant now = clock.instant();
            Grant known = known();
            if (known == null || !now.isBefore(known.renewAt)) {
                return RETRY_AFTER;
            }
            Duration wait = Duration.between(now, known.renewAt);
            return wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait;
        }

        @Override
        public synchronized void close() {
            closed = true;
            ScheduledFuture<?> waiting = next;
            if (waiting != null) {
                waiting.cancel(false);
            }
        }
    }
}
