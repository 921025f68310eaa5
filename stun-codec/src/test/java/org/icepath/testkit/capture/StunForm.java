// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import java.util.Arrays;
import java.util.Set;

/** Tells from the bytes alone whether they may be a STUN, ChannelData or multiplexed TURN message. */
final class StunForm {

    static final int HEADER_LENGTH = 20;
    static final byte[] MAGIC_COOKIE = {0x21, 0x12, (byte) 0xA4, 0x42};

    /** The attribute MAGIC-COOKIE of the old TURN, header and value, which comes first in every message of it. */
    static final byte[] OLD_COOKIE = {0x00, 0x0F, 0x00, 0x04, 0x72, (byte) 0xC6, 0x4B, (byte) 0xC6};

    private static final Set<Integer> CLASSIC_TYPES = Set.of(0x0001, 0x0101, 0x0111, 0x0002, 0x0102, 0x0112);

    private StunForm() {}

    /** Whether the bytes have the cookie of RFC 8489, or the cookie attribute of the old TURN. */
    static boolean isStun(byte[] bytes) {
        return bytes.length >= HEADER_LENGTH && (bytes[0] & 0xFF) < 0x40 && (hasCookie(bytes) || hasOldCookie(bytes));
    }

    static boolean hasCookie(byte[] bytes) {
        return at(bytes, 4, MAGIC_COOKIE);
    }

    static boolean hasOldCookie(byte[] bytes) {
        return at(bytes, HEADER_LENGTH, OLD_COOKIE);
    }

    /** Whether the bytes read as a whole message of RFC 3489, which has no cookie: known type, exact length, clean attributes. */
    static boolean isClassic(byte[] bytes) {
        return bytes.length >= HEADER_LENGTH
                && CLASSIC_TYPES.contains(uint16(bytes, 0))
                && HEADER_LENGTH + uint16(bytes, 2) == bytes.length
                && StunWalk.over(bytes, bytes.length, true).isClean();
    }

    /** Whether the bytes may be ChannelData, by the wide range of channels that RFC 5766 had. */
    static boolean isChannelData(byte[] bytes) {
        if (bytes.length < 4 || (bytes[0] & 0xFF) < 0x40 || (bytes[0] & 0xFF) > 0x7F) {
            return false;
        }
        int length = uint16(bytes, 2);
        return 4 + length <= bytes.length && bytes.length <= 4 + (length + 3 & ~3);
    }

    /** Whether the bytes are a multiplexed TURN frame: FF 10 and the exact length. */
    static boolean isMultiplexed(byte[] bytes) {
        return bytes.length >= 12 && uint16(bytes, 0) == 0xFF10 && 4 + uint16(bytes, 2) == bytes.length;
    }

    static int uint16(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
    }

    static boolean at(byte[] bytes, int offset, byte[] pattern) {
        return bytes.length >= offset + pattern.length
                && Arrays.equals(bytes, offset, offset + pattern.length, pattern, 0, pattern.length);
    }
}
