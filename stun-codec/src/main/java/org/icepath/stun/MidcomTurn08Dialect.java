// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.nio.ByteBuffer;

/**
 * How draft-rosenberg-midcom-turn-08 lays out a message: 128 random bits where the standard has cookie and transaction id, the
 * attribute MAGIC-COOKIE first, values without padding (draft §8, RFC 3489 §11).
 */
final class MidcomTurn08Dialect implements StunDialect {

    private static final int COOKIE_HEAD = 0x000F_0004;
    private static final int COOKIE_VALUE = 0x72C64BC6;

    /** Spread from the id, so that all 16 bytes look random and an answer can still be recognised by the id alone. */
    @Override
    public int headerWord(TransactionId id) {
        return Long.hashCode(id.low() * 0x9E3779B97F4A7C15L) ^ id.high();
    }

    @Override
    public boolean hasCookie(ByteBuffer message, int offset, int length) {
        return length >= 28
                && message.getInt(offset + 20) == COOKIE_HEAD
                && message.getInt(offset + 24) == COOKIE_VALUE;
    }

    @Override
    public void begin(StunWriter writer) {
        writer.putUint32(Attributes.MAGIC_COOKIE, COOKIE_VALUE & 0xFFFFFFFFL);
    }

    @Override
    public int alignment() {
        return 1;
    }

    @Override
    public String toString() {
        return "draft-rosenberg-midcom-turn-08";
    }
}
