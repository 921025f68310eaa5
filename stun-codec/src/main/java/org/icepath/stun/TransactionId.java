// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * A transaction id: 96 bits that nobody off the path can guess (RFC 8489 §5).
 *
 * @param high the first 32 bits
 * @param low the other 64
 */
public record TransactionId(int high, long low) {

    /** How many bytes it has on the wire. */
    public static final int LENGTH = 12;

    /**
     * Draws a new one.
     *
     * @param random must be cryptographically strong outside of tests: the id is all that an unauthenticated answer proves
     */
    public static TransactionId next(RandomGenerator random) {
        return new TransactionId(random.nextInt(), random.nextLong());
    }

    /** Reads the {@value #LENGTH} bytes at an absolute index; position and limit stay. */
    public static TransactionId readFrom(ByteBuffer from, int offset) {
        return new TransactionId(from.getInt(offset), from.getLong(offset + 4));
    }

    /** The 24 hexadecimal digits. */
    @Override
    public String toString() {
        return String.format("%08x%016x", high, low);
    }
}
