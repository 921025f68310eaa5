// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import java.util.Arrays;
import org.icepath.testkit.capture.DecodedContent.FingerprintFinding;

/** The CRC-32 of FINGERPRINT, by the standard table and by the one in which MS-ICE2 3.1.4.8.2 has one entry changed. */
final class Crc {

    private static final int XOR = 0x5354554E;
    private static final int ENTRY = 0x8BBEB8EA;
    private static final int ALTERED_ENTRY = 0x08BBE8EA;
    private static final int[] STANDARD = table(ENTRY);
    private static final int[] ALTERED = table(ALTERED_ENTRY);

    private Crc() {}

    /** Checks a FINGERPRINT at {@code offset}, computed over what precedes it with the length as if it came last. */
    static FingerprintFinding check(byte[] message, int offset, String value) {
        byte[] covered = Arrays.copyOf(message, offset);
        int length = offset + 8 - StunForm.HEADER_LENGTH;
        covered[2] = (byte) (length >>> 8);
        covered[3] = (byte) length;
        return new FingerprintFinding(
                offset,
                value,
                hex(crc(covered, STANDARD)).equals(value),
                hex(crc(covered, ALTERED)).equals(value));
    }

    private static String hex(int crc) {
        return String.format("%08x", crc ^ XOR);
    }

    private static int crc(byte[] bytes, int[] table) {
        int crc = ~0;
        for (byte each : bytes) {
            crc = table[(crc ^ each) & 0xFF] ^ crc >>> 8;
        }
        return ~crc;
    }

    private static int[] table(int replacement) {
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int entry = i;
            for (int bit = 0; bit < 8; bit++) {
                entry = (entry & 1) == 0 ? entry >>> 1 : 0xEDB88320 ^ entry >>> 1;
            }
            table[i] = entry == ENTRY ? replacement : entry;
        }
        return table;
    }
}
