// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import java.nio.ByteBuffer;
import org.icepath.stun.StunMessage;

/**
 * The second copy of a message, for stacks whose CRC table lacks a digit: the same bytes with another FINGERPRINT ([MS-ICE2]
 * §3.1.4.8.2, specified; seen). It goes out with each check and answer until the peer has said its implementation version.
 */
public final class CompanionMessage {

    private static final int FINGERPRINT_HEAD = 0x8028_0004;
    private static final int FINGERPRINT_LENGTH = 8;
    private static final int XOR = 0x5354554E;

    private CompanionMessage() {}

    /**
     * Writes the companion of a message.
     *
     * @param message ends with a FINGERPRINT; from position to limit, not changed
     * @param into has room for as many bytes; its position stays and its limit is set to the end of the copy
     * @return whether the two differ: half of all short messages have one checksum under both tables, and then there is no companion
     * @throws IllegalArgumentException when the message has no FINGERPRINT at its end
     */
    public static boolean write(ByteBuffer message, ByteBuffer into) {
        int length = message.remaining();
        int end = message.limit() - FINGERPRINT_LENGTH;
        if (length < StunMessage.HEADER_LENGTH + FINGERPRINT_LENGTH || message.getInt(end) != FINGERPRINT_HEAD) {
            throw new IllegalArgumentException("the message has no FINGERPRINT at its end");
        }
        LegacyCrc32 checksum = new LegacyCrc32();
        for (int i = message.position(); i < end; i++) {
            checksum.update(message.get(i));
        }
        int fingerprint = (int) checksum.getValue() ^ XOR;
        into.put(into.position(), message, message.position(), length);
        into.putInt(into.position() + length - Integer.BYTES, fingerprint);
        into.limit(into.position() + length);
        return fingerprint != message.getInt(end + 4);
    }
}
