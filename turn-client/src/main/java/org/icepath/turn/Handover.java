// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Timers;
import org.icepath.sansio.Transport;
import org.icepath.turn.TurnFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * How a mobile allocation gets from one connection to another (RFC 8016). Where the one has gone, whoever owns the allocation is told, so
 * that it can be moved, and again after each move that has led nowhere, a bounded number of times. Not thread-safe.
 */
final class Handover {

    private static final int MOST_ROUNDS = 3;
    private static final long AGAIN_AFTER = Duration.ofSeconds(5).toNanos();

    /** Until data of ours, or the end of the connection that was left, has the server leave it, too, it is what the server sends on. */
    private static final long LEAVES_AFTER = Duration.ofSeconds(3).toNanos();

    private final ServerConnection connection;
    private final Mobility mobility;
    private final TurnRequests requests;
    private final Timers<TurnTimer> timers;
    private final RandomGenerator random;
    private final Consumer<TurnEvent> events;
    private final Consumer<TurnFailure> lost;
    private @Nullable TurnFailure last;
    private int rounds;

    /** @param lost hears that the allocation is gone */
    Handover(
            ServerConnection connection,
            Mobility mobility,
            TurnRequests requests,
            Timers<TurnTimer> timers,
            RandomGenerator random,
            Consumer<TurnEvent> events,
            Consumer<TurnFailure> lost) {
        this.connection = connection;
        this.mobility = mobility;
        this.requests = requests;
        this.timers = timers;
        this.random = random;
        this.events = events;
        this.lost = lost;
    }

    /** The connection has ended though its interface stands; answers whether the allocation may outlive that. */
    boolean connectionEnded(long now, Cause cause) {
        boolean moving = mobility.isMoving(); // the server may have closed it for that
        boolean outlives = mobility.isMobile() && (moving || mobility.mayFollow(now));
        if (outlives) {
            mobility.lost(mobility.base(), cause);
            requests.hold();
            if (!moving) {
                mobility.follows(now);
                strand(cause);
            }
        }
        return outlives;
    }

    /** The base has gone, and no move is under way. Over a connection no request is sent until something leads to the server again. */
    void strand(Cause cause) {
        if (mobility.base().transport() != Transport.UDP) {
            requests.hold();
            leave();
        }
        events.accept(new TurnEvent.Stranded(cause));
    }

    /** A move to another connection has failed; where the one before is gone, another attempt follows unless the server has said no. */
    void moveFailed(long now, TurnFailure failure) {
        if (mobility.stranded() == null) {
            return;
        }
        if (failure.code() != 0 || failure.kind() == Kind.UNAUTHORIZED) {
            lost.accept(failure.as(Kind.ALLOCATION_LOST));
        } else {
            last = failure;
            timers.setIfEarlier(TurnTimer.MOVE, now + AGAIN_AFTER + random.nextLong(AGAIN_AFTER / 4));
        }
    }

    private void leave() {
        timers.clear(TurnTimer.MOVE);
        connection.closeLeft();
    }

    /** The allocation hangs on the next connection: what has waited is asked there, and what is on its way by the one before is heard. */
    void moved(long now) {
        rounds = 0;
        connection.useNext();
        timers.set(TurnTimer.MOVE, now + LEAVES_AFTER);
        requests.hold(); // what the one before has not answered
        requests.resume(now);
    }

    void handleTimeout(long now) {
        if (timers.takeExpired(TurnTimer.MOVE, now)) {
            connection.closeLeft();
            Cause cause = mobility.stranded();
            if (cause != null && !mobility.isMoving()) { // what comes of a move that has begun says how it goes on
                moveAgain(cause);
            }
        }
    }

    private void moveAgain(Cause cause) {
        rounds++;
        if (rounds < MOST_ROUNDS) {
            events.accept(new TurnEvent.Stranded(cause));
        } else {
            String why = last == null ? cause.detail() : last.detail();
            lost.accept(TurnFailure.of(Kind.ALLOCATION_LOST, "nothing leads to the server any more: " + why));
        }
    }
}
