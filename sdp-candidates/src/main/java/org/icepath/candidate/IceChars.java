// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

/** The {@code ice-char} strings of RFC 8839 §5.1. */
final class IceChars {
    private IceChars() {}

    /**
     * Refuses a string that is not {@code min*max ice-char}. The text itself is not repeated in the message: it may be a
     * password.
     */
    static void require(String what, String text, int min, int max) {
        if (text.length() < min || text.length() > max) {
            throw new IllegalArgumentException(
                    what + " has " + text.length() + " characters, must have " + min + " to " + max);
        }
        for (int i = 0; i < text.length(); i++) {
            if (!isIceChar(text.charAt(i))) {
                throw new IllegalArgumentException(what + " has a character outside A-Z a-z 0-9 + / at " + i);
            }
        }
    }

    private static boolean isIceChar(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    }
}
