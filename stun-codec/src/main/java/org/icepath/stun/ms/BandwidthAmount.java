// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import java.nio.ByteBuffer;

/**
 * Bandwidth Reservation Amount ([MS-TURNBWM]), kbit/s, 32 bits each.
 *
 * @param maxSend most wanted for sending
 * @param minSend least wanted for sending
 * @param maxReceive most wanted for receiving
 * @param minReceive least wanted for receiving
 */
public record BandwidthAmount(long maxSend, long minSend, long maxReceive, long minReceive) {

    static final int LENGTH = 16;

    /** @throws IllegalArgumentException when one has more than 32 bits */
    public BandwidthAmount {
        Bits.check(32, maxSend, "amount");
        Bits.check(32, minSend, "amount");
        Bits.check(32, maxReceive, "amount");
        Bits.check(32, minReceive, "amount");
    }

    static BandwidthAmount read(ByteBuffer value) {
        return new BandwidthAmount(uint32(value), uint32(value), uint32(value), uint32(value));
    }

    private static long uint32(ByteBuffer value) {
        return value.getInt() & 0xFFFFFFFFL;
    }

    byte[] bytes() {
        return ByteBuffer.allocate(LENGTH)
                .putInt((int) maxSend)
                .putInt((int) minSend)
                .putInt((int) maxReceive)
                .putInt((int) minReceive)
                .array();
    }
}
