// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

/** The {@code token} of SDP (RFC 8866 §9). */
final class Tokens {
    private static final String MARKS = "!#$%&'*+-.^_`{|}~";

    private Tokens() {}

    static boolean isToken(String text) {
        if (text.isEmpty()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!alphanumeric && MARKS.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Refuses text that is not {@code 1*VCHAR}: it would tear an SDP line apart. */
    static void requireVisible(String what, String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException(what + " is empty");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c)) {
                throw new IllegalArgumentException(what + " has a blank or control character at " + i);
            }
        }
    }
}
