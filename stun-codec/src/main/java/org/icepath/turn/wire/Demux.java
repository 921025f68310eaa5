// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tells the protocol of a datagram by its first byte, and STUN by its magic cookie as well (RFC 9443 §2). */
public final class Demux {

    private static final int STUN_HEADER_LENGTH = 20;

    /** The first eight bytes in one read, the first of them lowest: a STUN message has its magic cookie in the upper half. */
    private static final VarHandle HEAD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int MAGIC_COOKIE = Integer.reverseBytes(0x2112A442);
    private static final int RTP_BITS = 0xC0;
    private static final int RTP_VERSION = 0x80; // RFC 3550 §5.1: version 2

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
        if (datagram.limit() - position < STUN_HEADER_LENGTH) {
            return ofShort(datagram, position);
        }
        long head = (long) HEAD.get(datagram, position);
        // most packets are media: they are told by two bits, without the table
        if ((head & RTP_BITS) == RTP_VERSION) {
            return PacketKind.RTP;
        }
        PacketKind kind = BY_FIRST_BYTE[(int) head & 0xFF];
        return kind != PacketKind.STUN || (int) (head >>> Integer.SIZE) == MAGIC_COOKIE ? kind : PacketKind.UNKNOWN;
    }

    /** What is too short for the header of a STUN message. */
    private static PacketKind ofShort(ByteBuffer datagram, int position) {
        if (position >= datagram.limit()) {
            return PacketKind.UNKNOWN;
        }
        PacketKind kind = BY_FIRST_BYTE[datagram.get(position) & 0xFF];
        return kind == PacketKind.STUN ? PacketKind.UNKNOWN : kind;
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
        return (first & RTP_BITS) == RTP_VERSION ? PacketKind.RTP : PacketKind.QUIC;
    }
}
