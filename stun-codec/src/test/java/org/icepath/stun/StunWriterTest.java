// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.icepath.stun.auth.IntegrityKey;
import org.junit.jupiter.api.Test;

class StunWriterTest {

    private static final TransactionId ID = new TransactionId(0x01020304, 0x05060708090A0B0CL);
    private static final IntegrityKey KEY = IntegrityKey.shortTerm("password");

    private static StunWriter writer(int room) {
        return StunWriter.into(ByteBuffer.allocate(room)).request(StunMethod.BINDING, ID);
    }

    @Test
    void theMessageLiesBetweenPositionAndLimitOfTheCallersBuffer() {
        ByteBuffer buffer = ByteBuffer.allocate(100).position(36);
        Arrays.fill(buffer.array(), (byte) 0x55);

        ByteBuffer finished = StunWriter.into(buffer)
                .indication(StunMethod.BINDING, ID)
                .put(Attributes.SOFTWARE, "abcde")
                .finish();

        assertThat(finished).isSameAs(buffer);
        assertThat(finished.position()).isEqualTo(36);
        assertThat(HexFormat.of().formatHex(buffer.array(), 36, finished.limit()))
                .isEqualTo("0011000c2112a4420102030405060708090a0b0c" + "802200056162636465000000");
        assertThat(buffer.get(35)).isEqualTo((byte) 0x55);
        assertThat(buffer.array()[finished.limit()]).isEqualTo((byte) 0x55);
    }

    @Test
    void whatDoesNotFitIsNamed() {
        assertThatIllegalStateException()
                .isThrownBy(() -> writer(40).put(Attributes.SOFTWARE, "a text that is too long"))
                .withMessageContaining("SOFTWARE");
        assertThatIllegalStateException()
                .isThrownBy(() -> writer(40).integrity(KEY))
                .withMessageContaining("MESSAGE-INTEGRITY");
        assertThatIllegalStateException()
                .isThrownBy(() -> writer(24).fingerprint())
                .withMessageContaining("FINGERPRINT");
        assertThatIllegalStateException().isThrownBy(() -> writer(19)).withMessageContaining("header");
        assertThat(writer(44).integrity(KEY).finish().remaining()).isEqualTo(44);
    }

    @Test
    void nothingFollowsWhatClosesTheMessage() {
        assertThatIllegalStateException()
                .isThrownBy(() -> writer(200).integrity(KEY).put(Attributes.USE_CANDIDATE));
        assertThatIllegalStateException()
                .isThrownBy(() -> writer(200).integrity(KEY).integrity(KEY));
        assertThatIllegalStateException()
                .isThrownBy(() -> writer(200).integritySha256(KEY).integrity(KEY));
        assertThatIllegalStateException()
                .isThrownBy(() -> writer(200).fingerprint().fingerprint());
        assertThatIllegalStateException()
                .isThrownBy(() -> writer(200).fingerprint().integrity(KEY));
    }

    @Test
    void aMessageBeginsWithAHeader() {
        StunWriter writer = StunWriter.into(ByteBuffer.allocate(100));

        assertThatIllegalStateException().isThrownBy(() -> writer.put(Attributes.USE_CANDIDATE));
        assertThatIllegalStateException().isThrownBy(writer::finish);
    }

    // RFC 8489 §14.3, §14.9
    @Test
    void textBeyondItsLimitIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer(2000).put(Attributes.USERNAME, "u".repeat(509)))
                .withMessageContaining("USERNAME");
        assertThatIllegalArgumentException().isThrownBy(() -> writer(2000).put(Attributes.REALM, "r".repeat(128)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer(2000).put(Attributes.SOFTWARE, "\u00e9".repeat(128)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer(2000).put(Attributes.ERROR_CODE, new ErrorCode(400, "x".repeat(128))));
        assertThat(writer(2000)
                        .put(Attributes.REALM, "\u30de".repeat(127))
                        .finish()
                        .remaining())
                .isEqualTo(20 + 4 + 381 + 3);
    }

    @Test
    void valuesThatNoRowCanHoldAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> writer(100).put(Attributes.PRIORITY, -1L));
        assertThatIllegalArgumentException().isThrownBy(() -> writer(100).putUint32(Attributes.PRIORITY, 1L << 32));
        assertThatIllegalArgumentException().isThrownBy(() -> writer(100).put(Attributes.CHANNEL_NUMBER, 1 << 16));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer(100).put(Attributes.USERHASH, ByteBuffer.allocate(31)));
        assertThatIllegalArgumentException().isThrownBy(() -> writer(100).putBytes(Attributes.USERHASH, new byte[33]));
        assertThatIllegalArgumentException().isThrownBy(() -> writer(100)
                .put(Attributes.XOR_MAPPED_ADDRESS, InetSocketAddress.createUnresolved("turn.example", 1)));
    }

    @Test
    void aFlagThatIsFalseIsNotWritten() {
        assertThat(writer(100).put(Attributes.USE_CANDIDATE, false).finish().remaining())
                .isEqualTo(20);
        assertThat(writer(100).put(Attributes.USE_CANDIDATE).finish().remaining())
                .isEqualTo(24);
    }

    @Test
    void preparedBytesAndTextGiveTheSameMessage() {
        ByteBuffer text = writer(100)
                .put(Attributes.USERNAME, "abc:d")
                .put(Attributes.PRIORITY, 7L)
                .finish();
        ByteBuffer bytes = writer(100)
                .putBytes(Attributes.USERNAME, "abc:d".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .putUint32(Attributes.PRIORITY, 7)
                .finish();

        assertThat(bytes).isEqualTo(text);
    }
}
