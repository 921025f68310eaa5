// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * MS-Sequence Number ([MS-TURN] §2.2.2.21): which allocation a request is for, and the how manieth it is. A short form has the number
 * alone (seen from one client).
 *
 * @param connectionId 20 bytes that the server chose, or none in the short form; not to be changed
 * @param number 0 in the server's answer, then going up with each request; 0 to 2^32-1
 */
public record MsSequenceNumber(byte[] connectionId, long number) {

    static final int SHORT_LENGTH = 4;
    static final int LENGTH = 24;

    private static final byte[] NO_ID = {};

    public MsSequenceNumber {
        if (connectionId.length != 0 && connectionId.length != LENGTH - SHORT_LENGTH) {
            throw new IllegalArgumentException("a connection id has 20 bytes, not " + connectionId.length);
        }
        if (number < 0 || number > 0xFFFFFFFFL) {
            throw new IllegalArgumentException("sequence number " + number + " has more than 32 bits");
        }
    }

    static MsSequenceNumber read(ByteBuffer value) {
        int length = value.remaining();
        if (length != SHORT_LENGTH && length != LENGTH) {
            throw new IllegalArgumentException("is " + length + " bytes, must be 4 or 24");
        }
        byte[] id = length == LENGTH ? new byte[LENGTH - SHORT_LENGTH] : NO_ID;
        value.get(id);
        return new MsSequenceNumber(id, value.getInt() & 0xFFFFFFFFL);
    }

    byte[] bytes() {
        return ByteBuffer.allocate(connectionId.length + SHORT_LENGTH)
                .put(connectionId)
                .putInt((int) number)
                .array();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MsSequenceNumber that
                && number == that.number
                && Arrays.equals(connectionId, that.connectionId);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(connectionId) * 31 + Long.hashCode(number);
    }

    @Override
    public String toString() {
        return "MsSequenceNumber[" + number + "]";
    }
}
