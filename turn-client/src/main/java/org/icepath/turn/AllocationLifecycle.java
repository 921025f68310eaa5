// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Timers;
import org.icepath.sansio.Transport;
import org.icepath.stun.StunMessage;
import org.icepath.turn.TurnFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * How an allocation comes about, lives on and ends (RFC 8656 §7, §8). Not thread-safe.
 *
 * <p>What has been allocated is given up only when the server says with the right integrity that it is gone, when its lifetime has
 * ended, or when the local address has.
 */
final class AllocationLifecycle implements TurnRequests.AllocationListener {

    /** Hears when there is an allocation, and when there is none any more. */
    interface Dependents {
        void established(long now);

        void ended();
    }

    private static final int MOST_RETRIES = 5;
    private static final long RETRY_AFTER = Duration.ofSeconds(60).toNanos(); // RFC 8656 §7.4

    private final AllocationSettings settings;
    private final TurnDialect dialect;
    private final RandomGenerator random;
    private final Dependents dependents;
    private final Consumer<TurnEvent> events;
    private final TurnRequests requests;
    private final Timers<TurnTimer> timers = new Timers<>(TurnTimer.class);
    private final ServerInUse server;
    private final Refreshes refreshes;
    private final RelayedBases relayed = new RelayedBases();
    private final AllocateRequest allocate;
    private final ServerConnection connection;
    private final Mobility mobility;

    private AllocationState state = AllocationState.IDLE;
    private @Nullable InetSocketAddress mappedAddress;
    private @Nullable TurnFailure lastFailure;
    private OptionalLong reservationToken = OptionalLong.empty();
    private @Nullable Handover handover;
    private int retries;

    AllocationLifecycle(
            AllocationSettings settings,
            TurnDialect dialect,
            TurnDialogue dialogue,
            RandomGenerator random,
            Dependents dependents,
            Consumer<TurnEvent> events) {
        this.settings = settings;
        this.dialect = dialect;
        this.random = random;
        this.dependents = dependents;
        this.events = events;
        this.server = new ServerInUse(settings, dialect, events);
        this.requests = new TurnRequests(settings, dialect, dialogue, random, this);
        this.allocate = new AllocateRequest(settings, dialect, dialogue, new Allocating());
        this.mobility = new Mobility(requests, dialect, settings, new Moving());
        this.connection = new ServerConnection(settings.base(), dialect.framing());
        this.refreshes =
                new Refreshes(requests, dialect, settings, random, timers, this::fail, this::released, this::isOurs);
    }

    ServerConnection connection() {
        return connection;
    }

    /** Made at the first need: most allocations are never lost. */
    private Handover handover() {
        if (handover == null) {
            handover = new Handover(connection, mobility, requests, timers, random, events, this::fail);
        }
        return handover;
    }

    TurnRequests requests() {
        return requests;
    }

    AllocationState state() {
        return state;
    }

    InetSocketAddress server() {
        return server.address();
    }

    /** Whether an answer may come from there, too: of a server that has sent us on with a challenge. */
    boolean mayAnswer(InetSocketAddress from) {
        return server.mayAnswer(from);
    }

    /** The server by the name that it must prove to have. */
    InetSocketAddress namedServer() {
        return ServerConnection.named(server.address(), server.host());
    }

    Mobility mobility() {
        return mobility;
    }

    RelayedBases relayed() {
        return relayed;
    }

    OptionalLong reservationToken() {
        return reservationToken;
    }

    /** Whether the server sends what no router may fragment. */
    boolean sendsWhole() {
        return allocate.hasDontFragment();
    }

    @Nullable
    InetSocketAddress mappedAddress() {
        return mappedAddress;
    }

    @Nullable
    TurnFailure lastFailure() {
        return lastFailure == null ? refreshes.lastFailure() : lastFailure;
    }

    long lifetimeSeconds() {
        return refreshes.lifetimeSeconds();
    }

    Timers<TurnTimer> timers() {
        return timers;
    }

    private void moveTo(AllocationState next, String reason) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException("an allocation that is " + state + " cannot become " + next);
        }
        AllocationState last = state;
        state = next;
        events.accept(new TurnEvent.StateChanged(last, next, reason));
    }

    void allocate(long now) {
        moveTo(AllocationState.ALLOCATING, "asking " + server.place());
        ask(now);
    }

    /** Asks for the allocation, over a connection as soon as that stands. */
    private void ask(long now) {
        if (connection.isOpen()) {
            requests.send(now, allocate);
        } else {
            askThere(now);
        }
    }

    private void askThere(long now) {
        if (!connection.open(server.address(), server.host())) {
            requests.send(now, allocate);
        }
    }

    void opened(long now, Base base) {
        if (connection.isNext(base)) {
            mobility.ask(now);
        } else if (base.id() == mobility.base().id()) {
            connection.opened();
            if (state == AllocationState.ALLOCATING) {
                requests.send(now, allocate);
            }
        }
    }

    /** A connection could not be opened, or has ended. */
    void closed(long now, Base base, Cause cause) {
        if (connection.isNext(base)) {
            connection.nextEnded();
            Cause told = ofConnection(cause);
            mobility.unreached(now, TurnFailure.of(kindOf(told), told.detail()));
        } else if (base.id() == mobility.base().id()) {
            connection.ended();
            ended(now, ofConnection(cause));
        } else {
            connection.leftEnded(base);
        }
    }

    private Cause ofConnection(Cause cause) {
        String detail = "the connection to " + server.place() + ": " + cause.detail();
        return new Cause(cause.kind(), detail);
    }

    /** The connection has ended; the server forgets the allocation with it (RFC 8656 §5), unless that can move (RFC 8016). */
    private void ended(long now, Cause cause) {
        boolean over = state.isFinal() || state == AllocationState.POSTPONED; // the next attempt opens another one
        boolean standing = state == AllocationState.ALLOCATED;
        if (!over && !(standing && handover().connectionEnded(now, cause))) {
            fail(TurnFailure.of(standing ? Kind.ALLOCATION_LOST : kindOf(cause), cause.detail()));
        }
    }

    private static Kind kindOf(Cause cause) {
        return switch (cause.kind()) {
            case TIMED_OUT -> Kind.TIMED_OUT;
            case UNTRUSTED -> Kind.UNTRUSTED;
            default -> Kind.UNREACHABLE;
        };
    }

    void release(long now) {
        if (state.isFinal() || state == AllocationState.RELEASING) {
            return;
        }
        boolean serverMayHoldOne = state == AllocationState.ALLOCATED || requests.anySigned();
        end();
        if (!serverMayHoldOne) {
            released("nothing was allocated");
            return;
        }
        moveTo(AllocationState.RELEASING, "no longer needed");
        refreshes.release(now);
    }

    /** A server that has forgotten an allocation may make another one where Allocate requests refresh. */
    private boolean isOurs(StunMessage success) {
        Base ours = relayed.first();
        return ours == null
                || dialect.relayedAddress(success).map(ours.address()::equals).orElse(true);
    }

    private void released(String reason) {
        end();
        moveTo(AllocationState.RELEASED, reason);
        connection.close();
        events.accept(new TurnEvent.Released());
    }

    private void fail(TurnFailure failure) {
        if (state == AllocationState.RELEASING) {
            released(failure.detail());
            return;
        }
        lastFailure = failure;
        end();
        moveTo(AllocationState.FAILED, failure.detail());
        connection.close();
        events.accept(new TurnEvent.Failed(failure));
    }

    private void end() {
        relayed.clear();
        mobility.clear();
        timers.clear();
        requests.end();
        dependents.ended();
    }

    void handleTimeout(long now) {
        refreshes.handleTimeout(now);
        if (timers.takeExpired(TurnTimer.RETRY, now)) {
            allocate(now);
        }
        if (handover != null) {
            handover.handleTimeout(now);
        }
    }

    /** Something to the server did not leave this host. That ends what has not begun; what stands has its own deadlines. */
    void sendFailed(Cause cause) {
        boolean hopeless = cause.kind() == Cause.Kind.UNREACHABLE
                || cause.kind() == Cause.Kind.FORBIDDEN
                || cause.kind() == Cause.Kind.LOCAL_GONE;
        if (hopeless && (state == AllocationState.ALLOCATING || state == AllocationState.RELEASING)) {
            fail(TurnFailure.of(Kind.UNREACHABLE, "cannot send to " + server.place() + ": " + cause.detail()));
        }
    }

    void moveTo(long now, Base next) {
        boolean overConnection = next.transport() != Transport.UDP;
        if (state != AllocationState.ALLOCATED || !mobility.isMobile()) {
            return;
        }
        if (overConnection && mobility.isMoving()) {
            String detail = "the allocation is about to move elsewhere";
            events.accept(new TurnEvent.MoveRefused(next, TurnFailure.of(Kind.TOO_MANY, detail)));
        } else if (mobility.want(next) && !connection.openNext(next, server.address(), server.host())) {
            mobility.ask(now);
        }
    }

    void probe(long now) {
        if (state == AllocationState.ALLOCATED && !mobility.isUnderWay()) {
            refreshes.probe(now);
        }
    }

    void baseLost(Base base, Cause cause) {
        if (!mobility.lost(base, cause) || state.isFinal()) {
            return;
        }
        if (state == AllocationState.ALLOCATED && mobility.isMobile()) {
            connection.closeCurrent();
            handover().strand(cause);
        } else {
            fail(TurnFailure.of(Kind.BASE_LOST, cause.detail()));
        }
    }

    @Override
    public boolean redirected(long now, TurnRequest request, StunMessage answer) {
        boolean followed = isAllocating(request) && server.follow(answer);
        if (followed) {
            requests.moveTo(server.address());
            askThere(now);
        }
        return followed;
    }

    private boolean isAllocating(TurnRequest request) {
        return state == AllocationState.ALLOCATING && request == allocate;
    }

    @Override
    public Optional<InetSocketAddress> challengedElsewhere(TurnRequest request, StunMessage answer) {
        return isAllocating(request) ? server.followChallenge(answer) : Optional.empty();
    }

    @Override
    public void credentialsWanted(TurnEvent.CredentialsWanted wanted) {
        events.accept(wanted);
    }

    @Override
    public void orphaned(TurnFailure failure) {
        if (state == AllocationState.ALLOCATED) {
            events.accept(new TurnEvent.Orphaned(failure));
        }
    }

    @Override
    public boolean unanswered(long now, TurnRequest request, long sentAt, TurnFailure failure) {
        boolean dead = state == AllocationState.ALLOCATED
                && request.from().isEmpty() // not of a data connection, which has an end of its own
                && connection.isSilentSince(sentAt);
        if (dead) {
            connection.closeCurrent();
            ended(now, new Cause(Cause.Kind.TIMED_OUT, "the connection is dead: " + failure.detail()));
            if (state == AllocationState.ALLOCATED) {
                requests.hold(request);
            }
        }
        return dead;
    }

    @Override
    public boolean mismatched(long now, TurnRequest request, TurnFailure failure) {
        if (request.from().isPresent()) {
            return false; // of a data connection or a new address: it is at the new address that there is none, and the
            // old one may be as good as ever
        }
        if (mobility.mismatched(now, request)) {
            return true;
        }
        if (request == allocate && dialect.mismatchIsOfPort()) {
            fail(failure.as(Kind.NEW_LOCAL_PORT_NEEDED)); // RFC 8656 §7.4
        } else {
            fail(failure); // while releasing that is what was wanted
        }
        return true;
    }

    private void established(long now, long sentAt, AllocateRequest.Grant grant) {
        Base base = new Base(settings.relayBaseId(), relayedTransport(), grant.relayed());
        InetSocketAddress other = grant.additional();
        Base additional = other == null ? null : new Base(settings.relayBaseId() + 1, relayedTransport(), other);
        relayed.set(base, additional);
        mobility.hold(grant.ticket());
        Long token = grant.reservation();
        reservationToken = token == null ? OptionalLong.empty() : OptionalLong.of(token);
        mappedAddress = grant.mapped();
        requests.allocated();
        refreshes.granted(now, sentAt, grant.lifetimeSeconds());
        moveTo(AllocationState.ALLOCATED, "relayed address " + grant.relayed());
        events.accept(new TurnEvent.Allocated(base, grant.mapped(), refreshes.lifetimeSeconds()));
        if (additional != null) {
            events.accept(new TurnEvent.AdditionallyAllocated(additional));
        }
        reservationToken.ifPresent(each -> events.accept(new TurnEvent.PortReserved(each)));
        allocate.reportUnfulfilled(grant, events);
        dependents.established(now);
    }

    private Transport relayedTransport() {
        return dialect.relayedTransport(settings);
    }

    private void allocationRefused(long now, TurnFailure failure) {
        lastFailure = failure;
        if (!failure.isPassing() || retries >= MOST_RETRIES) {
            fail(failure);
            return;
        }
        retries++;
        long retryAt = now + RETRY_AFTER + random.nextLong(RETRY_AFTER / 4);
        moveTo(AllocationState.POSTPONED, failure.detail());
        timers.set(TurnTimer.RETRY, retryAt);
        events.accept(new TurnEvent.Postponed(failure, retryAt));
    }

    private final class Moving implements Mobility.Listener {

        @Override
        public void moved(long now, long sentAt, Base base, long seconds) {
            refreshes.granted(now, sentAt, seconds);
            events.accept(new TurnEvent.Moved(base));
            if (base.transport() != Transport.UDP) {
                handover().moved(now);
            }
        }

        @Override
        public void stayed(long now, Base wanted, TurnFailure failure) {
            connection.leaveNext();
            events.accept(new TurnEvent.MoveRefused(wanted, failure));
            if (wanted.transport() != Transport.UDP) {
                handover().moveFailed(now, failure);
            }
        }

        @Override
        public void rebound(long now, long sentAt, long seconds) {
            refreshes.granted(now, sentAt, seconds);
            events.accept(new TurnEvent.Rebound());
        }

        @Override
        public void forgotten(TurnFailure failure) {
            fail(failure.as(Kind.ALLOCATION_LOST));
        }
    }

    private final class Allocating implements AllocateRequest.Outcome {

        @Override
        public void granted(long now, long sentAt, AllocateRequest.Grant grant) {
            established(now, sentAt, grant);
        }

        @Override
        public void refused(long now, TurnFailure failure) {
            if (failure.kind() == Kind.MALFORMED) {
                fail(failure);
            } else {
                allocationRefused(now, failure);
            }
        }

        @Override
        public void again(long now) {
            requests.send(now, allocate);
        }
    }
}
