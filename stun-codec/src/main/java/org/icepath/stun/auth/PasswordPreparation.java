// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.auth;

import java.text.Normalizer;

/**
 * Brings a password into the form that goes into a key: the mapping and normalization of SASLprep (RFC 4013 §2.1, §2.2).
 *
 * <p>RFC 8489 names OpaqueString (RFC 8265) instead, but its own test vector, like RFC 5769's, is only met by SASLprep. For
 * ASCII, that is, for every password that ICE and TURN services make, both change nothing. Characters that SASLprep prohibits
 * pass: a server that let them into a password must be reachable.
 */
final class PasswordPreparation {

    private PasswordPreparation() {}

    static String prepare(String password) {
        if (password.chars().allMatch(c -> c < 0x80)) {
            return password;
        }
        StringBuilder mapped = new StringBuilder(password.length());
        password.codePoints().filter(c -> !mapsToNothing(c)).forEach(c -> mapped.appendCodePoint(isSpace(c) ? ' ' : c));
        return Normalizer.normalize(mapped, Normalizer.Form.NFKC);
    }

    /** RFC 3454 table C.1.2. */
    private static boolean isSpace(int c) {
        return Character.getType(c) == Character.SPACE_SEPARATOR || c == 0x200B;
    }

    /** RFC 3454 table B.1, except for U+200B, which is a space there too and counts as one (RFC 4013 §2.1). */
    private static boolean mapsToNothing(int c) {
        return c == 0x00AD
                || c == 0x034F
                || c == 0x1806
                || (c >= 0x180B && c <= 0x180D)
                || c == 0x200C
                || c == 0x200D
                || c == 0x2060
                || (c >= 0xFE00 && c <= 0xFE0F)
                || c == 0xFEFF;
    }
}
