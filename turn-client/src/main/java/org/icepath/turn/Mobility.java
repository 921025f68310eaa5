// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.icepath.stun.Attributes.LIFETIME;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Transport;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.jspecify.annotations.Nullable;

/**
 * Which local base an allocation hangs on, and how it comes to hang on another one (RFC 8016). Not thread-safe.
 *
 * <p>Until the server has agreed, everything goes from the old base; afterwards, what is still on its way to the old one is heard.
 */
final class Mobility {

    /** Hears what comes of a move. */
    interface Listener {

        /** The server has moved the allocation, which lives on for so long from {@code sentAt}. */
        void moved(long now, long sentAt, Base base, long lifetimeSeconds);

        /** The allocation stays where it is, which may be nowhere. */
        void stayed(long now, Base wanted, TurnFailure failure);

        /** The server has found the allocation at our changed address, and keeps it for so long from {@code sentAt}. */
        void rebound(long now, long sentAt, long lifetimeSeconds);

        /** The server does not know our address any more, and does not take the ticket from there. */
        void forgotten(TurnFailure failure);
    }

    /** So often in a row the ticket is shown because the server has forgotten us; one that forgets at once has lost the allocation. */
    private static final int MOST_IN_A_ROW = 3;

    private static final long IN_A_ROW = Duration.ofMinutes(1).toNanos();

    private final TurnRequests requests;
    private final TurnDialect dialect;
    private final long lifetimeSeconds;
    private final Listener listener;
    private Base base;
    private @Nullable Base last;
    private @Nullable Base wanted;
    private @Nullable MobilityTicket ticket;
    private @Nullable Cause stranded;
    private List<TurnRequest> refused = List.of();
    private boolean repeated;
    private int inARow;
    private long inARowUntil = Long.MIN_VALUE;

    Mobility(TurnRequests requests, TurnDialect dialect, AllocationSettings settings, Listener listener) {
        this.requests = requests;
        this.dialect = dialect;
        this.listener = listener;
        this.base = settings.base();
        this.lifetimeSeconds =
                settings.lifetimeSeconds() == 0 ? TurnRequest.DEFAULT_LIFETIME_SECONDS : settings.lifetimeSeconds();
    }

    /** What everything is sent from. */
    Base base() {
        return base;
    }

    /** Whether something that arrived there may be the server's. */
    boolean hears(Base other) {
        return is(base, other) || is(wanted, other) || is(last, other);
    }

    private static boolean is(@Nullable Base one, Base other) {
        return one != null && one.id() == other.id();
    }

    boolean isMobile() {
        return ticket != null;
    }

    /** Whether the server is being asked to move the allocation, or there is nothing to ask it from. */
    boolean isUnderWay() {
        return isMoving() || stranded != null;
    }

    /** Whether the server is being asked to move the allocation, or will be as soon as a connection stands. */
    boolean isMoving() {
        return wanted != null;
    }

    /** Why there is nothing that leads to the server; null while something does. */
    @Nullable
    Cause stranded() {
        return stranded;
    }

    void hold(@Nullable MobilityTicket granted) {
        ticket = granted;
    }

    /** Takes the fact that a base has gone; answers whether the allocation hangs on it, and has not begun to move. */
    boolean lost(Base gone, Cause cause) {
        if (is(wanted, gone)) {
            wanted = null;
        }
        if (!is(base, gone)) {
            return false;
        }
        stranded = cause;
        return wanted == null;
    }

    /** Takes the wish to hang on another base; false where the allocation does already, or is about to, or may not. */
    boolean want(Base next) {
        boolean may = ticket != null && !is(base, next) && !is(wanted, next);
        if (may) {
            wanted = next;
            repeated = false;
        }
        return may;
    }

    /** Asks the server for what is wanted, from there. */
    void ask(long now) {
        MobilityTicket held = ticket;
        Base next = wanted;
        if (held != null && next != null) {
            requests.send(now, new Move(next, held));
        }
    }

    /**
     * Takes what a server sends in place of an answer. It has moved the allocation then, and says so to whoever asks again; over UDP that is the
     * retransmission, and over a connection there is none (RFC 8489 §6.2.2).
     *
     * @return whether it came instead of an answer to us
     */
    boolean misspoken(long now, Base at) {
        boolean ours = is(wanted, at) && at.transport() != Transport.UDP;
        if (ours && !repeated) {
            repeated = true;
            ask(now);
        }
        return ours;
    }

    /** Nothing leads to the server from the base that was wanted. */
    void unreached(long now, TurnFailure failure) {
        Base next = wanted;
        if (next != null) {
            wanted = null;
            listener.stayed(now, next, failure);
        }
    }

    /**
     * The server knows no allocation at our address, since a NAT has given us another one: the ticket is shown from there, as RFC 8016
     * §3.2 has it for any change of the 5-tuple. What was refused is sent again once the server has moved the allocation.
     *
     * @return false where there is no ticket, or it was in vain
     */
    boolean mismatched(long now, TurnRequest request) {
        MobilityTicket held = ticket;
        boolean moving = wanted != null;
        if (held == null || !moving && (base.transport() != Transport.UDP || !mayFollow(now))) {
            return false;
        }
        refused = refused.isEmpty() ? new ArrayList<>(2) : refused;
        refused.add(request);
        if (!moving && stranded == null) {
            follows(now);
            wanted = base;
            requests.send(now, new Move(base, held));
        }
        return true;
    }

    /**
     * Whether the ticket may be shown because the server has forgotten us: our address, or with the connection that it has ended. Not for
     * ever where it forgets at once.
     */
    boolean mayFollow(long now) {
        inARow = now < inARowUntil ? inARow : 0;
        return inARow < MOST_IN_A_ROW;
    }

    void follows(long now) {
        inARow++;
        inARowUntil = now + IN_A_ROW;
    }

    private void sendRefusedAgain(long now) {
        List<TurnRequest> again = refused;
        refused = List.of();
        again.forEach(request -> requests.send(now, request));
    }

    void clear() {
        wanted = null;
        ticket = null;
        refused = List.of();
    }

    /** A Refresh with the ticket, from the new base or from the present one with its new outside address (RFC 8016 §3.2). */
    private final class Move implements TurnRequest {

        private final Base next;
        private final MobilityTicket shown;

        Move(Base next, MobilityTicket shown) {
            this.next = next;
            this.shown = shown;
        }

        @Override
        public StunMethod method() {
            return dialect.refreshMethod();
        }

        @Override
        public Optional<Base> from() {
            return Optional.of(next);
        }

        @Override
        public void write(StunWriter writer) {
            writer.putUint32(LIFETIME, lifetimeSeconds);
            shown.write(writer);
        }

        @Override
        public void succeeded(long now, long sentAt, StunMessage answer) {
            long seconds = TurnRequest.lifetimeIn(answer);
            if (wanted != next || seconds == 0) {
                return;
            }
            wanted = null;
            stranded = null;
            ticket = MobilityTicket.in(answer);
            if (is(base, next)) {
                listener.rebound(now, sentAt, seconds);
            } else {
                last = base;
                base = next;
                requests.useBase(next);
                listener.moved(now, sentAt, next, seconds);
            }
            sendRefusedAgain(now);
        }

        @Override
        public void failed(long now, TurnFailure failure) {
            if (wanted != next) {
                return; // it was to move elsewhere meanwhile
            }
            wanted = null;
            if (is(base, next)) {
                listener.forgotten(failure);
            } else {
                listener.stayed(now, next, failure);
                sendRefusedAgain(now); // from the old base, if that still stands
            }
        }
    }
}
