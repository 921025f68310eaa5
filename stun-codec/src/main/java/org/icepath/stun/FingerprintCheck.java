// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.Checksum;

/**
 * Computes FINGERPRINT values (RFC 8489 §14.7): a checksum XOR 0x5354554e. Not thread-safe; allocates nothing on direct and on
 * writable heap buffers.
 */
final class FingerprintCheck {

    private static final int XOR = 0x5354554E;

    private final Checksum[] checksums;

    FingerprintCheck(List<Checksum> checksums) {
        this.checksums = checksums.toArray(new Checksum[0]);
    }

    /** Whether one of the checksums of the bytes gives that value. */
    boolean matches(ByteBuffer buffer, int from, int to, int value) {
        for (Checksum checksum : checksums) {
            if (compute(checksum, buffer, from, to) == value) {
                return true;
            }
        }
        return false;
    }

    /** The value for these bytes under the first checksum. */
    int compute(ByteBuffer buffer, int from, int to) {
        return compute(checksums[0], buffer, from, to);
    }

    private static int compute(Checksum checksum, ByteBuffer buffer, int from, int to) {
        checksum.reset();
        if (buffer.hasArray()) {
            checksum.update(buffer.array(), buffer.arrayOffset() + from, to - from);
        } else {
            updateByPosition(checksum, buffer, from, to);
        }
        return (int) checksum.getValue() ^ XOR;
    }

    /** A checksum takes other buffers only from position to limit; a view of one would have to be allocated. */
    private static void updateByPosition(Checksum checksum, ByteBuffer buffer, int from, int to) {
        int position = buffer.position();
        int limit = buffer.limit();
        try {
            buffer.limit(to).position(from);
            checksum.update(buffer);
        } finally {
            buffer.limit(limit).position(position);
        }
    }
}
