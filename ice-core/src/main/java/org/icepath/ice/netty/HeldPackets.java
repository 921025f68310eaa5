// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.BiConsumer;
import org.icepath.sansio.Borrowed;

/**
 * Copies of the packets that arrived on a path before anybody was named to take them: the last ones, as far as 64 packets and 64 KiB go. What
 * is older has given way to them and is lost, as any datagram may be, so that a path that nobody listens to costs no more than that.
 * Confined to the event loop.
 */
final class HeldPackets {

    private static final int MOST_HELD = 64;

    /** Most bytes of all packets together: room for any single one, and for 54 of the length that a path's MTU allows. */
    private static final int MOST_BYTES = 65_536;

    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private int bytes;

    private record Held(InetSocketAddress from, ByteBuffer bytes) {}

    /** Keeps a copy; the oldest give way when there are too many, or too long ones. */
    void hold(InetSocketAddress from, ByteBuffer payload) {
        int length = payload.remaining();
        while (!held.isEmpty() && (held.size() >= MOST_HELD || bytes + length > MOST_BYTES)) {
            take(held.remove());
        }
        held.add(new Held(from, Borrowed.copy(payload)));
        bytes += length;
    }

    /** Hands them over, oldest first. */
    void release(BiConsumer<InetSocketAddress, ByteBuffer> taker) {
        for (Held next = held.poll(); next != null; next = held.poll()) {
            taker.accept(next.from(), take(next));
        }
    }

    private ByteBuffer take(Held packet) {
        bytes -= packet.bytes().remaining();
        return packet.bytes();
    }
}
