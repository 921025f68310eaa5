// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntegrityTest {

    private static final TransactionId ID = new TransactionId(1, 2);
    private static final IntegrityKey KEY = IntegrityKey.shortTerm("right");
    private static final IntegrityKey OTHER = IntegrityKey.shortTerm("wrong");

    private final StunMessage message = new StunMessage();
    private final Integrity integrity = new Integrity();

    private static StunWriter request() {
        return StunWriter.into(ByteBuffer.allocate(3000))
                .request(StunMethod.BINDING, ID)
                .put(Attributes.USERNAME, "a:b");
    }

    @Test
    void onlyTheRightKeyVerifies() {
        message.wrap(request().integrity(KEY).finish());

        assertThat(integrity.verify(message, KEY)).isTrue();
        assertThat(integrity.verify(message, OTHER)).isFalse();
        assertThat(integrity.verify(message, KEY)).isTrue();
    }

    @Test
    void aMessageWithoutIntegrityIsNotVerified() {
        message.wrap(request().fingerprint().finish());

        assertThat(integrity.verify(message, KEY)).isFalse();
    }

    // Every word of the tag counts: a comparison that forgets one lets a forger try four billion times less.
    @Test
    void aWrongBitAnywhereInTheTagIsRefused() {
        Integrity truncating = Integrity.acceptingTruncation(16);
        ByteBuffer sha1 = request().integrity(KEY).finish();
        ByteBuffer sha256 = request().integritySha256(KEY).finish();
        for (ByteBuffer whole : List.of(sha1, sha256)) {
            int tag = whole == sha1 ? 20 : 32;
            for (int i = 1; i <= tag; i++) {
                int at = whole.limit() - i;
                whole.put(at, (byte) (whole.get(at) ^ 0x40));
                assertThat(truncating.verify(message.wrap(whole), KEY))
                        .as("byte %s from the end of %s", i, tag)
                        .isFalse();
                whole.put(at, (byte) (whole.get(at) ^ 0x40));
            }
            assertThat(truncating.verify(message.wrap(whole), KEY)).isTrue();
        }
    }

    // RFC 8489 §14.6: the stronger one decides, or a forger would need only to break the weaker.
    @Test
    void sha256DecidesWhereBothArePresent() {
        message.wrap(request().integrity(OTHER).integritySha256(KEY).finish());
        assertThat(integrity.verify(message, KEY)).isTrue();

        message.wrap(request().integrity(KEY).integritySha256(OTHER).finish());
        assertThat(integrity.verify(message, KEY)).isFalse();
    }

    // RFC 8489 §14.6: whole unless the usage says otherwise; then 16 to 32 bytes and a multiple of 4.
    @ParameterizedTest
    @ValueSource(ints = {0, 4, 12, 15, 16, 17, 18, 20, 24, 28, 31, 32, 33, 36})
    void aTruncatedSha256IsTakenOnlyWhereTheUsageAllowsIt(int length) throws GeneralSecurityException {
        message.wrap(truncated(length));

        boolean legal = length >= 16 && length <= 32 && length % 4 == 0;
        assertThat(integrity.verify(message, KEY)).isEqualTo(length == 32);
        assertThat(Integrity.acceptingTruncation(16).verify(message, KEY)).isEqualTo(legal);
        assertThat(Integrity.acceptingTruncation(24).verify(message, KEY)).isEqualTo(legal && length >= 24);
    }

    @Test
    void noUsageMayTruncateBelow16Bytes() {
        assertThatIllegalArgumentException().isThrownBy(() -> Integrity.acceptingTruncation(12));
        assertThatIllegalArgumentException().isThrownBy(() -> Integrity.acceptingTruncation(36));
    }

    // RFC 8489 §14.5: exactly 20 bytes; the webrtc-rs decoder died of shorter ones.
    @ParameterizedTest
    @ValueSource(ints = {0, 4, 16, 19, 21, 32})
    void messageIntegrityOfAnotherLengthIsNotVerified(int length) {
        message.wrap(withAttribute(0x0008, new byte[length]));

        assertThat(integrity.verify(message, KEY)).isFalse();
    }

    @Test
    void keysOfEveryLengthGiveWhatThePlatformGives() throws GeneralSecurityException {
        SplittableRandom random = new SplittableRandom(7);
        for (int length = 1; length < 140; length++) {
            byte[] key = new byte[length];
            random.nextBytes(key);
            byte[] written = bytes(request()
                    .integrity(IntegrityKey.ofBytes(key))
                    .integritySha256(IntegrityKey.ofBytes(key))
                    .finish());
            int text = written.length - 24 - 36;

            assertThat(Arrays.copyOfRange(written, text + 4, text + 24))
                    .as("SHA-1, key of %d bytes", length)
                    .isEqualTo(mac("HmacSHA1", key, written, text, text + 24));
            assertThat(Arrays.copyOfRange(written, text + 28, text + 60))
                    .as("SHA-256, key of %d bytes", length)
                    .isEqualTo(mac("HmacSHA256", key, written, text + 24, text + 60));
        }
    }

    @Test
    void aLongMessageVerifiesAndThenAShortOne() {
        ByteBuffer data = ByteBuffer.allocate(2500);
        message.wrap(request().put(Attributes.DATA, data).integrity(KEY).finish());
        assertThat(integrity.verify(message, KEY)).isTrue();

        message.wrap(request().integrity(KEY).finish());
        assertThat(integrity.verify(message, KEY)).isTrue();
        assertThat(integrity.verify(message, OTHER)).isFalse();
    }

    // RFC 8489 §9.2.2
    @Test
    void theLongTermKeyIsTheHashOfNameRealmAndPassword() throws GeneralSecurityException {
        byte[] text = "user:realm:pass".getBytes(StandardCharsets.UTF_8);
        byte[] md5 = MessageDigest.getInstance("MD5").digest(text);
        byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(text);
        message.wrap(request().integrity(IntegrityKey.ofBytes(md5)).finish());
        assertThat(integrity.verify(message, IntegrityKey.longTerm("user", "realm", "pass")))
                .isTrue();

        message.wrap(request().integrity(IntegrityKey.ofBytes(sha256)).finish());
        assertThat(integrity.verify(message, IntegrityKey.longTermSha256("user", "realm", "pass")))
                .isTrue();
    }

    @Test
    void aKeyPrintsNothingOfItself() {
        assertThat(IntegrityKey.shortTerm("secret")).hasToString("IntegrityKey");
    }

    private static ByteBuffer truncated(int length) throws GeneralSecurityException {
        ByteBuffer datagram = withAttribute(0x001C, new byte[length]);
        byte[] key = "right".getBytes(StandardCharsets.UTF_8);
        byte[] value = mac("HmacSHA256", key, bytes(datagram), 20, datagram.limit());
        datagram.put(24, value, 0, Math.min(value.length, length));
        return datagram;
    }

    private static ByteBuffer withAttribute(int type, byte[] value) {
        int padded = value.length + 3 & ~3;
        ByteBuffer datagram = ByteBuffer.allocate(StunMessage.HEADER_LENGTH + 4 + padded);
        datagram.putInt(0x0001_0000 + 4 + padded).putInt(0x2112A442).putInt(1).putLong(2);
        return datagram.putShort((short) type)
                .putShort((short) value.length)
                .put(value)
                .position(0);
    }

    /** The HMAC as the standard words it: over the bytes before the attribute, with a length field that ends with it. */
    private static byte[] mac(String algorithm, byte[] key, byte[] written, int text, int end)
            throws GeneralSecurityException {
        byte[] covered = Arrays.copyOf(written, text);
        covered[2] = (byte) (end - 20 >>> 8);
        covered[3] = (byte) (end - 20);
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(key, algorithm));
        return mac.doFinal(covered);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        assertThat(HexFormat.of().formatHex(bytes)).isNotEmpty();
        return bytes;
    }
}
