// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import org.icepath.sansio.Machine;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.jspecify.annotations.Nullable;

/**
 * The one peer whose data a server relays as it is, in dialects that have that in place of channels. Not thread-safe.
 *
 * <p>Until the server has agreed to a new one, the old one keeps its privilege.
 */
final class ActiveDestination {

    /** Servers that change destinations slowly take three seconds for it (draft-rosenberg-midcom-turn-08 §8.9). */
    private static final long RETRY_AFTER = Duration.ofSeconds(4).toNanos();

    private final TurnRequests requests;
    private final TurnDialect dialect;
    private final Consumer<TurnEvent> events;
    private @Nullable InetSocketAddress peer;
    private @Nullable InetSocketAddress asked;
    private @Nullable InetSocketAddress postponed;
    private long retryAt = Machine.NEVER;

    ActiveDestination(TurnRequests requests, TurnDialect dialect, Consumer<TurnEvent> events) {
        this.requests = requests;
        this.dialect = dialect;
        this.events = events;
    }

    void set(long now, InetSocketAddress next) {
        postponed = null;
        retryAt = Machine.NEVER;
        if (!next.equals(peer) && !next.equals(asked)) {
            ask(now, next, true);
        }
    }

    private void ask(long now, InetSocketAddress next, boolean again) {
        asked = next;
        requests.send(now, new SetDestination(next, again));
    }

    void handleTimeout(long now) {
        InetSocketAddress next = postponed;
        if (next != null && retryAt <= now) {
            postponed = null;
            retryAt = Machine.NEVER;
            ask(now, next, false);
        }
    }

    long nextTimeout() {
        return retryAt;
    }

    boolean is(InetSocketAddress other) {
        return other.equals(peer);
    }

    /**
     * Whose data comes without a message around it, null if nobody's. The server sets the first one before it says so, and what it
     * relays may overtake the answer.
     */
    @Nullable
    InetSocketAddress expected() {
        return peer == null ? asked : peer;
    }

    void deactivate() {
        peer = null;
        asked = null;
        postponed = null;
        retryAt = Machine.NEVER;
    }

    private final class SetDestination implements TurnRequest {

        private final InetSocketAddress wanted;
        private final boolean again;

        /**
         * Asks for a destination.
         *
         * @param again whether it is asked for once more where the server cannot have it now
         */
        SetDestination(InetSocketAddress wanted, boolean again) {
            this.wanted = wanted;
            this.again = again;
        }

        @Override
        public StunMethod method() {
            return dialect.bindMethod();
        }

        @Override
        public void write(StunWriter writer) {
            dialect.writeBinding(writer, wanted, 0);
        }

        @Override
        public void succeeded(long now, long sentAt, StunMessage answer) {
            peer = wanted;
            done();
            events.accept(new TurnEvent.ChannelBound(wanted, 0));
        }

        @Override
        public void failed(long now, TurnFailure failure) {
            boolean latest = wanted.equals(asked);
            done();
            if (latest && again && failure.isPassing()) {
                postponed = wanted;
                retryAt = now + RETRY_AFTER;
            } else {
                events.accept(new TurnEvent.ChannelRefused(wanted, failure));
            }
        }

        private void done() {
            if (wanted.equals(asked)) {
                asked = null;
            }
        }
    }
}
