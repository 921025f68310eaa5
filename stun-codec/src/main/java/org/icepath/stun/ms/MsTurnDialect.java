// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import java.nio.ByteBuffer;
import java.util.List;
import org.icepath.stun.HmacRule;
import org.icepath.stun.StunDialect;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.hmac.HmacAlgorithm;

/**
 * MS-TURN between a client and an Edge server: no padding, 128 random bits of transaction id, the cookie 72C64BC6 as the first
 * attribute, MESSAGE-INTEGRITY last and over a text that is filled with zeros to a multiple of 64 bytes ([MS-TURN] §2.2, seen).
 */
public final class MsTurnDialect implements StunDialect {

    /** MESSAGE-INTEGRITY as HMAC-SHA1: while one side says less than MS-Version 3 (specified, seen). */
    public static final MsTurnDialect SHA1 = new MsTurnDialect("MS-TURN/SHA-1", HmacAlgorithm.SHA1);

    /** MESSAGE-INTEGRITY as HMAC-SHA256: where both sides say MS-Version 3 or more; 20 bytes are then refused (specified). */
    public static final MsTurnDialect SHA256 = new MsTurnDialect("MS-TURN/SHA-256", HmacAlgorithm.SHA256);

    /** The lowest MS-Version that has the SHA-256 form (§2.2.2.17, specified). */
    public static final int SHA256_VERSION = 3;

    private static final int BLOCK = 64;
    private static final int WORD = 4;
    private static final int HEAD = 4;

    private final String name;
    private final HmacRule rule;
    private final List<HmacRule> accepted;

    private MsTurnDialect(String name, HmacAlgorithm algorithm) {
        this.name = name;
        this.rule = new HmacRule(algorithm, BLOCK, false);
        this.accepted = List.of(rule);
    }

    /**
     * The dialect of two sides.
     *
     * @param ours our MS-Version, 1 to 6
     * @param theirs the server's, 0 when it has said none
     */
    public static MsTurnDialect between(long ours, long theirs) {
        return Math.min(ours, theirs) >= SHA256_VERSION ? SHA256 : SHA1;
    }

    /**
     * Whether a datagram is a control message: whoever relays data knows it by the cookie alone (seen).
     *
     * @param datagram big-endian, from position to limit; not changed
     */
    public static boolean isControl(ByteBuffer datagram) {
        int length = datagram.remaining();
        return length >= StunMessage.HEADER_LENGTH
                && (datagram.get(datagram.position()) & 0xC0) == 0
                && MIDCOM_TURN_08.hasCookie(datagram, datagram.position(), length);
    }

    @Override
    public int headerWord(TransactionId id) {
        return MIDCOM_TURN_08.headerWord(id);
    }

    @Override
    public boolean hasCookie(ByteBuffer message, int offset, int length) {
        return MIDCOM_TURN_08.hasCookie(message, offset, length);
    }

    @Override
    public void begin(StunWriter writer) {
        MIDCOM_TURN_08.begin(writer);
    }

    @Override
    public int alignment() {
        return MIDCOM_TURN_08.alignment();
    }

    /** Not padded (specified, seen), unless the attributes end where the message does only with padding: errors of one server (seen). */
    @Override
    public int alignment(ByteBuffer message, int offset, int length) {
        return !endsRightly(message, offset, length, 1) && endsRightly(message, offset, length, WORD) ? WORD : 1;
    }

    private static boolean endsRightly(ByteBuffer message, int offset, int length, int alignment) {
        int at = StunMessage.HEADER_LENGTH;
        while (at + HEAD <= length) {
            int value = message.getShort(offset + at + 2) & 0xFFFF;
            at += HEAD + (value + alignment - 1 & -alignment);
        }
        return at == length;
    }

    @Override
    public HmacRule hmacRule() {
        return rule;
    }

    @Override
    public List<HmacRule> acceptedHmacRules(StunMessage message) {
        return accepted;
    }

    @Override
    public String toString() {
        return name;
    }
}
