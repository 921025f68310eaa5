// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

/** The family of an address (RFC 8489 §14.1). */
public enum AddressFamily {
    IPV4(1, 4),
    IPV6(2, 16);

    private final int code;
    private final int length;

    AddressFamily(int code, int length) {
        this.code = code;
        this.length = length;
    }

    /** The code point on the wire. */
    public int code() {
        return code;
    }

    /** The family of a code that an attribute carries. */
    static AddressFamily of(Attribute<?> attribute, int code) {
        return switch (code) {
            case 1 -> IPV4;
            case 2 -> IPV6;
            default -> throw attribute.fault("family", "is " + code + ", must be 1 or 2");
        };
    }

    /** How many bytes an address has. */
    public int length() {
        return length;
    }
}
