// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.nio.ByteBuffer;

/**
 * What stands before each datagram to one address of a peer's, checks and media alike, where many peers share that address. Immutable.
 * The standard has none.
 */
public interface Envelope {

    /** How many bytes it is, 1 to 64. */
    int length();

    /**
     * Writes it.
     *
     * @param into big-endian, with room for {@link #length} bytes; its position moves past them
     * @param payloadLength how many bytes follow
     */
    void write(ByteBuffer into, int payloadLength);

    /**
     * A datagram with this before it.
     *
     * @param payload from position to limit; not changed
     * @return a new buffer
     */
    default ByteBuffer around(ByteBuffer payload) {
        ByteBuffer whole = ByteBuffer.allocate(length() + payload.remaining());
        write(whole, payload.remaining());
        return whole.put(payload.duplicate()).flip();
    }
}
