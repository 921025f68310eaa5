// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.icepath.stun.auth.Fingerprint;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.auth.IntegrityKey;
import org.junit.jupiter.api.Test;

class StunMessageTest {

    private static final TransactionId ID = new TransactionId(0x01020304, 0x05060708090A0B0CL);
    private static final IntegrityKey KEY = IntegrityKey.shortTerm("password");
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("192.0.2.7", 4321);

    private final StunMessage message = new StunMessage();
    private final Integrity integrity = new Integrity();

    private static StunWriter request() {
        return StunWriter.into(ByteBuffer.allocate(2000)).request(StunMethod.BINDING, ID);
    }

    /** Appends an attribute to a finished message and corrects its length field, as anybody on the path can. */
    private static ByteBuffer append(ByteBuffer finished, int type, byte[] value) {
        int padded = value.length + 3 & ~3;
        ByteBuffer longer = ByteBuffer.allocate(finished.remaining() + 4 + padded);
        longer.put(finished.duplicate())
                .putShort((short) type)
                .putShort((short) value.length)
                .put(value);
        longer.clear();
        longer.putShort(2, (short) (longer.capacity() - StunMessage.HEADER_LENGTH));
        return longer;
    }

    // RFC 8489 §14.5: what follows MESSAGE-INTEGRITY is not protected by it and must be ignored.
    @Test
    void attributesAfterMessageIntegrityAreNotSeen() {
        ByteBuffer honest =
                request().put(Attributes.PRIORITY, 5L).integrity(KEY).finish();
        ByteBuffer smuggled = append(append(honest, 0x0025, new byte[0]), 0x000D, new byte[4]);
        smuggled = append(smuggled, 0x0024, new byte[4]);

        message.wrap(smuggled);

        assertThat(message.has(Attributes.USE_CANDIDATE)).isFalse();
        assertThat(message.get(Attributes.LIFETIME)).isEmpty();
        assertThat(message.uint32(Attributes.PRIORITY, -1)).isEqualTo(5);
        assertThat(message.unknownComprehensionRequired(type -> type == 0x0024 || type == 0x0008))
                .isEmpty();
        assertThat(integrity.verify(message, KEY)).isTrue();
        assertThat(types(false)).containsExactly(0x0024, 0x0008);
        assertThat(types(true)).containsExactly(0x0024, 0x0008, 0x0025, 0x000D, 0x0024);
    }

    // RFC 8489 §14.6
    @Test
    void theSha256TwinAndTheFingerprintAreSeenAfterMessageIntegrity() {
        message.wrap(request()
                .put(Attributes.PRIORITY, 5L)
                .integrity(KEY)
                .integritySha256(KEY)
                .fingerprint()
                .finish());

        assertThat(types(false)).containsExactly(0x0024, 0x0008, 0x001C, 0x8028);
        assertThat(Fingerprint.verify(message)).isTrue();
        assertThat(integrity.verify(message, KEY)).isTrue();
    }

    // RFC 8489 §14.6: after the SHA-256 twin even MESSAGE-INTEGRITY is ignored.
    @Test
    void messageIntegrityAfterItsSha256TwinIsNotSeen() {
        ByteBuffer honest = request().integritySha256(KEY).finish();

        message.wrap(append(honest, 0x0008, new byte[20]));

        assertThat(message.has(Attributes.MESSAGE_INTEGRITY)).isFalse();
        assertThat(integrity.verify(message, KEY)).isTrue();
    }

    // RFC 8489 §14.7: FINGERPRINT must be the last attribute.
    @Test
    void aFingerprintThatIsNotLastIsNotRight() {
        ByteBuffer honest = request().put(Attributes.PRIORITY, 5L).fingerprint().finish();

        message.wrap(append(honest, 0x0025, new byte[0]));

        assertThat(message.has(Attributes.FINGERPRINT)).isTrue();
        assertThat(Fingerprint.verify(message)).isFalse();
        assertThat(Fingerprint.absentOrRight(message)).isFalse();
        assertThat(message.has(Attributes.USE_CANDIDATE)).isFalse();
    }

    // RFC 8489 §14: only the first of two counts.
    @Test
    void ofARepeatedAttributeTheFirstIsTaken() {
        message.wrap(request()
                .put(Attributes.PRIORITY, 1L)
                .put(Attributes.PRIORITY, 2L)
                .finish());

        assertThat(message.get(Attributes.PRIORITY)).contains(1L);
        assertThat(types(false)).containsExactly(0x0024, 0x0024);
    }

    // RFC 8489 §6.3.1: they go into UNKNOWN-ATTRIBUTES of a 420.
    @Test
    void unknownAttributesOfTheLowerHalfAreReportedOnceInOrder() {
        ByteBuffer strange = append(request().put(Attributes.PRIORITY, 1L).finish(), 0x7ABC, new byte[3]);
        strange = append(append(strange, 0xFABC, new byte[1]), 0x0F0F, new byte[0]);

        message.wrap(append(strange, 0x7ABC, new byte[0]));

        assertThat(message.unknownComprehensionRequired()).containsExactly(0x7ABC, 0x0F0F);
        assertThat(message.unknownComprehensionRequired(type -> type == 0x7ABC)).containsExactly(0x0024, 0x0F0F);
    }

    @Test
    void anErrorResponseNamesCodeAndUnknownAttributes() {
        StunMessage request = new StunMessage().wrap(request().finish());

        message.wrap(StunWriter.into(ByteBuffer.allocate(100))
                .errorResponse(request, ErrorCode.UNKNOWN_ATTRIBUTE, "Unknown", 0x7ABC, 0x0F0F)
                .finish());

        assertThat(message.messageClass()).isEqualTo(StunClass.ERROR);
        assertThat(message.matches(ID)).isTrue();
        assertThat(message.get(Attributes.ERROR_CODE)).contains(new ErrorCode(420, "Unknown"));
        assertThat(message.get(Attributes.UNKNOWN_ATTRIBUTES)).contains(List.of(0x7ABC, 0x0F0F));
    }

    @Test
    void aMessageWithMoreAttributesThanAnyoneSendsIsRefused() {
        StunWriter writer = request();
        for (int i = 0; i < StunMessage.MAX_ATTRIBUTES; i++) {
            writer.put(Attributes.USE_CANDIDATE);
        }
        ByteBuffer most = writer.finish();
        message.wrap(most);
        assertThat(types(false)).hasSize(StunMessage.MAX_ATTRIBUTES);

        ByteBuffer tooMany = append(most, 0x0025, new byte[0]);

        assertFault(tooMany, "attributes/count");
    }

    @Test
    void brokenHeadersAndAttributesAreLocated() {
        assertFault(hex(""), "header");
        assertFault(hex("000100002112a4420102030405060708090a0b"), "header");
        assertFault(hex("400100002112a4420102030405060708090a0b0c"), "header/type");
        assertFault(hex("000100042112a4420102030405060708090a0b0c"), "header/length");
        assertFault(hex("000100002112a4430102030405060708090a0b0c"), "header/cookie");
        assertFault(hex("000100022112a4420102030405060708090a0b0c0000"), "attributes");
        assertFault(hex("000100042112a4420102030405060708090a0b0c00240004"), "PRIORITY/length");
        assertFault(hex("000100042112a4420102030405060708090a0b0c0abc0001"), "0x0abc/length");
        assertFault(hex("000100052112a4420102030405060708090a0b0c0006000161"), "attributes");
        assertFault(hex("000100082112a4420102030405060708090a0b0c0006000561626300"), "USERNAME/length");
        assertFault(
                hex("000100202112a4420102030405060708090a0b0c"
                        + "000800140000000000000000000000000000000000000000"
                        + "0024ffff00000000"),
                "PRIORITY/length");
    }

    @Test
    void afterAFaultNothingOfTheDatagramIsLeft() {
        message.wrap(request().put(Attributes.PRIORITY, 1L).finish());

        assertFault(hex("000100042112a4420102030405060708090a0b0c00240004"), "PRIORITY/length");

        assertThat(message.has(Attributes.PRIORITY)).isFalse();
        assertThat(message.matches(ID)).isFalse();
        assertThat(message.length()).isEqualTo(StunMessage.HEADER_LENGTH);
        assertThat(integrity.verify(message, KEY)).isFalse();
        assertThat(Fingerprint.verify(message)).isFalse();
    }

    @Test
    void theHeaderAloneTellsStunFromOtherData() {
        assertThat(StunMessage.isStun(request().finish())).isTrue();
        assertThat(StunMessage.isStun(RfcVectors.message("rfc5769-2.1-request")))
                .isTrue();
        assertThat(StunMessage.isStun(hex("000100002112a4420102030405060708090a0b")))
                .isFalse();
        assertThat(StunMessage.isStun(hex("000100002112a4430102030405060708090a0b0c")))
                .isFalse();
        assertThat(StunMessage.isStun(hex("800100002112a4420102030405060708090a0b0c")))
                .isFalse();
        assertThat(StunMessage.isStun(hex("000100042112a4420102030405060708090a0b0c")))
                .isFalse();
        assertThat(StunMessage.isStun(hex("000100022112a4420102030405060708090a0b0c0000")))
                .isFalse();
    }

    // RFC 3489 §11.1: 128 bits of transaction id, no cookie.
    @Test
    void aMessageOfRfc3489IsReadOnlyWhereItIsAskedFor() {
        ByteBuffer classic = hex("0101000cdeadbeef0102030405060708090a0b0c00010008000110e1c0000207");

        assertFault(classic, "header/cookie");
        message.wrapClassic(classic);

        assertThat(message.rfc3489()).isTrue();
        assertThat(message.headerWord()).isEqualTo(0xdeadbeef);
        assertThat(message.transactionId()).isEqualTo(ID);
        assertThat(message.matches(ID)).isFalse();
        assertThat(message.get(Attributes.MAPPED_ADDRESS)).contains(ADDRESS);
    }

    @Test
    void anAnswerToRfc3489EchoesAll128Bits() {
        StunMessage classic = new StunMessage().wrapClassic(hex("00010000deadbeef0102030405060708090a0b0c"));

        message.wrapClassic(StunWriter.into(ByteBuffer.allocate(100))
                .respond(StunClass.SUCCESS, classic)
                .put(Attributes.MAPPED_ADDRESS, ADDRESS)
                .finish());

        assertThat(message.headerWord()).isEqualTo(0xdeadbeef);
        assertThat(message.transactionId()).isEqualTo(ID);
        assertThat(message.type()).isEqualTo(0x0101);
    }

    @Test
    void everyKindOfBufferIsReadAlikeAndLeftAsItWas() {
        byte[] request = RfcVectors.bytes("rfc5769-2.1-request");
        ByteBuffer heap = ByteBuffer.allocate(200);
        ByteBuffer direct = ByteBuffer.allocateDirect(200);
        List<ByteBuffer> buffers = new ArrayList<>();
        for (ByteBuffer buffer : List.of(heap, direct)) {
            buffer.position(17).put(request).flip().position(17);
            buffers.add(buffer);
            buffers.add(buffer.slice());
            buffers.add(buffer.asReadOnlyBuffer());
        }
        for (ByteBuffer buffer : buffers) {
            int position = buffer.position();
            int limit = buffer.limit();
            message.wrap(buffer);

            assertThat(message.get(Attributes.USERNAME)).contains("evtj:h6vY");
            assertThat(message.valueBytes(Attributes.USERNAME))
                    .asString(US_ASCII)
                    .isEqualTo("evtj:h6vY");
            assertThat(message.valueBytes(Attributes.REALM)).isEmpty();
            assertThat(Fingerprint.verify(message)).isTrue();
            assertThat(integrity.verify(message, IntegrityKey.shortTerm(RfcVectors.PASSWORD)))
                    .isTrue();
            assertThat(buffer.position()).isEqualTo(position);
            assertThat(buffer.limit()).isEqualTo(limit);
            byte[] after = new byte[request.length];
            buffer.get(position, after);
            assertThat(after).isEqualTo(request);
        }
    }

    @Test
    void aLittleEndianBufferIsTheCallersMistake() {
        ByteBuffer buffer = request().finish().order(ByteOrder.LITTLE_ENDIAN);

        assertThatIllegalArgumentException().isThrownBy(() -> message.wrap(buffer));
        assertThatIllegalArgumentException().isThrownBy(() -> StunWriter.into(buffer));
    }

    @Test
    void theCursorReadsAddressesWithoutObjects() {
        InetSocketAddress ipv6 = new InetSocketAddress("2001:db8:1234:5678:11:2233:4455:6677", 32853);
        message.wrap(request()
                .put(Attributes.XOR_PEER_ADDRESS, ADDRESS)
                .put(Attributes.MAPPED_ADDRESS, ADDRESS)
                .put(Attributes.XOR_PEER_ADDRESS, ipv6)
                .put(Attributes.OTHER_ADDRESS, ipv6)
                .finish());
        AttributeCursor cursor = new AttributeCursor().over(message);
        List<String> seen = new ArrayList<>();

        while (cursor.next()) {
            seen.add(cursor.family() + " " + Long.toHexString(cursor.addressHigh()) + " "
                    + Long.toHexString(cursor.addressLow()) + " " + cursor.port());
        }

        assertThat(seen)
                .containsExactly(
                        "IPV4 0 c0000207 4321",
                        "IPV4 0 c0000207 4321",
                        "IPV6 20010db812345678 11223344556677 32853",
                        "IPV6 20010db812345678 11223344556677 32853");
        assertThatThrownBy(cursor::type).isInstanceOf(IllegalStateException.class);
    }

    private List<Integer> types(boolean all) {
        AttributeCursor cursor = all ? new AttributeCursor().overAll(message) : new AttributeCursor().over(message);
        List<Integer> types = new ArrayList<>();
        while (cursor.next()) {
            types.add(cursor.type());
        }
        return types;
    }

    private void assertFault(ByteBuffer datagram, String place) {
        assertThatThrownBy(() -> message.wrap(datagram))
                .isInstanceOfSatisfying(
                        StunParseException.class, e -> assertThat(e.place()).isEqualTo(place));
    }

    private static ByteBuffer hex(String digits) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(digits));
    }
}
