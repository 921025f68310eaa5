// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

/**
 * The foundation of a candidate: equal for candidates that live and die together (RFC 8445 §5.1.1.3).
 *
 * @param value 1 to 32 {@code ice-char} (RFC 8839 §5.1)
 */
public record Foundation(String value) {
    /** @throws IllegalArgumentException if the value is not 1 to 32 {@code ice-char} */
    public Foundation {
        IceChars.require("foundation", value, 1, 32);
    }

    @Override
    public String toString() {
        return value;
    }
}
