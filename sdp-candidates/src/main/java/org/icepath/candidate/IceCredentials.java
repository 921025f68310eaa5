// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import java.util.random.RandomGenerator;

/**
 * Username fragment and password of one generation of one side (RFC 8445 §5.3, RFC 8839 §5.4).
 *
 * @param ufrag 4 to 256 {@code ice-char}
 * @param password 22 to 256 {@code ice-char}; never printed by {@link #toString()}
 */
public record IceCredentials(String ufrag, String password) {
    /** Characters of a generated fragment: 48 bits, at least 24 are required. */
    private static final int UFRAG_LENGTH = 8;

    /** Characters of a generated password: 144 bits, at least 128 are required. */
    private static final int PASSWORD_LENGTH = 24;

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /** @throws IllegalArgumentException if either has the wrong length or a character outside {@code ice-char} */
    public IceCredentials {
        IceChars.require("ice-ufrag", ufrag, 4, 256);
        IceChars.require("ice-pwd", password, 22, 256);
    }

    /**
     * New credentials of 8 and 24 characters.
     *
     * @param random a cryptographically strong generator, except in tests (RFC 8445 §5.3)
     */
    public static IceCredentials random(RandomGenerator random) {
        return random(random, UFRAG_LENGTH, PASSWORD_LENGTH);
    }

    /**
     * New credentials of the given lengths.
     *
     * @param random a cryptographically strong generator, except in tests
     * @param ufragLength 4 to 256
     * @param passwordLength 22 to 256
     * @throws IllegalArgumentException if a length is out of range
     */
    public static IceCredentials random(RandomGenerator random, int ufragLength, int passwordLength) {
        return new IceCredentials(text(random, ufragLength), text(random, passwordLength));
    }

    private static String text(RandomGenerator random, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return "IceCredentials[ufrag=" + ufrag + "]";
    }
}
