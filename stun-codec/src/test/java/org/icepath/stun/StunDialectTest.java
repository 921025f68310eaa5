// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.Checksum;
import org.icepath.stun.auth.Fingerprint;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.auth.IntegrityKey;
import org.icepath.stun.hmac.HmacAlgorithm;
import org.junit.jupiter.api.Test;

/** A second dialect changes every answer there is, and no line of the codec. */
class StunDialectTest {

    private static final TransactionId ID = new TransactionId(0x01020304, 0x05060708090A0B0CL);
    private static final IntegrityKey KEY = IntegrityKey.shortTerm("password");

    /** Other cookie, no padding, another HMAC over other bytes, another checksum; also takes the standard's. */
    private static final class Toy implements StunDialect {

        private static final int COOKIE = 0x70757070;

        @Override
        public int headerWord(TransactionId id) {
            return COOKIE;
        }

        @Override
        public boolean hasCookie(ByteBuffer message, int offset, int length) {
            return message.getInt(offset + 4) == COOKIE;
        }

        @Override
        public void begin(StunWriter writer) {
            writer.putBytes(Attributes.SOFTWARE, new byte[] {'t', 'o', 'y'});
        }

        @Override
        public int alignment() {
            return 1;
        }

        @Override
        public HmacRule hmacRule() {
            return new HmacRule(HmacAlgorithm.SHA256, 64, true);
        }

        @Override
        public List<HmacRule> acceptedHmacRules(StunMessage message) {
            return message.has(Attributes.PRIORITY) ? List.of(HmacRule.RFC8489, hmacRule()) : List.of(HmacRule.RFC8489);
        }

        @Override
        public Checksum fingerprint() {
            return new Adler32();
        }

        @Override
        public List<Checksum> acceptedFingerprints() {
            return List.of(new CRC32(), new Adler32());
        }
    }

    private final Toy toy = new Toy();
    private final StunMessage message = new StunMessage(toy);
    private final Integrity integrity = new Integrity();

    private ByteBuffer check(boolean withPriority) {
        StunWriter writer = new StunWriter(toy)
                .wrap(ByteBuffer.allocate(300))
                .request(StunMethod.BINDING, ID)
                .put(Attributes.USERNAME, "a:b");
        if (withPriority) {
            writer.put(Attributes.PRIORITY, 5L);
        }
        return writer.integrity(KEY).fingerprint().finish();
    }

    @Test
    void aDialectReadsWhatItWrites() {
        ByteBuffer check = check(true);
        message.wrap(check);

        assertThat(check.remaining()).isEqualTo(20 + 7 + 7 + 8 + 36 + 8);
        assertThat(message.matches(ID)).isTrue();
        assertThat(message.get(Attributes.SOFTWARE)).contains("toy");
        assertThat(message.get(Attributes.USERNAME)).contains("a:b");
        assertThat(message.get(Attributes.PRIORITY)).contains(5L);
        assertThat(message.length(Attributes.MESSAGE_INTEGRITY)).isEqualTo(32);
        assertThat(Fingerprint.verify(message)).isTrue();
        assertThat(integrity.verify(message, KEY)).isTrue();
        assertThat(integrity.verify(message, IntegrityKey.shortTerm("other"))).isFalse();
    }

    @Test
    void whichHmacRulesCountMayHangOnTheMessage() {
        message.wrap(check(false));

        assertThat(integrity.verify(message, KEY)).isFalse();
    }

    @Test
    void theStandardDoesNotTakeTheOtherDialect() {
        assertThatThrownBy(() -> new StunMessage().wrap(check(true))).isInstanceOf(StunParseException.class);
        assertThatThrownBy(() -> message.wrap(RfcVectors.message("rfc5769-2.1-request")))
                .isInstanceOf(StunParseException.class);
    }

    // draft-rosenberg-midcom-turn-08 §8; the layout also of RFC
    // 3489's successors before the cookie moved into the header.
    @Test
    void theDraftPutsItsCookieFirstAndPadsNothing() {
        ByteBuffer written = new StunWriter(StunDialect.MIDCOM_TURN_08)
                .wrap(ByteBuffer.allocate(100))
                .request(StunMethod.ALLOCATE, ID)
                .put(Attributes.REALM, "abc")
                .put(Attributes.LIFETIME, 9L)
                .finish();

        assertThat(HexFormat.of().formatHex(written.array(), 20, written.limit()))
                .isEqualTo("000f000472c64bc6" + "00140003616263" + "000d000400000009");
        StunMessage read = new StunMessage(StunDialect.MIDCOM_TURN_08).wrap(written);
        assertThat(read.rfc3489()).isTrue();
        assertThat(read.matches(ID)).isTrue();
        assertThat(read.matches(new TransactionId(0x01020304, 0))).isFalse();
        assertThat(read.get(Attributes.LIFETIME)).contains(9L);
        assertThatThrownBy(() -> new StunMessage().wrapClassic(written)).isInstanceOf(StunParseException.class);
    }
}
