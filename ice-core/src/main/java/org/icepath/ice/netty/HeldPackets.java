// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.BiConsumer;
import org.icepath.sansio.Borrowed;

/** Copies of the packets that arrived on a path before anybody was named to take them. Confined to the event loop. */
final class HeldPackets {

    private static final int MOST_HELD = 64;

    private final ArrayDeque<Held> held = new ArrayDeque<>();

    private record Held(InetSocketAddress from, ByteBuffer bytes) {}

    /** Keeps a copy; the oldest gives way when there are too many. */
    void hold(InetSocketAddress from, ByteBuffer payload) {
        if (held.size() >= MOST_HELD) {
            held.remove();
        }
        held.add(new Held(from, Borrowed.copy(payload)));
    }

    /** Hands them over, oldest first. */
    void release(BiConsumer<InetSocketAddress, ByteBuffer> taker) {
        for (Held next = held.poll(); next != null; next = held.poll()) {
            taker.accept(next.from(), next.bytes());
        }
    }
}
