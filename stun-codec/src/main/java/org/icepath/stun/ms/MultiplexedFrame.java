// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import java.nio.ByteBuffer;

/**
 * Data for one stream of a multiplexed relay ([MS-TURN] §2.2.3, seen), read and written in place; it allocates nothing.
 *
 * <pre>
 *  0                   1                   2                   3
 * |     0xFF      |     0x10      |    Length = 8 + data bytes    |
 * |                      Session id (64 bits)                     |
 * |                             Data                             ...
 * </pre>
 */
public final class MultiplexedFrame {

    /** Bytes before the data. */
    public static final int HEADER_LENGTH = 12;

    /** Most bytes of data in one frame. */
    public static final int MAX_DATA = 0xFFFF - Long.BYTES;

    private static final int MARK = 0xFF10;

    private MultiplexedFrame() {}

    /**
     * Whether a datagram is one whole frame.
     *
     * @param datagram big-endian, from position to limit; not changed
     */
    public static boolean isFrame(ByteBuffer datagram) {
        int at = datagram.position();
        int length = datagram.remaining();
        return length >= HEADER_LENGTH
                && (datagram.getShort(at) & 0xFFFF) == MARK
                && (datagram.getShort(at + 2) & 0xFFFF) == length - 4;
    }

    /**
     * Which stream the data is for.
     *
     * @param frame for which {@link #isFrame} holds
     */
    public static long sessionId(ByteBuffer frame) {
        return frame.getLong(frame.position() + 4);
    }

    /**
     * Writes what goes before the data.
     *
     * @param into big-endian, with {@link #HEADER_LENGTH} bytes left; its position moves past them
     * @param dataLength 0 to {@link #MAX_DATA}
     */
    public static void writeHeader(ByteBuffer into, long sessionId, int dataLength) {
        if (dataLength < 0 || dataLength > MAX_DATA) {
            throw new IllegalArgumentException(dataLength + " bytes do not fit into a frame of " + MAX_DATA);
        }
        into.putShort((short) MARK).putShort((short) (Long.BYTES + dataLength)).putLong(sessionId);
    }
}
