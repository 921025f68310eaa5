// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Checksum;

/**
 * The questions whose answers differ between the ways in which STUN messages are written. Every default is RFC 8489.
 *
 * <p>Implementations are immutable, stateless and thread-safe. A question about an incoming message takes that message, because
 * peers differ within a dialect.
 */
public interface StunDialect {

    /** The magic cookie in the header (RFC 8489 §5). */
    int MAGIC_COOKIE = 0x2112A442;

    /** The dialect of the standard. */
    StunDialect RFC8489 = new StunDialect() {
        @Override
        public String toString() {
            return "RFC8489";
        }
    };

    /** draft-rosenberg-midcom-turn-08: the cookie is the first attribute, and nothing is padded. */
    StunDialect MIDCOM_TURN_08 = new MidcomTurn08Dialect();

    /** What stands in bytes 4 to 7 of the header, before the 96 bits of {@code id}. */
    default int headerWord(TransactionId id) {
        return MAGIC_COOKIE;
    }

    /**
     * Whether the dialect's cookie is where it belongs.
     *
     * @param message big-endian and borrowed; only to be read by absolute index
     * @param offset index of the header
     * @param length of the whole message in bytes, 20 or more
     */
    default boolean hasCookie(ByteBuffer message, int offset, int length) {
        return message.getInt(offset + 4) == MAGIC_COOKIE;
    }

    /** Writes the attributes with which every message begins. */
    default void begin(StunWriter writer) {}

    /** The multiple of bytes at which written attributes start: 4, or 1 where they are not padded. */
    default int alignment() {
        return 4;
    }

    /**
     * The multiple of bytes at which the attributes of a received message start.
     *
     * @param message big-endian and borrowed; only to be read by absolute index
     * @param offset index of the header
     * @param length of the whole message in bytes, 20 or more
     */
    default int alignment(ByteBuffer message, int offset, int length) {
        return alignment();
    }

    /** How written messages are authenticated. */
    default HmacRule hmacRule() {
        return HmacRule.RFC8489;
    }

    /** Under which rules, tried in this order, a received message counts as authenticated. */
    default List<HmacRule> acceptedHmacRules(StunMessage message) {
        return HmacRule.RFC8489_ONLY;
    }

    /** A new checksum for the FINGERPRINT of written messages, before the XOR with 0x5354554e. */
    default Checksum fingerprint() {
        return new CRC32();
    }

    /** New checksums, of which one must agree with the FINGERPRINT of a received message. */
    default List<Checksum> acceptedFingerprints() {
        return List.of(fingerprint());
    }
}
