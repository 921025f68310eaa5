// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import java.util.zip.CRC32;
import java.util.zip.Checksum;

/**
 * CRC-32 as old stacks compute it: in their table a digit is missing, so that entry 0x5A is 08BBE8EA instead of 8BBEB8EA
 * ([MS-ICE2] §3.1.4.8.2 prints that table). About half of all short messages never meet the entry, and their checksum is the right one.
 */
public final class LegacyCrc32 implements Checksum {

    private static final int WRONG_ENTRY = 0x5A;
    private static final int[] TABLE = table();

    private int register = -1;

    /** A checksum of nothing yet. */
    public LegacyCrc32() {}

    private static int[] table() {
        int[] table = new int[256];
        CRC32 right = new CRC32();
        for (int i = 0; i < table.length; i++) {
            right.reset();
            right.update(i ^ 0xFF);
            table[i] = (int) ~right.getValue() ^ 0x00FFFFFF;
        }
        table[WRONG_ENTRY] = 0x08BBE8EA;
        return table;
    }

    @Override
    public void update(int value) {
        register = register >>> 8 ^ TABLE[(register ^ value) & 0xFF];
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            update(bytes[i]);
        }
    }

    @Override
    public long getValue() {
        return ~register & 0xFFFFFFFFL;
    }

    @Override
    public void reset() {
        register = -1;
    }
}
