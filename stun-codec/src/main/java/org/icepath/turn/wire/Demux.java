// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tells the protocol of a datagram by its first byte, and STUN by its magic cookie as well (RFC 9443 §2). */
public final class Demux {

    private static final int STUN_HEADER_LENGTH = 20;
    private static final int COOKIE_OFFSET = 4;
    private static final int MAGIC_COOKIE = 0x2112A442;
    private static final int MAGIC_COOKIE_REVERSED = Integer.reverseBytes(MAGIC_COOKIE);

    private static final PacketKind[] BY_FIRST_BYTE = new PacketKind[256];

    static {
        for (int first = 0; first < BY_FIRST_BYTE.length; first++) {
            BY_FIRST_BYTE[first] = byFirstByte(first);
        }
    }

    private Demux() {}

    /**
     * The kind of a datagram.
     *
     * <p>A first byte of 0 to 3 alone does not make STUN: the magic cookie must be there, so that nothing else is mistaken for it.
     * Messages of RFC 3489 have no cookie and are {@link PacketKind#UNKNOWN} here.
     *
     * @param datagram from position to limit, of any byte order; not changed
     */
    public static PacketKind of(ByteBuffer datagram) {
        int position = datagram.position();
        int length = datagram.limit() - position;
        if (length == 0) {
            return PacketKind.UNKNOWN;
        }
        PacketKind kind = BY_FIRST_BYTE[datagram.get(position) & 0xFF];
        if (kind != PacketKind.STUN) {
            return kind;
        }
        return length >= STUN_HEADER_LENGTH && hasCookie(datagram, position) ? kind : PacketKind.UNKNOWN;
    }

    private static boolean hasCookie(ByteBuffer datagram, int position) {
        int cookie = datagram.getInt(position + COOKIE_OFFSET);
        return cookie == (datagram.order() == ByteOrder.BIG_ENDIAN ? MAGIC_COOKIE : MAGIC_COOKIE_REVERSED);
    }

    private static PacketKind byFirstByte(int first) {
        if (first <= 3) {
            return PacketKind.STUN;
        }
        if (first <= 15) {
            return PacketKind.UNKNOWN;
        }
        if (first <= 19) {
            return PacketKind.ZRTP;
        }
        if (first <= 63) {
            return PacketKind.DTLS;
        }
        if (first <= 79) {
            return PacketKind.TURN_CHANNEL;
        }
        return first >= 128 && first <= 191 ? PacketKind.RTP : PacketKind.QUIC;
    }
}
