// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.icepath.ice.agent.ActivePair;
import org.icepath.sansio.Base;
import org.icepath.sansio.Borrowed;
import org.icepath.sansio.Output;

/** Packets of the application that leave through the engine, from the send to the drain. Bounded. Not thread-safe. */
final class SlowSends {

    private static final int CAPACITY = 256;

    private final ArrayDeque<Packet> packets = new ArrayDeque<>(1);

    private record Packet(Base base, InetSocketAddress peer, ByteBuffer payload) {}

    /** Copies the packet; false when there is no room. */
    boolean add(ActivePair pair, ByteBuffer payload) {
        if (packets.size() >= CAPACITY) {
            return false;
        }
        ByteBuffer copy =
                pair.envelope().map(envelope -> envelope.around(payload)).orElseGet(() -> Borrowed.copy(payload));
        packets.add(new Packet(pair.base(), pair.remote(), copy));
        return true;
    }

    void drainTo(long now, Departures departures, Output<?> out) {
        for (Packet packet = packets.poll(); packet != null; packet = packets.poll()) {
            departures.transmit(now, packet.base(), packet.peer(), packet.payload(), out);
        }
    }
}
