// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.icepath.stun.Attributes.LIFETIME;

import java.util.Optional;
import org.icepath.sansio.Base;
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

        /** The allocation stays where it is. */
        void stayed(Base wanted, TurnFailure failure);
    }

    private final TurnRequests requests;
    private final TurnDialect dialect;
    private final long lifetimeSeconds;
    private final Listener listener;
    private Base base;
    private @Nullable Base last;
    private @Nullable Base wanted;
    private @Nullable MobilityTicket ticket;
    private boolean stranded;

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

    /** Whether the base has gone, and none has taken its place. */
    boolean isStranded() {
        return stranded;
    }

    void hold(@Nullable MobilityTicket granted) {
        ticket = granted;
    }

    /** Takes the fact that a base has gone; answers whether the allocation hangs on it, and has not begun to move. */
    boolean lost(Base gone) {
        if (is(wanted, gone)) {
            wanted = null;
        }
        if (!is(base, gone)) {
            return false;
        }
        stranded = true;
        return wanted == null;
    }

    void moveTo(long now, Base next) {
        MobilityTicket held = ticket;
        if (held != null && !is(base, next) && !is(wanted, next)) {
            wanted = next;
            requests.send(now, new Move(next, held));
        }
    }

    void clear() {
        wanted = null;
        ticket = null;
    }

    /** A Refresh with the ticket, from the new base (RFC 8016 §3.2). */
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
            last = base;
            base = next;
            wanted = null;
            stranded = false;
            ticket = MobilityTicket.in(answer);
            requests.useBase(next);
            listener.moved(now, sentAt, next, seconds);
        }

        @Override
        public void failed(long now, TurnFailure failure) {
            if (wanted != next) {
                return; // it was to move elsewhere meanwhile
            }
            wanted = null;
            listener.stayed(next, failure);
        }
    }
}
