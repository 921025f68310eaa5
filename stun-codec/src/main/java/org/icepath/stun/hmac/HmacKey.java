// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.hmac;

import java.util.Arrays;

/**
 * A key for {@link Hmac}, padded in advance for both algorithms.
 *
 * <p>Immutable and thread-safe. Neither its bytes nor anything made of them can be read or printed.
 */
public abstract class HmacKey {

    private static final byte INNER = 0x36;
    private static final byte OUTER = 0x5c;

    private final byte[] innerSha1;
    private final byte[] outerSha1;
    private final byte[] innerSha256;
    private final byte[] outerSha256;

    /**
     * Pads a key.
     *
     * @param key not kept; a key longer than a block is replaced by its hash (RFC 2104 §2)
     */
    protected HmacKey(byte[] key) {
        byte[] forSha1 = shortened(HmacAlgorithm.SHA1, key);
        this.innerSha1 = padded(forSha1, INNER);
        this.outerSha1 = padded(forSha1, OUTER);
        if (key.length <= Hmac.BLOCK) {
            this.innerSha256 = innerSha1;
            this.outerSha256 = outerSha1;
        } else {
            byte[] forSha256 = shortened(HmacAlgorithm.SHA256, key);
            this.innerSha256 = padded(forSha256, INNER);
            this.outerSha256 = padded(forSha256, OUTER);
        }
    }

    final byte[] inner(HmacAlgorithm algorithm) {
        return algorithm == HmacAlgorithm.SHA1 ? innerSha1 : innerSha256;
    }

    final byte[] outer(HmacAlgorithm algorithm) {
        return algorithm == HmacAlgorithm.SHA1 ? outerSha1 : outerSha256;
    }

    private static byte[] shortened(HmacAlgorithm algorithm, byte[] key) {
        return key.length <= Hmac.BLOCK ? key : algorithm.newDigest().digest(key);
    }

    private static byte[] padded(byte[] key, byte pad) {
        byte[] block = Arrays.copyOf(key, Hmac.BLOCK);
        for (int i = 0; i < block.length; i++) {
            block[i] ^= pad;
        }
        return block;
    }
}
