// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Output;

/** Both ends of an allocation's packet path: counts what comes out, and keeps nothing of it. */
public final class CountedPath implements RelayedData, Output<TurnEvent> {

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
}
