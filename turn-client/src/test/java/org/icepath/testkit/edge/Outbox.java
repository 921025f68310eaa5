// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Output;

/** What a step has caused, in order, until the machine is drained. */
final class Outbox {

    private final ArrayDeque<Consumer<Output<? super EdgeEvent>>> effects = new ArrayDeque<>();

    /** Copies the datagram, position to limit. */
    void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
        ByteBuffer copy = ByteBuffer.allocate(payload.remaining())
                .put(payload.duplicate())
                .flip();
        effects.add(out -> out.transmit(base, to, copy));
    }

    void open(Base base, InetSocketAddress to, Framing framing) {
        effects.add(out -> out.open(base, to, framing));
    }

    void reframe(Base base, Framing framing) {
        effects.add(out -> out.reframe(base, framing));
    }

    void event(EdgeEvent event) {
        effects.add(out -> out.event(event));
    }

    void close(Base base) {
        effects.add(out -> out.close(base));
    }

    void drainTo(Output<? super EdgeEvent> out) {
        for (Consumer<Output<? super EdgeEvent>> effect = effects.poll(); effect != null; effect = effects.poll()) {
            effect.accept(out);
        }
    }
}
