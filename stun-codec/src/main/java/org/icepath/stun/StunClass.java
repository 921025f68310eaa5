// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

/** The class of a STUN message: bits C1 and C0 of its type (RFC 8489 §5). */
public enum StunClass {
    REQUEST,
    INDICATION,
    SUCCESS,
    ERROR;

    private static final StunClass[] BY_BITS = values();

    /** The class in a 16-bit message type. */
    static StunClass of(int type) {
        return BY_BITS[type >>> 4 & 1 | type >>> 7 & 2];
    }

    /** The class bits in their places in the message type. */
    int bits() {
        return (ordinal() & 1) << 4 | (ordinal() & 2) << 7;
    }

    /** Whether this is a success or an error response. */
    public boolean isResponse() {
        return this == SUCCESS || this == ERROR;
    }
}
