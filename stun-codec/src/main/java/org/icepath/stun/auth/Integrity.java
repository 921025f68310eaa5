// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.auth;

import java.util.List;
import org.icepath.stun.Attributes;
import org.icepath.stun.HmacRule;
import org.icepath.stun.StunDialect;
import org.icepath.stun.StunMessage;
import org.icepath.stun.hmac.Hmac;
import org.icepath.stun.hmac.HmacAlgorithm;
import org.icepath.stun.hmac.HmacKey;

/**
 * Verifies MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256 (RFC 8489 §14.5, §14.6). Not thread-safe; allocates nothing.
 *
 * <p>The comparison takes the same time whatever the difference. The message is not changed: its length field is patched in a
 * copy.
 */
public final class Integrity {

    private static final int FULL_SHA256 = 32;
    private static final int SHORTEST_SHA256 = 16;

    private final Hmac hmac = new Hmac();
    private final int shortestSha256;

    /** A verifier that takes MESSAGE-INTEGRITY-SHA256 only whole: truncation is for usages that define it (§14.6). */
    public Integrity() {
        this(FULL_SHA256);
    }

    private Integrity(int shortestSha256) {
        this.shortestSha256 = shortestSha256;
    }

    /**
     * A verifier for a usage that allows MESSAGE-INTEGRITY-SHA256 to be truncated.
     *
     * @param shortest fewest bytes that it may have; 16 to 32
     */
    public static Integrity acceptingTruncation(int shortest) {
        if (shortest < SHORTEST_SHA256 || shortest > FULL_SHA256) {
            throw new IllegalArgumentException("no usage may accept " + shortest + " bytes");
        }
        return new Integrity(shortest);
    }

    /**
     * Whether the message was made by who has the key.
     *
     * <p>MESSAGE-INTEGRITY-SHA256 decides where it is present, since it covers MESSAGE-INTEGRITY too; else MESSAGE-INTEGRITY
     * does. Without either, or with one of a wrong length, the answer is no. {@link Fingerprint} is to be asked first.
     */
    public boolean verify(StunMessage message, HmacKey key) {
        StunDialect dialect = message.dialect();
        if (dialect == StunDialect.RFC8489) {
            return verify(message, key, HmacRule.RFC8489);
        }
        List<HmacRule> rules = dialect.acceptedHmacRules(message);
        for (int i = 0; i < rules.size(); i++) {
            if (verify(message, key, rules.get(i))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the message ends with a right FINGERPRINT and was made by who has the key, for usages that demand both (RFC 8445 §7.1): no
     * HMAC is computed for a message without a right FINGERPRINT, which costs a twentieth.
     */
    public boolean verifyWithFingerprint(StunMessage message, HmacKey key) {
        return Fingerprint.verify(message) && verify(message, key);
    }

    private boolean verify(StunMessage message, HmacKey key, HmacRule rule) {
        int sha256Length = message.length(Attributes.MESSAGE_INTEGRITY_SHA256);
        if (sha256Length >= 0) {
            return sha256Length >= shortestSha256
                    && sha256Length <= FULL_SHA256
                    && (sha256Length & 3) == 0
                    && verify(
                            message,
                            key,
                            message.offset(Attributes.MESSAGE_INTEGRITY_SHA256),
                            sha256Length,
                            HmacAlgorithm.SHA256,
                            rule);
        }
        HmacAlgorithm algorithm = rule.algorithm();
        return message.length(Attributes.MESSAGE_INTEGRITY) == algorithm.length()
                && verify(
                        message,
                        key,
                        message.offset(Attributes.MESSAGE_INTEGRITY),
                        algorithm.length(),
                        algorithm,
                        rule);
    }

    private boolean verify(
            StunMessage message, HmacKey key, int value, int length, HmacAlgorithm algorithm, HmacRule rule) {
        int start = message.offset();
        int end = rule.wholeLength() ? start + message.length() : value + length;
        hmac.load(message.buffer(), start, value - 4 - start);
        hmac.putUint16(2, end - start - StunMessage.HEADER_LENGTH);
        hmac.fillTo(rule.textMultiple());
        return hmac.matches(message.buffer(), value, length, algorithm, key);
    }
}
