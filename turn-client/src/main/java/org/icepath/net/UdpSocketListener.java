// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.sansio.Cause;

/** What a {@link UdpSocket} has to say. All calls come on its event loop. */
public interface UdpSocketListener {

    /**
     * A datagram has arrived.
     *
     * @param payload the datagram from position to limit, borrowed for the call
     */
    void received(UdpSocket socket, InetSocketAddress from, ByteBuffer payload);

    /** Something sent to {@code to} did not get out. May be called from within a send. */
    default void sendFailed(UdpSocket socket, InetSocketAddress to, Cause cause) {}

    /** {@link UdpSocket#isWritable} has another answer. May be called from within a send. */
    default void writabilityChanged(UdpSocket socket) {}

    /** The socket was closed by something other than {@link UdpSocket#close}. */
    default void lost(UdpSocket socket, Cause cause) {}
}
