// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.icepath.stun.auth.Fingerprint;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.auth.IntegrityKey;
import org.icepath.stun.auth.NonceCookie;
import org.icepath.stun.auth.PasswordAlgorithm;
import org.junit.jupiter.api.Test;

class RfcVectorsTest {

    private static final String USERNAME = "\u30de\u30c8\u30ea\u30c3\u30af\u30b9";
    private static final String LONG_TERM_PASSWORD = "The\u00adM\u00aatr\u2168";
    private static final IntegrityKey KEY = IntegrityKey.shortTerm(RfcVectors.PASSWORD);

    private final StunMessage message = new StunMessage();
    private final Integrity integrity = new Integrity();

    // RFC 5769 §2.1
    @Test
    void readsTheSampleRequest() {
        message.wrap(RfcVectors.message("rfc5769-2.1-request"));

        assertThat(message.messageClass()).isEqualTo(StunClass.REQUEST);
        assertThat(message.method()).isEqualTo(StunMethod.BINDING);
        assertThat(message.transactionId()).hasToString("b7e7a701bc34d686fa87dfae");
        assertThat(message.get(Attributes.SOFTWARE)).contains("STUN test client");
        assertThat(message.get(Attributes.PRIORITY)).contains(0x6e0001ffL);
        assertThat(message.get(Attributes.ICE_CONTROLLED)).contains(0x932ff9b151263b36L);
        assertThat(message.get(Attributes.USERNAME)).contains("evtj:h6vY");
        assertThat(message.get(Attributes.USE_CANDIDATE)).isEmpty();
        assertThat(Fingerprint.verify(message)).isTrue();
        assertThat(integrity.verify(message, KEY)).isTrue();
    }

    // RFC 5769 §2.2
    @Test
    void readsTheSampleIpv4Response() {
        message.wrap(RfcVectors.message("rfc5769-2.2-ipv4-response"));

        assertThat(message.messageClass()).isEqualTo(StunClass.SUCCESS);
        assertThat(message.get(Attributes.XOR_MAPPED_ADDRESS)).contains(new InetSocketAddress("192.0.2.1", 32853));
        assertThat(message.get(Attributes.SOFTWARE)).contains("test vector");
        assertThat(Fingerprint.verify(message)).isTrue();
        assertThat(integrity.verify(message, KEY)).isTrue();
    }

    // RFC 5769 §2.3
    @Test
    void readsTheSampleIpv6Response() {
        message.wrap(RfcVectors.message("rfc5769-2.3-ipv6-response"));

        assertThat(message.get(Attributes.XOR_MAPPED_ADDRESS))
                .contains(new InetSocketAddress("2001:db8:1234:5678:11:2233:4455:6677", 32853));
        assertThat(Fingerprint.verify(message)).isTrue();
        assertThat(integrity.verify(message, KEY)).isTrue();
    }

    // RFC 5769 §2.4
    @Test
    void verifiesTheSampleRequestWithLongTermCredentials() {
        message.wrap(RfcVectors.message("rfc5769-2.4-long-term"));

        assertThat(message.get(Attributes.USERNAME)).contains(USERNAME);
        assertThat(message.get(Attributes.REALM)).contains("example.org");
        assertThat(message.get(Attributes.NONCE)).contains("f//499k954d6OL34oL9FSTvy64sA");
        assertThat(message.has(Attributes.FINGERPRINT)).isFalse();
        assertThat(Fingerprint.verify(message)).isFalse();
        assertThat(Fingerprint.absentOrRight(message)).isTrue();
        assertThat(integrity.verify(message, IntegrityKey.longTerm(USERNAME, "example.org", LONG_TERM_PASSWORD)))
                .isTrue();
        assertThat(integrity.verify(message, IntegrityKey.longTerm(USERNAME, "example.com", LONG_TERM_PASSWORD)))
                .isFalse();
    }

    // RFC 8489 B.1, errata 6268
    @Test
    void verifiesTheSampleRequestWithSha256() {
        message.wrap(RfcVectors.message("rfc8489-B.1-errata-6268"));

        byte[] userHash = PasswordAlgorithm.userHash(USERNAME, "example.org");
        assertThat(HexFormat.of().formatHex(userHash))
                .isEqualTo("4a3cf38fef6992bda952c6780417da0f24819415569e60b205c46e41407f1704");
        assertThat(message.valueEquals(Attributes.USERHASH, userHash)).isTrue();
        assertThat(message.get(Attributes.PASSWORD_ALGORITHM)).contains(PasswordAlgorithm.SHA256.choice());
        assertThat(message.get(Attributes.NONCE).flatMap(NonceCookie::of)).contains(NonceCookie.of(false, true));
        assertThat(integrity.verify(message, IntegrityKey.longTermSha256(USERNAME, "example.org", LONG_TERM_PASSWORD)))
                .isTrue();
        assertThat(integrity.verify(message, IntegrityKey.longTerm(USERNAME, "example.org", LONG_TERM_PASSWORD)))
                .isFalse();
    }

    // RFC 8489 B.1 as it is printed: its length field counts the header too.
    @Test
    void refusesTheUncorrectedSampleRequest() {
        ByteBuffer printed = RfcVectors.message("rfc8489-B.1-as-printed");

        assertThatThrownBy(() -> message.wrap(printed))
                .isInstanceOfSatisfying(
                        StunParseException.class, e -> assertThat(e.place()).isEqualTo("header/length"));
    }

    @Test
    void anyChangedBitBreaksFingerprintAndIntegrity() {
        byte[] request = RfcVectors.bytes("rfc5769-2.1-request");
        int endOfIntegrity = request.length - 8;
        for (int bit = 0; bit < 8 * endOfIntegrity; bit++) {
            byte[] changed = request.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                message.wrap(ByteBuffer.wrap(changed));
            } catch (StunParseException e) {
                continue;
            }
            assertThat(Fingerprint.verify(message))
                    .as("fingerprint, bit %d", bit)
                    .isFalse();
            assertThat(integrity.verify(message, KEY))
                    .as("integrity, bit %d", bit)
                    .isFalse();
        }
    }

    @Test
    void writesTheSampleRequestByteForByteButForItsPadding() {
        ByteBuffer written = StunWriter.into(ByteBuffer.allocate(200))
                .request(StunMethod.BINDING, new TransactionId(0xb7e7a701, 0xbc34d686fa87dfaeL))
                .put(Attributes.SOFTWARE, "STUN test client")
                .put(Attributes.PRIORITY, 0x6e0001ffL)
                .put(Attributes.ICE_CONTROLLED, 0x932ff9b151263b36L)
                .put(Attributes.USERNAME, "evtj:h6vY")
                .integrity(KEY)
                .fingerprint()
                .finish();
        message.wrap(written);

        assertThat(Fingerprint.verify(message)).isTrue();
        assertThat(integrity.verify(message, KEY)).isTrue();
        byte[] expected = RfcVectors.bytes("rfc5769-2.1-request");
        byte[] bytes = new byte[written.remaining()];
        written.get(0, bytes);
        assertThat(bytes).hasSize(expected.length).startsWith(java.util.Arrays.copyOf(expected, 73));
    }
}
