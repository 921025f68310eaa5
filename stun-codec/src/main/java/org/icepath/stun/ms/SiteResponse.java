// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import java.nio.ByteBuffer;

/**
 * A policy server's word about the network between two sites ([MS-TURNBWM] §2.2.8 to §2.2.11).
 *
 * @param valid whether the path may be used
 * @param failOverToPhone whether the call should go by telephone network instead; only in the responses about a site, not about a relay's
 * @param maxSendKbps most that may be sent, 32 bits
 * @param maxReceiveKbps most that may be received, 32 bits
 */
public record SiteResponse(boolean valid, boolean failOverToPhone, long maxSendKbps, long maxReceiveKbps) {

    static final int LENGTH = 12;

    private static final int VALID = 0x80000000;
    private static final int FAIL_OVER = 0x40000000;

    /** @throws IllegalArgumentException when a bandwidth has more than 32 bits */
    public SiteResponse {
        Bits.check(32, maxSendKbps, "bandwidth");
        Bits.check(32, maxReceiveKbps, "bandwidth");
    }

    static SiteResponse read(ByteBuffer value) {
        int flags = value.getInt();
        return new SiteResponse(
                (flags & VALID) != 0,
                (flags & FAIL_OVER) != 0,
                value.getInt() & 0xFFFFFFFFL,
                value.getInt() & 0xFFFFFFFFL);
    }

    /** Of a relay's site: what tells of the telephone network there is reserved (§2.2.9, §2.2.11). */
    static SiteResponse readOfRelay(ByteBuffer value) {
        SiteResponse read = read(value);
        return new SiteResponse(read.valid, false, read.maxSendKbps, read.maxReceiveKbps);
    }

    byte[] bytesOfRelay() {
        if (failOverToPhone) {
            throw new IllegalArgumentException(
                    "a response about a relay's site does not tell of the telephone network");
        }
        return bytes();
    }

    byte[] bytes() {
        return ByteBuffer.allocate(LENGTH)
                .putInt((valid ? VALID : 0) | (failOverToPhone ? FAIL_OVER : 0))
                .putInt((int) maxSendKbps)
                .putInt((int) maxReceiveKbps)
                .array();
    }
}
