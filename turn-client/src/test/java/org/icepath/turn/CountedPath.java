// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Output;

/** Both ends of an allocation's packet path: counts what comes out, keeps nothing of it, and weighs what objects it costs. */
public final class CountedPath implements RelayedData, Output<TurnEvent> {

    /** How many packets are sent each way before the weighing, and as many in it. */
    public static final int PACKETS = 100_000;

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

    /** What a packet costs, in bytes of objects of this thread, once the path is warm. */
    public static double bytesEach(Runnable packet) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        repeat(packet);
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        repeat(packet);
        long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        return (double) bytes / PACKETS;
    }

    private static void repeat(Runnable packet) {
        for (int i = 0; i < PACKETS; i++) {
            packet.run();
        }
    }
}
