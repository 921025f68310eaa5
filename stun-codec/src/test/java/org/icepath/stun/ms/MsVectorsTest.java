// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.Checksum;
import org.icepath.sansio.Framing;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.auth.Fingerprint;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.auth.IntegrityKey;
import org.junit.jupiter.api.Test;

/** Messages whose every byte was computed by somebody else. */
class MsVectorsTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final String ALLOCATE = "00030082a0a1a2a3a4a5a6a7a8a9aaabacadaeaf000f000472c64bc6800800040000000100"
            + "15000a227274636d6564696122001400103031323334353637383961626364656600060034010000200001020304050607202122"
            + "232425262728292a2b2c2d2e2f30313233404142434445464748494a4b4c4d4e4f5051525300080014d50a5f385a576a77f4d84c"
            + "e55cea147a94028a76";
    private static final String CHECK =
            "000100542112a442b0b1b2b3b4b5b6b7b8b9babb002400046efffeff802a00080011223344556677"
                    + "0006000c525252523a4c4c4c4c0000008054000431000000807000040000000200080014d48b886b7829f4c0cb0e76dac893fa32"
                    + "aee5ad848028000451b2e9bf";
    private static final IntegrityKey PASSWORD = IntegrityKey.shortTerm("VOkJxbRl1RmTxUk/WvJxBtX9");

    private final Integrity integrity = new Integrity();

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HEX.parseHex(hex));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String hex(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return HEX.formatHex(bytes);
    }

    // [MS-TURN] §2.2.2.3: the realm is hashed without its quotation marks, the text is filled to 64 bytes
    @Test
    void anAllocateRequestVerifiesUnderItsSha1KeyAlone() {
        StunMessage message = new StunMessage(MsTurnDialect.SHA1).wrap(bytes(ALLOCATE));
        byte[] username = HEX.parseHex("0100002000010203040506072021222324252627"
                + "28292a2b2c2d2e2f30313233404142434445464748494a4b4c4d4e4f50515253");
        byte[] password = HEX.parseHex("606162636465666768696a6b6c6d6e6f70717273");
        MsRealm realm = new MsRealm(message.get(MsTurnAttributes.REALM).orElseThrow());

        assertThat(realm.isQuoted()).isTrue();
        assertThat(message.valueEquals(MsTurnAttributes.USERNAME, username)).isTrue();
        assertThat(integrity.verify(message, MsTurnKey.sha1(username, realm.unquoted(), password)))
                .isTrue();
        assertThat(integrity.verify(message, MsTurnKey.sha1(username, realm.onTheWire(), password)))
                .isFalse();
    }

    @Test
    void theSameAllocateRequestIsWrittenAgain() {
        byte[] username = HEX.parseHex("0100002000010203040506072021222324252627"
                + "28292a2b2c2d2e2f30313233404142434445464748494a4b4c4d4e4f50515253");
        byte[] password = HEX.parseHex("606162636465666768696a6b6c6d6e6f70717273");
        StunMessage like = new StunMessage(MsTurnDialect.SHA1).wrap(bytes(ALLOCATE));

        ByteBuffer written = MsTurnType.ALLOCATE_REQUEST
                .answer(new StunWriter(MsTurnDialect.SHA1).wrap(ByteBuffer.allocate(300)), like)
                .putUint32(MsTurnAttributes.MS_VERSION, 1)
                .put(MsTurnAttributes.REALM, "\"rtcmedia\"")
                .put(MsTurnAttributes.NONCE, ByteBuffer.wrap(ascii("0123456789abcdef")))
                .put(MsTurnAttributes.USERNAME, ByteBuffer.wrap(username))
                .integrity(MsTurnKey.sha1(username, "rtcmedia", password))
                .finish();

        assertThat(hex(written)).isEqualTo(ALLOCATE);
    }

    // second reading A1: the nonce is in the key, the padding stays
    @Test
    void integrityBySha256DependsOnTheNonce() {
        byte[] message = HEX.parseHex("0003002c000102030405060708090a0b0c0d0e0f000f000472c64bc600080020"
                + "890e90e0fee6ed6fa33ac97ea00476162795e25a607386cc9817fa6ed8d2cd14");
        MsTurnKey key = MsTurnKey.sha256(ascii("user"), "realm", ascii("pass"), ByteBuffer.wrap(ascii("nonce")));
        MsTurnKey other = MsTurnKey.sha256(ascii("user"), "realm", ascii("pass"), ByteBuffer.wrap(ascii("nonce2")));

        StunMessage read = new StunMessage(MsTurnDialect.SHA256).wrap(ByteBuffer.wrap(message));
        assertThat(integrity.verify(read, key)).isTrue();
        assertThat(integrity.verify(read, other)).isFalse();
        assertThat(integrity.verify(new StunMessage(MsTurnDialect.SHA1).wrap(ByteBuffer.wrap(message)), key))
                .isFalse();
    }

    @Test
    void integrityBySha1IsNotTakenWhereSha256WasAgreedOn() {
        byte[] message = HEX.parseHex("00030020000102030405060708090a0b0c0d0e0f000f000472c64bc600080014"
                + "f4af03c6216f1976659f8721187cffc59eb7322a");
        MsTurnKey key = MsTurnKey.sha1(ascii("user"), "realm", ascii("pass"));

        assertThat(integrity.verify(new StunMessage(MsTurnDialect.SHA1).wrap(ByteBuffer.wrap(message)), key))
                .isTrue();
        assertThat(integrity.verify(new StunMessage(MsTurnDialect.SHA256).wrap(ByteBuffer.wrap(message)), key))
                .isFalse();
        assertThat(MsTurnDialect.between(6, 2)).isSameAs(MsTurnDialect.SHA1);
        assertThat(MsTurnDialect.between(2, 6)).isSameAs(MsTurnDialect.SHA1);
        assertThat(MsTurnDialect.between(6, 3)).isSameAs(MsTurnDialect.SHA256);
    }

    // digest §2.3: the length counts the FINGERPRINT, the text is filled to 64 bytes
    @Test
    void aCheckOfVersion2VerifiesAndIsWrittenAgain() {
        StunMessage message = new StunMessage(MsIce2Dialect.VERSION_2).wrap(bytes(CHECK));
        assertThat(Fingerprint.verify(message)).isTrue();
        assertThat(integrity.verify(message, PASSWORD)).isTrue();
        assertThat(NulFilled.text(message.get(MsIceAttributes.USERNAME).orElseThrow()))
                .isEqualTo("RRRR:LLLL");
        assertThat(integrity.verify(new StunMessage().wrap(bytes(CHECK)), PASSWORD))
                .isFalse();

        ByteBuffer written = new StunWriter(MsIce2Dialect.VERSION_2)
                .wrap(ByteBuffer.allocate(200))
                .request(org.icepath.stun.StunMethod.BINDING, new TransactionId(0xb0b1b2b3, 0xb4b5b6b7b8b9babbL))
                .putUint32(Attributes.PRIORITY, 0x6efffeffL)
                .putUint64(Attributes.ICE_CONTROLLING, 0x0011223344556677L)
                .putBytes(MsIceAttributes.USERNAME, NulFilled.of("RRRR:LLLL"))
                .putBytes(MsIceAttributes.CANDIDATE_IDENTIFIER, NulFilled.of("1"))
                .putUint32(MsIceAttributes.IMPLEMENTATION_VERSION, 2)
                .integrity(PASSWORD)
                .fingerprint()
                .finish();
        assertThat(hex(written)).isEqualTo(CHECK);
    }

    // [MS-ICE2] §3.1.4.8.2: the companion is equal but for its FINGERPRINT
    @Test
    void theCompanionOfACheckHasTheFingerprintOfOldStacks() {
        ByteBuffer companion = ByteBuffer.allocate(200);

        assertThat(CompanionMessage.write(bytes(CHECK), companion)).isTrue();

        assertThat(hex(companion)).isEqualTo(CHECK.substring(0, CHECK.length() - 8) + "6d71c795");
        StunMessage read = new StunMessage(MsIce2Dialect.VERSION_2).wrap(companion);
        assertThat(Fingerprint.verify(read)).isTrue();
        assertThat(integrity.verify(read, PASSWORD)).isTrue();
        assertThat(Fingerprint.verify(new StunMessage().wrap(companion))).isFalse();
        assertThatThrownBy(() -> CompanionMessage.write(bytes(ALLOCATE), companion))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theOldChecksumDiffersOnlyWhereItsWrongEntryIsMet() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        assertThat(sum(new LegacyCrc32(), all)).isEqualTo(0xd50713ebL);
        assertThat(sum(new CRC32(), all)).isEqualTo(0x29058c73L);
        assertThat(sum(new LegacyCrc32(), ascii("123456789"))).isEqualTo(0xcbf43926L);
    }

    private static long sum(Checksum checksum, byte[] bytes) {
        checksum.update(bytes, 0, bytes.length);
        return checksum.getValue();
    }

    // [MS-TURN] §2.1.1
    @Test
    void greetingsHaveTheirLayoutAndFreshRandomBytes() {
        java.util.SplittableRandom random = new java.util.SplittableRandom(1);
        ByteBuffer client = PseudoTls.clientHello(random, 0x01020304);
        ByteBuffer server = PseudoTls.serverHello(random, 0x01020304);

        assertThat(hex(client)).startsWith("160301002d01000029030101020304").endsWith("00000200180100");
        assertThat(hex(server)).startsWith("160301004e02000046030101020304").endsWith("0018000e000000");
        assertThat(PseudoTls.clientHelloLength(client)).isEqualTo(50);
        assertThat(PseudoTls.serverHelloLength(server)).isEqualTo(83);
        assertThat(PseudoTls.clientHelloLength(bytes("160301002d010000290301c1fcd5a36d93dd7e0b45673fec7985fbbc3fd660c2c"
                        + "e8485081b8121bcaa10fb00000200180100")))
                .isEqualTo(50);
        assertThat(hex(PseudoTls.clientHello(random, 0))).isNotEqualTo(hex(PseudoTls.clientHello(random, 0)));
    }

    @Test
    void aGreetingMayComeInPiecesAndIsRefusedAtItsFirstWrongByte() {
        ByteBuffer server = PseudoTls.serverHello(new java.util.SplittableRandom(2), 7);
        for (int there = 0; there < PseudoTls.SERVER_HELLO_LENGTH; there++) {
            assertThat(PseudoTls.serverHelloLength(server.slice(0, there))).isEqualTo(Framing.NEED_MORE);
        }
        server.put(5, (byte) 1);
        assertThat(PseudoTls.serverHelloLength(server.slice(0, 5))).isEqualTo(Framing.NEED_MORE);
        assertThat(PseudoTls.serverHelloLength(server.slice(0, 6))).isEqualTo(Framing.BROKEN);
        assertThat(PseudoTls.clientHelloLength(server)).isEqualTo(Framing.BROKEN);
    }

    // [MS-TURN] §2.1.4
    @Test
    void framesOnAStreamKeepTheirType() {
        ByteBuffer stream = ByteBuffer.allocate(64);
        MsStreamFraming.writeHeader(stream, MsStreamFraming.DATA, 3);
        stream.put(new byte[] {1, 2, 3});
        MultiplexedFrame.writeHeader(stream, 0x0102030405060708L, 1);
        stream.put((byte) 9).flip();
        MsStreamFraming framing = MsStreamFraming.INSTANCE;

        assertThat(framing.frameLength(stream)).isEqualTo(7);
        assertThat(MsStreamFraming.type(stream)).isEqualTo(MsStreamFraming.DATA);
        assertThat(framing.frameLength(stream.position(7))).isEqualTo(13);
        assertThat(MultiplexedFrame.isFrame(stream)).isTrue();
        assertThat(MultiplexedFrame.sessionId(stream)).isEqualTo(0x0102030405060708L);
        assertThat(framing.frameLength(bytes("0200"))).isEqualTo(Framing.NEED_MORE);
        assertThat(framing.frameLength(bytes("0201"))).isEqualTo(Framing.BROKEN);
        assertThat(framing.frameLength(bytes("00"))).isEqualTo(Framing.BROKEN);
        assertThat(framing.frameLength(bytes("ff11"))).isEqualTo(Framing.BROKEN);
    }

    @Test
    void aMultiplexedFrameOfAWrongLengthIsNone() {
        assertThat(MultiplexedFrame.isFrame(bytes("ff100008" + "0102030405060708")))
                .isTrue();
        assertThat(MultiplexedFrame.isFrame(bytes("ff100009" + "0102030405060708")))
                .isFalse();
        assertThat(MultiplexedFrame.isFrame(bytes("ff100008" + "01020304050607")))
                .isFalse();
        assertThatThrownBy(
                        () -> MultiplexedFrame.writeHeader(ByteBuffer.allocate(20), 1, MultiplexedFrame.MAX_DATA + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
