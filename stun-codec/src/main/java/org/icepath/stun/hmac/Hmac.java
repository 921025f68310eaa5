// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.hmac;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Computes the HMAC of one message after another. Not thread-safe; allocates only when a message is longer than all before it.
 *
 * <p>Use: {@link #load} the text, change the copy where the standard says so ({@link #putUint16}, {@link #fillTo}), then
 * {@link #writeTo} or {@link #matches}. The text lies behind the padded key in one array, so that each pass is a single update.
 */
public final class Hmac {

    /** The block length of both hashes, in bytes. */
    public static final int BLOCK = 64;

    private static final int USUAL_TEXT = 192;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    // There are two in every agent, and a server has thousands of these: what is not needed is not made.
    private @Nullable MessageDigest sha1;
    private @Nullable MessageDigest sha256;
    private final byte[] outer = new byte[BLOCK + HmacAlgorithm.SHA256.length()];
    private final byte[] result = new byte[HmacAlgorithm.SHA256.length()];
    private byte[] inner = new byte[BLOCK + USUAL_TEXT];
    private int end = BLOCK;
    private @Nullable HmacKey paddedKey;
    private HmacAlgorithm paddedAlgorithm = HmacAlgorithm.SHA1;

    /** A worker that has no text yet. */
    public Hmac() {}

    /**
     * Copies the text to be authenticated.
     *
     * @param message only read, by absolute index; its position and limit do not matter and stay
     * @param offset index of the first byte
     * @param length how many bytes
     */
    public void load(ByteBuffer message, int offset, int length) {
        reserve(BLOCK + length);
        message.get(offset, inner, BLOCK, length);
        end = BLOCK + length;
    }

    /**
     * Overwrites two bytes of the copied text.
     *
     * @param offset counted from the start of the text
     */
    public void putUint16(int offset, int value) {
        inner[BLOCK + offset] = (byte) (value >>> 8);
        inner[BLOCK + offset + 1] = (byte) value;
    }

    /** Appends zeros to the copied text until its length is a multiple of {@code multiple}. */
    public void fillTo(int multiple) {
        if (multiple == 1) {
            return;
        }
        int length = end - BLOCK;
        int filled = BLOCK + (length + multiple - 1) / multiple * multiple;
        reserve(filled);
        Arrays.fill(inner, end, filled, (byte) 0);
        end = filled;
    }

    /** Writes the HMAC of the copied text, {@link HmacAlgorithm#length} bytes, at an absolute index. */
    public void writeTo(ByteBuffer buffer, int offset, HmacAlgorithm algorithm, HmacKey key) {
        compute(algorithm, key);
        buffer.put(offset, result, 0, algorithm.length());
    }

    /**
     * Whether the HMAC of the copied text begins with the bytes at an absolute index; takes the same time whatever the answer.
     *
     * @param length how many bytes; a multiple of 4, 16 to {@link HmacAlgorithm#length}
     */
    public boolean matches(ByteBuffer buffer, int offset, int length, HmacAlgorithm algorithm, HmacKey key) {
        compute(algorithm, key);
        // By hand: a loop would be made one of wide loads, which must wait for the narrow stores of the digest.
        int difference = difference(buffer, offset, 0)
                | difference(buffer, offset, 4)
                | difference(buffer, offset, 8)
                | difference(buffer, offset, 12);
        for (int i = 16; i < length; i += 4) {
            difference |= difference(buffer, offset, i);
        }
        return difference == 0;
    }

    private int difference(ByteBuffer buffer, int offset, int place) {
        return (int) INT.get(result, place) ^ buffer.getInt(offset + place);
    }

    private void compute(HmacAlgorithm algorithm, HmacKey key) {
        if (key != paddedKey || algorithm != paddedAlgorithm) {
            pad(algorithm, key);
        }
        MessageDigest digest = digest(algorithm);
        int length = algorithm.length();
        try {
            digest.update(inner, 0, end);
            digest.digest(outer, BLOCK, length);
            digest.update(outer, 0, BLOCK + length);
            digest.digest(result, 0, length);
        } catch (DigestException e) {
            throw new IllegalStateException("the result array is large enough", e);
        }
    }

    private MessageDigest digest(HmacAlgorithm algorithm) {
        MessageDigest known = algorithm == HmacAlgorithm.SHA1 ? sha1 : sha256;
        if (known != null) {
            return known;
        }
        MessageDigest made = algorithm.newDigest();
        if (algorithm == HmacAlgorithm.SHA1) {
            sha1 = made;
        } else {
            sha256 = made;
        }
        return made;
    }

    /** The padded key stays in its place: the next message on the same path has the same one. */
    private void pad(HmacAlgorithm algorithm, HmacKey key) {
        System.arraycopy(key.inner(algorithm), 0, inner, 0, BLOCK);
        System.arraycopy(key.outer(algorithm), 0, outer, 0, BLOCK);
        paddedKey = key;
        paddedAlgorithm = algorithm;
    }

    private void reserve(int length) {
        if (inner.length < length) {
            inner = Arrays.copyOf(inner, Math.max(length, 2 * inner.length));
        }
    }
}
