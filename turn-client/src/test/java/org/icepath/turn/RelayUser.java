// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;

/** A parent machine that owns an allocation and sends data through it, as an ICE engine does. */
final class RelayUser implements Machine<TurnEvent> {

    private record Outgoing(InetSocketAddress peer, ByteBuffer payload, boolean whole) {}

    private final TurnAllocation allocation;
    private final Queue<Outgoing> outgoing = new ArrayDeque<>();
    private long now;
    int refusedSends;

    RelayUser(TurnAllocation allocation) {
        this.allocation = allocation;
    }

    void send(long at, InetSocketAddress peer, ByteBuffer payload) {
        now = at;
        outgoing.add(new Outgoing(peer, payload, false));
    }

    void sendWhole(long at, InetSocketAddress peer, ByteBuffer payload) {
        now = at;
        outgoing.add(new Outgoing(peer, payload, true));
    }

    @Override
    public boolean handle(long at, Base base, InetSocketAddress from, ByteBuffer payload) {
        return allocation.handle(at, base, from, payload);
    }

    @Override
    public void handleTimeout(long at) {
        allocation.handleTimeout(at);
    }

    @Override
    public long nextTimeout() {
        return allocation.nextTimeout();
    }

    @Override
    public void drainTo(Output<? super TurnEvent> out) {
        for (Outgoing each = outgoing.poll(); each != null; each = outgoing.poll()) {
            boolean sent = each.whole()
                    ? allocation.transmitWhole(now, each.peer(), each.payload(), out)
                    : allocation.transmitTo(now, each.peer(), each.payload(), out);
            if (!sent) {
                refusedSends++;
            }
        }
        allocation.drainTo(out);
    }

    @Override
    public void sendFailed(long at, Base base, InetSocketAddress to, Cause cause) {
        allocation.sendFailed(at, base, to, cause);
    }

    @Override
    public void baseLost(long at, Base base, Cause cause) {
        allocation.baseLost(at, base, cause);
    }

    @Override
    public void opened(long at, Base base) {
        allocation.opened(at, base);
    }

    @Override
    public void closed(long at, Base base, Cause cause) {
        allocation.closed(at, base, cause);
    }
}
