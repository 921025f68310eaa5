// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.icepath.ice.IceEvent;
import org.icepath.ice.agent.EarlyCheck;
import org.icepath.ice.gather.GatherEvent;
import org.icepath.sansio.Base;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.jspecify.annotations.Nullable;

/** Takes what gathering and early checks say and send. One object, since each packet is followed by a drain. Not thread-safe. */
final class LocalRouter implements Output<Object> {

    private final Streams streams;
    private final EngineOutbox outbox;
    private final LocalSide local;
    private @Nullable Output<?> out;
    private boolean moved;
    private long now;

    LocalRouter(Streams streams, EngineOutbox outbox, LocalSide local) {
        this.streams = streams;
        this.outbox = outbox;
        this.local = local;
    }

    /** @return whether the machine had anything to say, so that others may have more to say now */
    boolean drain(long at, Machine<?> machine, Output<?> target) {
        now = at;
        out = target;
        moved = false;
        machine.drainTo(this);
        out = null;
        return moved;
    }

    @Override
    public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
        if (local.gatherer().owns(base)) {
            target().transmit(base, to, payload); // a connection with a server, and none of a candidate
        } else {
            local.departures().transmit(now, base, to, payload, target());
        }
    }

    @Override
    public void open(Base base, InetSocketAddress to, Framing framing) {
        target().open(base, to, framing);
    }

    @Override
    public void close(Base base) {
        target().close(base);
    }

    private Output<?> target() {
        return Objects.requireNonNull(out, "drained without a target");
    }

    @Override
    public void event(Object event) {
        moved = true;
        if (event instanceof GatherEvent gathered) {
            local.gathering().gatherEvent(now, gathered);
        } else if (event instanceof EarlyCheck check) {
            onEarlyCheck(check);
        }
    }

    private void onEarlyCheck(EarlyCheck check) {
        local.gatherer()
                .placeOf(check.base())
                .ifPresent(place -> outbox.session(
                        now,
                        new IceEvent.FirstCheckReceived(
                                streams.nameOf(place.stream()),
                                place.candidate().component(),
                                check.from())));
    }
}
