// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.sansio.Base;

/** Takes what peers have sent to a relayed address. Called from within {@link TurnAllocation#handle}. */
@FunctionalInterface
public interface RelayedData {

    /**
     * A datagram has come over the relay.
     *
     * @param relayBase the relayed base that the peer sent to
     * @param peer who sent it, as the relay saw it
     * @param datagram the datagram from position to limit; borrowed for the call, position and limit may be moved
     */
    void received(Base relayBase, InetSocketAddress peer, ByteBuffer datagram);
}
