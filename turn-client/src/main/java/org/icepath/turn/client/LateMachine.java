// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.turn.TurnAllocation;
import org.icepath.turn.TurnEvent;
import org.jspecify.annotations.Nullable;

/**
 * Stands for an allocation that cannot exist yet: it needs a bound socket, whose driver needs a machine. Confined to the event loop.
 */
final class LateMachine implements Machine<TurnEvent> {

    private @Nullable TurnAllocation allocation;

    void become(TurnAllocation made) {
        allocation = made;
    }

    /** The allocation, null before the socket is bound. */
    @Nullable
    TurnAllocation allocation() {
        return allocation;
    }

    @Override
    public boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
        TurnAllocation made = allocation;
        return made != null && made.handle(now, base, from, payload);
    }

    @Override
    public void handleTimeout(long now) {
        TurnAllocation made = allocation;
        if (made != null) {
            made.handleTimeout(now);
        }
    }

    @Override
    public long nextTimeout() {
        TurnAllocation made = allocation;
        return made == null ? NEVER : made.nextTimeout();
    }

    @Override
    public void drainTo(Output<? super TurnEvent> out) {
        TurnAllocation made = allocation;
        if (made != null) {
            made.drainTo(out);
        }
    }

    @Override
    public void sendFailed(long now, Base base, InetSocketAddress to, Cause cause) {
        TurnAllocation made = allocation;
        if (made != null) {
            made.sendFailed(now, base, to, cause);
        }
    }

    @Override
    public void baseLost(long now, Base base, Cause cause) {
        TurnAllocation made = allocation;
        if (made != null) {
            made.baseLost(now, base, cause);
        }
    }

    @Override
    public void opened(long now, Base base) {
        TurnAllocation made = allocation;
        if (made != null) {
            made.opened(now, base);
        }
    }

    @Override
    public void closed(long now, Base base, Cause cause) {
        TurnAllocation made = allocation;
        if (made != null) {
            made.closed(now, base, cause);
        }
    }
}
