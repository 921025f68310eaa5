// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A packet of the application's protocol that arrived on a path. Borrowed: valid only during the callback that received it, and
 * re-used afterwards; {@link #copy} keeps its bytes.
 */
public interface IcePacket {

    /** The packet from position to limit; borrowed for the callback, read-only by contract. */
    ByteBuffer payload();

    /** Who sent it, as the socket or the relay saw it. */
    InetSocketAddress from();

    /** A copy of the packet in memory of its own, ready to be read. */
    default ByteBuffer copy() {
        ByteBuffer payload = payload();
        ByteBuffer copy = ByteBuffer.allocate(payload.remaining());
        copy.put(payload.duplicate());
        return copy.flip();
    }
}
