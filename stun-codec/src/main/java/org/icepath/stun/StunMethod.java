// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

/**
 * A STUN method: an open code point of 12 bits (RFC 8489 §5, IANA "STUN Methods").
 *
 * @param code 0 to 0xFFF
 */
public record StunMethod(int code) {

    /** RFC 8489 §5. */
    public static final StunMethod BINDING = new StunMethod(0x001);
    /** RFC 3489 §11.1; reserved since RFC 5389. */
    public static final StunMethod SHARED_SECRET = new StunMethod(0x002);
    /** RFC 8656 §17. */
    public static final StunMethod ALLOCATE = new StunMethod(0x003);
    /** RFC 8656 §17. */
    public static final StunMethod REFRESH = new StunMethod(0x004);
    /** RFC 8656 §17. */
    public static final StunMethod SEND = new StunMethod(0x006);
    /** RFC 8656 §17. */
    public static final StunMethod DATA = new StunMethod(0x007);
    /** RFC 8656 §17. */
    public static final StunMethod CREATE_PERMISSION = new StunMethod(0x008);
    /** RFC 8656 §17. */
    public static final StunMethod CHANNEL_BIND = new StunMethod(0x009);
    /** RFC 6062 §6.1. */
    public static final StunMethod CONNECT = new StunMethod(0x00A);
    /** RFC 6062 §6.1. */
    public static final StunMethod CONNECTION_BIND = new StunMethod(0x00B);
    /** RFC 6062 §6.1. */
    public static final StunMethod CONNECTION_ATTEMPT = new StunMethod(0x00C);
    /** The check without attributes that some browsers send once both sides have agreed on it (method of no RFC). */
    public static final StunMethod GOOG_PING = new StunMethod(0x080);

    private static final StunMethod[] LOW = new StunMethod[16];

    static {
        for (int code = 0; code < LOW.length; code++) {
            LOW[code] = new StunMethod(code);
        }
    }

    public StunMethod {
        if (code < 0 || code > 0xFFF) {
            throw new IllegalArgumentException("method " + code + " has more than 12 bits");
        }
    }

    /** The method in a 16-bit message type; the usual ones without allocation. */
    static StunMethod of(int type) {
        int code = (type & 0xF) | (type >>> 1 & 0x70) | (type >>> 2 & 0xF80);
        return code < LOW.length ? LOW[code] : new StunMethod(code);
    }

    /** The method bits in their places in the message type. */
    int bits() {
        return (code & 0xF) | (code & 0x70) << 1 | (code & 0xF80) << 2;
    }

    /** The name in the registry, or the number in hexadecimal. */
    public String name() {
        return switch (code) {
            case 0x001 -> "Binding";
            case 0x002 -> "SharedSecret";
            case 0x003 -> "Allocate";
            case 0x004 -> "Refresh";
            case 0x006 -> "Send";
            case 0x007 -> "Data";
            case 0x008 -> "CreatePermission";
            case 0x009 -> "ChannelBind";
            case 0x00A -> "Connect";
            case 0x00B -> "ConnectionBind";
            case 0x00C -> "ConnectionAttempt";
            case 0x080 -> "GOOG-PING";
            default -> String.format("0x%03x", code);
        };
    }

    @Override
    public String toString() {
        return name();
    }
}
