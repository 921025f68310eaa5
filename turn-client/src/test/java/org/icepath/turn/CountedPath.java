// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Output;
import org.icepath.testkit.memory.AllocatedBytes;

/** Both ends of an allocation's packet path: counts what comes out, and keeps nothing of it. */
public final class CountedPath implements RelayedData, Output<TurnEvent> {

    /** How many packets are sent each way before the weighing, and as many in it. */
    public static final int PACKETS = 100_000;

    /** What a packet holds, in bytes. */
    public static final int SIZE = 160;

    private long delivered;
    private long transmitted;

    /** Bytes that peers have sent. */
    public long delivered() {
        return delivered;
    }

    /** Bytes that have left towards the server. */
    public long transmitted() {
        return transmitted;
    }

    @Override
    public void received(Base relayBase, InetSocketAddress from, ByteBuffer datagram) {
        delivered += datagram.remaining();
    }

    @Override
    public void transmit(Base from, InetSocketAddress to, ByteBuffer payload) {
        transmitted += payload.remaining();
    }

    @Override
    public void event(TurnEvent event) {
        throw new AssertionError(event);
    }

    /**
     * Has packets cross both ways, and weighs them.
     *
     * @param frame what comes from the server for a packet of the peer's
     * @return what one each way costs, in bytes of objects
     */
    public double cross(long now, TurnAllocation allocation, InetSocketAddress peer, ByteBuffer frame) {
        ByteBuffer payload = ByteBuffer.allocate(SIZE);
        Base base = allocation.base();
        InetSocketAddress server = allocation.serverAddress();
        return AllocatedBytes.each(PACKETS, () -> {
            allocation.transmitTo(now, peer, payload, this);
            allocation.handle(now, base, server, frame);
            allocation.drainTo(this);
            allocation.nextTimeout();
        });
    }
}
