// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.icepath.sansio.Base;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Output;
import org.icepath.turn.TurnEvent;
import org.jspecify.annotations.Nullable;

/**
 * Hands on what the allocations send and say; one object for all, since each packet is followed by a drain. Not thread-safe.
 */
final class RelayOutput implements Output<TurnEvent> {

    private final RelayListener listener;
    private @Nullable Relay relay;
    private @Nullable Output<?> out;
    private long now;
    private boolean said;

    RelayOutput(RelayListener listener) {
        this.listener = listener;
    }

    /** Sends over a relay. The permission that was asked for last goes first: the server then knows the peer in time. */
    void transmit(long at, Relay over, InetSocketAddress peer, ByteBuffer payload, Output<?> into) {
        drain(at, over, into);
        over.allocation().transmitTo(at, peer, payload, into);
    }

    /** Has a relay ask for the permissions that were noted, and takes what its allocation says. */
    void drain(long at, Relay from, Output<?> into) {
        from.flush(at);
        now = at;
        relay = from;
        out = into;
        from.allocation().drainTo(this);
        out = null;
    }

    /** Whether an allocation has said anything since this was asked last. */
    boolean takeSaid() {
        boolean taken = said;
        said = false;
        return taken;
    }

    @Override
    public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
        Objects.requireNonNull(out).transmit(base, to, payload);
    }

    @Override
    public void open(Base base, InetSocketAddress to, Framing framing) {
        Objects.requireNonNull(out).open(base, to, framing);
    }

    @Override
    public void reframe(Base base, Framing framing) {
        Objects.requireNonNull(out).reframe(base, framing);
    }

    @Override
    public void close(Base base) {
        Objects.requireNonNull(out).close(base);
    }

    @Override
    public void event(TurnEvent event) {
        said = true;
        listener.relayEvent(now, Objects.requireNonNull(relay), event);
    }
}
