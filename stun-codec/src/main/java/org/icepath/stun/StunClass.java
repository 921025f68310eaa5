// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

/** The class of a STUN message: bits C1 and C0 of its type (RFC 8489 §5). */
public enum StunClass {
    REQUEST(0x000),
    INDICATION(0x010),
    SUCCESS(0x100),
    ERROR(0x110);

    private static final StunClass[] BY_BITS = values();

    private final int bits;

    StunClass(int bits) {
        this.bits = bits;
    }

    /** The class in a 16-bit message type. */
    static StunClass of(int type) {
        return BY_BITS[(type >>> 4 & 1) | (type >>> 7 & 2)];
    }

    /** The class bits in their places in the message type. */
    int bits() {
        return bits;
    }

    /** Whether this is a success or an error response. */
    public boolean isResponse() {
        return this == SUCCESS || this == ERROR;
    }
}
