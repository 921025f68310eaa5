// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text that is filled with NUL to a multiple of four bytes, the NULs being part of the value: USERNAME, CANDIDATE-IDENTIFIER (seen). */
public final class NulFilled {

    private NulFilled() {}

    /** The bytes of an attribute that carries {@code text}. */
    public static byte[] of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, bytes.length + 3 & -4);
    }

    /**
     * The text of a value, filled or not.
     *
     * @param value from position to limit; not changed
     */
    public static String text(ByteBuffer value) {
        int end = value.limit();
        while (end > value.position() && value.get(end - 1) == 0) {
            end--;
        }
        byte[] bytes = new byte[end - value.position()];
        value.get(value.position(), bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
