// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.hmac;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash below an HMAC. Both take blocks of {@value Hmac#BLOCK} bytes. */
public enum HmacAlgorithm {
    /** MESSAGE-INTEGRITY (RFC 8489 §14.5). */
    SHA1("SHA-1", 20),
    /** MESSAGE-INTEGRITY-SHA256 (RFC 8489 §14.6). */
    SHA256("SHA-256", 32);

    private final String digestName;
    private final int length;

    HmacAlgorithm(String digestName, int length) {
        this.digestName = digestName;
        this.length = length;
    }

    /** How many bytes the whole result has. */
    public int length() {
        return length;
    }

    MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance(digestName);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + digestName, e);
        }
    }
}
