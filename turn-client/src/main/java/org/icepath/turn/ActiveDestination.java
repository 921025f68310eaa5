// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetSocketAddress;
import java.util.function.Consumer;
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

    private final TurnRequests requests;
    private final TurnDialect dialect;
    private final Consumer<TurnEvent> events;
    private @Nullable InetSocketAddress peer;
    private @Nullable InetSocketAddress asked;

    ActiveDestination(TurnRequests requests, TurnDialect dialect, Consumer<TurnEvent> events) {
        this.requests = requests;
        this.dialect = dialect;
        this.events = events;
    }

    void set(long now, InetSocketAddress next) {
        if (!next.equals(peer) && !next.equals(asked)) {
            asked = next;
            requests.send(now, new SetDestination(next));
        }
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
    }

    private final class SetDestination implements TurnRequest {

        private final InetSocketAddress wanted;

        SetDestination(InetSocketAddress wanted) {
            this.wanted = wanted;
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
            done();
            events.accept(new TurnEvent.ChannelRefused(wanted, failure));
        }

        private void done() {
            if (wanted.equals(asked)) {
                asked = null;
            }
        }
    }
}
