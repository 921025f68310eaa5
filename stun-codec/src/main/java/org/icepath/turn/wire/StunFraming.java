// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.wire;

import java.nio.ByteBuffer;
import org.icepath.sansio.Framing;

/**
 * STUN messages and ChannelData one after another on a stream, each told by its own header (RFC 8489 §6.2.2, RFC 8656 §12.5).
 *
 * <p>Nothing goes before a datagram; ChannelData is padded to a multiple of four bytes behind it. The two top bits of the first byte
 * tell a STUN message (00) from ChannelData (01). A stream on which a frame is neither, or a STUN message lacks its magic cookie, has
 * lost its place and cannot be repaired.
 *
 * <p>One thing more is let through as a datagram of its own, {@link #isStray}, since what follows it is in its place.
 */
public final class StunFraming implements Framing {

    /** The one instance; it has no state. */
    public static final StunFraming INSTANCE = new StunFraming();

    private static final int STUN_HEADER_LENGTH = 20;
    private static final int MAGIC_COOKIE = 0x2112A442;

    /** What a fingerprint over nothing comes to there: coturn 4.6.1 sends it for its first answer to a Refresh with a ticket (RFC 8016). */
    private static final long STRAY = 0x28000400_5354554EL;

    private StunFraming() {}

    /** Whether a datagram is what a server in the field sends in place of an answer, by mistake. */
    public static boolean isStray(ByteBuffer datagram) {
        return datagram.remaining() == Long.BYTES && strayLength(datagram) == Long.BYTES;
    }

    private static int strayLength(ByteBuffer stream) {
        int available = Math.min(stream.remaining(), Long.BYTES);
        for (int i = 0; i < available; i++) {
            if (uint8(stream, i) != (STRAY >>> ((7 - i) * 8) & 0xFF)) {
                return BROKEN;
            }
        }
        return available < Long.BYTES ? NEED_MORE : Long.BYTES;
    }

    @Override
    public int frameLength(ByteBuffer stream) {
        int available = stream.remaining();
        if (available == 0) {
            return NEED_MORE;
        }
        int first = uint8(stream, 0);
        if (first > 3 && (first < 0x40 || first > 0x4F)) {
            return strayLength(stream);
        }
        if (available < ChannelData.HEADER_LENGTH) {
            return NEED_MORE;
        }
        int length = ChannelData.length(stream);
        if (first > 3) {
            return ChannelData.HEADER_LENGTH + length + ChannelData.padding(length);
        }
        boolean stun = (length & 3) == 0 && cookieSoFar(stream, available);
        return stun ? STUN_HEADER_LENGTH + length : BROKEN;
    }

    /** Whether the bytes that are there agree with the magic cookie: a wrong one must not make us wait for 64 KiB of rubbish. */
    private static boolean cookieSoFar(ByteBuffer stream, int available) {
        for (int i = 4; i < Math.min(available, 8); i++) {
            if (uint8(stream, i) != ((MAGIC_COOKIE >>> ((7 - i) * 8)) & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int payloadLength(ByteBuffer frame) {
        return uint8(frame, 0) >= 0x40 ? ChannelData.HEADER_LENGTH + ChannelData.length(frame) : frame.remaining();
    }

    @Override
    public int trailerLength(int payloadLength) {
        return ChannelData.padding(payloadLength);
    }

    private static int uint8(ByteBuffer buffer, int offset) {
        return buffer.get(buffer.position() + offset) & 0xFF;
    }

    @Override
    public String toString() {
        return "StunFraming";
    }
}
