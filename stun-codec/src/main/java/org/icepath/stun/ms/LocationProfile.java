// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import java.nio.ByteBuffer;

/**
 * Location Profile ([MS-TURNBWM]): where the two ends of a call are.
 *
 * @param peer 0 unknown, 1 internet, 2 intranet
 * @param self likewise
 * @param federation 0 none, 1 enterprise, 2 public cloud
 */
public record LocationProfile(int peer, int self, int federation) {

    static final int LENGTH = 4;

    /** @throws IllegalArgumentException when one has more than 8 bits */
    public LocationProfile {
        Bits.check(8, peer, "location");
        Bits.check(8, self, "location");
        Bits.check(8, federation, "federation");
    }

    static LocationProfile read(ByteBuffer value) {
        return new LocationProfile(value.get() & 0xFF, value.get() & 0xFF, value.get() & 0xFF);
    }

    byte[] bytes() {
        return new byte[] {(byte) peer, (byte) self, (byte) federation, 0};
    }
}
