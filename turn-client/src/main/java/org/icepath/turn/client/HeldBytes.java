// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a peer has sent before anybody takes it: a stream begins with its first byte. Confined to its event loop. */
final class HeldBytes {

    private static final int MOST = 1 << 18;

    private final Queue<ByteBuffer> held = new ArrayDeque<>(1);
    private int bytes;
    private boolean full;
    private @Nullable Consumer<ByteBuffer> receiver;

    /** Hands what is held to a receiver, and then whatever comes. */
    void receiver(Consumer<ByteBuffer> next) {
        receiver = next;
        for (ByteBuffer each = held.poll(); each != null; each = held.poll()) {
            bytes -= each.remaining();
            next.accept(each);
        }
    }

    /**
     * Hands something on, or holds it.
     *
     * @param data borrowed
     * @return false if there is nobody who takes it, and no room
     */
    boolean received(ByteBuffer data) {
        Consumer<ByteBuffer> known = receiver;
        if (known != null) {
            known.accept(data);
            return true;
        }
        full |= bytes + data.remaining() > MOST;
        if (full) {
            return false; // nor what comes after a hole
        }
        bytes += data.remaining();
        held.add(ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip());
        return true;
    }
}
