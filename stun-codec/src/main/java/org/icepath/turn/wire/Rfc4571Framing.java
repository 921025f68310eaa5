// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.wire;

import java.nio.ByteBuffer;
import org.icepath.sansio.Framing;

/**
 * A 16-bit length before every datagram (RFC 4571 §2), as ICE over TCP frames STUN and media alike (RFC 6544 §3).
 *
 * <p>Every stream of bytes can be read so: a peer that frames otherwise shows only in what comes out. A length of zero is an empty
 * datagram, which RFC 4571 allows.
 */
public final class Rfc4571Framing implements Framing {

    /** The one instance; it has no state. */
    public static final Rfc4571Framing INSTANCE = new Rfc4571Framing();

    /** The largest datagram that the length can say. */
    public static final int MAX_LENGTH = 0xFFFF;

    private static final int HEADER_LENGTH = 2;

    private Rfc4571Framing() {}

    @Override
    public int frameLength(ByteBuffer stream) {
        return stream.remaining() < HEADER_LENGTH ? NEED_MORE : HEADER_LENGTH + length(stream);
    }

    @Override
    public int payloadOffset(ByteBuffer frame) {
        return HEADER_LENGTH;
    }

    @Override
    public int payloadLength(ByteBuffer frame) {
        return length(frame);
    }

    @Override
    public int longestPayload() {
        return MAX_LENGTH;
    }

    @Override
    public int headerLength(int payloadLength) {
        return HEADER_LENGTH;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException when the datagram is longer than {@link #MAX_LENGTH}
     */
    @Override
    public void writeHeader(ByteBuffer into, ByteBuffer payload) {
        int length = payload.remaining();
        if (length > MAX_LENGTH) {
            throw new IllegalArgumentException("datagram of " + length + " bytes");
        }
        into.put((byte) (length >>> 8)).put((byte) length);
    }

    private static int length(ByteBuffer buffer) {
        int position = buffer.position();
        return (buffer.get(position) & 0xFF) << 8 | (buffer.get(position + 1) & 0xFF);
    }

    @Override
    public String toString() {
        return "Rfc4571Framing";
    }
}
