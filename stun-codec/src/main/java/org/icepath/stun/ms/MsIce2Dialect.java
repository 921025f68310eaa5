// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Checksum;
import org.icepath.stun.HmacRule;
import org.icepath.stun.StunDialect;
import org.icepath.stun.StunMessage;
import org.icepath.stun.hmac.HmacAlgorithm;

/**
 * Connectivity checks of MS-ICE2. What is written hangs on the implementation version; what is read is taken in both forms, because
 * the version stands in the message and old senders leave it out.
 *
 * <p>Values are written with a length that is a multiple of 4, so that who skips padding and who does not read the same.
 */
public final class MsIce2Dialect implements StunDialect {

    private static final HmacRule OLD = new HmacRule(HmacAlgorithm.SHA1, 64, true);
    private static final List<HmacRule> OLD_FIRST = List.of(OLD, HmacRule.RFC8489);
    private static final List<HmacRule> RFC_FIRST = List.of(HmacRule.RFC8489, OLD);

    /** The first implementation version whose messages follow RFC 5389 ([MS-ICE2] §2.2.2, specified; seen). */
    public static final int RFC_VERSION = 3;

    /**
     * Versions before 3: the text of MESSAGE-INTEGRITY is filled with zeros to a multiple of 64 bytes, and its length field counts the
     * FINGERPRINT, too (seen).
     */
    public static final MsIce2Dialect VERSION_2 = new MsIce2Dialect("MS-ICE2/2", OLD, false);

    /** As {@link #VERSION_2}, with the FINGERPRINT of old stacks: the companion of a message (specified). */
    public static final MsIce2Dialect VERSION_2_LEGACY_FINGERPRINT = new MsIce2Dialect("MS-ICE2/2 legacy", OLD, true);

    /** From version 3 on: integrity as in RFC 5389 (specified; seen). */
    public static final MsIce2Dialect VERSION_3 = new MsIce2Dialect("MS-ICE2/3", HmacRule.RFC8489, false);

    private final String name;
    private final HmacRule rule;
    private final boolean legacyFingerprint;
    private final boolean alone;

    private MsIce2Dialect(String name, HmacRule rule, boolean legacyFingerprint) {
        this(name, rule, legacyFingerprint, false);
    }

    private MsIce2Dialect(String name, HmacRule rule, boolean legacyFingerprint, boolean alone) {
        this.name = name;
        this.rule = rule;
        this.legacyFingerprint = legacyFingerprint;
        this.alone = alone;
    }

    /** The same, but what is read must be authenticated as what is written: who answers so answers in the form of the request. */
    public MsIce2Dialect alone() {
        return new MsIce2Dialect(name + " alone", rule, legacyFingerprint, true);
    }

    /**
     * The dialect to answer a message in.
     *
     * @param version the sender's IMPLEMENTATION-VERSION, 0 when it has none
     */
    public static MsIce2Dialect ofVersion(long version) {
        return version >= RFC_VERSION ? VERSION_3 : VERSION_2;
    }

    /** Whole words if the attributes end exactly at the end that way, else not padded (seen from libnice in both forms). */
    @Override
    public int alignment(ByteBuffer message, int offset, int length) {
        int at = StunMessage.HEADER_LENGTH;
        while (at + 4 <= length) {
            int value = message.getShort(offset + at + 2) & 0xFFFF;
            at += 4 + (value + 3 & -4);
        }
        return at == length ? 4 : 1;
    }

    @Override
    public HmacRule hmacRule() {
        return rule;
    }

    @Override
    public List<HmacRule> acceptedHmacRules(StunMessage message) {
        if (alone) {
            return List.of(rule);
        }
        return message.uint32(MsIceAttributes.IMPLEMENTATION_VERSION, 0) >= RFC_VERSION ? RFC_FIRST : OLD_FIRST;
    }

    @Override
    public Checksum fingerprint() {
        return legacyFingerprint ? new LegacyCrc32() : new CRC32();
    }

    @Override
    public List<Checksum> acceptedFingerprints() {
        return List.of(new CRC32(), new LegacyCrc32());
    }

    @Override
    public String toString() {
        return name;
    }
}
