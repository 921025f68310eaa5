// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.icepath.sansio.Base;
import org.icepath.sansio.Borrowed;

/**
 * Packets of the application that came before their sender's description: we receive from the moment ours has gone out (RFC 8445
 * §12.2). A bounded number is kept until the description says whose they are.
 */
final class EarlyPackets {

    /** Most packets that are kept; later ones are dropped, as a peer that is not described yet must expect. */
    static final int MOST_KEPT = 64;

    private static final int LONGEST = 2048;

    private final ArrayDeque<Packet> kept = new ArrayDeque<>(0);

    private record Packet(Base base, InetSocketAddress from, ByteBuffer bytes) {}

    /** @return false when there is no room for it */
    boolean keep(Base base, InetSocketAddress from, ByteBuffer payload) {
        if (kept.size() >= MOST_KEPT || payload.remaining() > LONGEST) {
            return false;
        }
        kept.add(new Packet(base, from, Borrowed.copy(payload)));
        return true;
    }

    /** Delivers, oldest first, what {@code peer} has sent, and keeps it no longer. */
    void deliver(long at, PeerSession peer, MediaFlow media) {
        for (Iterator<Packet> packets = kept.iterator(); packets.hasNext(); ) {
            Packet packet = packets.next();
            if (peer.deliver(at, packet.base(), packet.from(), packet.bytes(), media)
                    || peer.deliverByAddress(at, packet.base(), packet.from(), packet.bytes(), media)) {
                packets.remove();
            }
        }
    }

    void clear() {
        kept.clear();
    }
}
