// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.icepath.net.Endpoint;
import org.icepath.net.MachineDriver;
import org.icepath.net.MonotonicClock;
import org.icepath.sansio.Base;
import org.icepath.sansio.Output;
import org.icepath.turn.TurnAllocation;
import org.icepath.turn.TurnEvent;
import org.jspecify.annotations.Nullable;

/** How the data of a relay leaves: at once on its event loop, else after a short queue. Thread-safe where nothing else is said. */
final class RelayOutbound {

    private static final int MOST_QUEUED = 1_024;
    private static final int MOST_DATA = 65_507; // no UDP datagram carries more

    private final MachineDriver<TurnEvent> driver;
    private final LateMachine machine;
    private final AtomicInteger queued = new AtomicInteger();
    private volatile @Nullable Endpoint endpoint;

    RelayOutbound(MachineDriver<TurnEvent> driver, LateMachine machine) {
        this.driver = driver;
        this.machine = machine;
    }

    /** Everything leaves by this socket or connection from now on. */
    void leaveBy(Optional<Endpoint> next) {
        endpoint = next.orElse(null);
    }

    /** What everything leaves by; empty until the allocation stands. */
    Optional<Base> base() {
        return Optional.ofNullable(endpoint).map(Endpoint::base);
    }

    /**
     * Sends a datagram to a peer; false if it was dropped here.
     *
     * @param whole whether no router may fragment it
     */
    boolean send(InetSocketAddress peer, ByteBuffer data, boolean whole) {
        if (data.remaining() > MOST_DATA) {
            throw new IllegalArgumentException("a datagram of " + data.remaining() + " bytes");
        }
        Endpoint out = endpoint;
        if (out == null || (!out.isWritable() && !out.queues())) {
            return false;
        }
        if (driver.inEventLoop()) {
            return transmit(out, peer, data, whole);
        }
        if (queued.incrementAndGet() > MOST_QUEUED) {
            queued.decrementAndGet();
            return false;
        }
        ByteBuffer copy =
                ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip();
        return enqueue(out, peer, copy, whole);
    }

    private boolean enqueue(Endpoint out, InetSocketAddress peer, ByteBuffer copy, boolean whole) {
        try {
            driver.perform(now -> {
                queued.decrementAndGet();
                transmit(out, peer, copy, whole);
            });
            return true;
        } catch (RejectedExecutionException loopsAreGone) {
            return false;
        }
    }

    private boolean transmit(Endpoint out, InetSocketAddress peer, ByteBuffer data, boolean whole) {
        TurnAllocation allocation = machine.allocation();
        if (allocation == null) {
            return false;
        }
        if (whole) {
            return allocation.transmitWhole(MonotonicClock.now(), peer, data, new Wire(out));
        }
        int channel = allocation.channelFor(peer);
        if (channel == 0) {
            allocation.transmitTo(MonotonicClock.now(), peer, data, new Wire(out));
            return true;
        }
        return out.sendPrefixed(channel << Short.SIZE | data.remaining(), data, allocation.serverAddress());
    }

    /** Sends what the allocation wraps. */
    private record Wire(Endpoint endpoint) implements Output<TurnEvent> {

        @Override
        public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
            endpoint.send(payload, to);
        }

        @Override
        public void event(TurnEvent event) {
            throw new IllegalStateException("sending data reports nothing, but " + event);
        }
    }
}
