// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

/**
 * How much text an attribute may carry.
 *
 * @param readBytes most bytes that are accepted
 * @param writeBytes most bytes that are written
 * @param writeChars most characters (code points) that are written
 */
public record TextLimit(int readBytes, int writeBytes, int writeChars) {

    /** USERNAME: fewer than 509 bytes (RFC 8489 §14.3). */
    public static final TextLimit USERNAME = new TextLimit(508, 508, 508);

    /** REALM, NONCE, SOFTWARE, reason phrases: fewer than 128 characters, 763 bytes when read (RFC 8489 §14.8 to §14.14). */
    public static final TextLimit PHRASE = new TextLimit(763, 509, 127);

    /** A domain name (RFC 8489 §14.16, RFC 1035 §2.3.4). */
    public static final TextLimit DOMAIN = new TextLimit(255, 255, 255);

    /** Whatever fits into an attribute of 16-bit length; for text to which no standard gives a limit. */
    public static final TextLimit NONE = new TextLimit(0xFFFF, 0xFFFF, 0xFFFF);
}
