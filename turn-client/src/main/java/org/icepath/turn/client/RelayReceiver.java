// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Takes what peers send to a {@link TurnRelay}. Called on its event loop. */
@FunctionalInterface
public interface RelayReceiver {

    /**
     * A datagram has arrived.
     *
     * @param data from position to limit, borrowed for the call
     */
    void received(InetSocketAddress peer, ByteBuffer data);
}
