// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.icepath.stun.Attribute;
import org.icepath.stun.StunDialect;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunParseException;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rows of the dialects: their code points, where each field lies, and what every length makes of them. */
class MsAttributesTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] ID = HEX.parseHex("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf");
    private static final int BEYOND = 4;

    /** Digest §1.2 and §8, by the second reading. */
    private static final String TABLE = """
            0001 MAPPED-ADDRESS
            0006 USERNAME
            0008 MESSAGE-INTEGRITY
            0009 ERROR-CODE
            000a UNKNOWN-ATTRIBUTES
            000d LIFETIME
            000e MS-ALTERNATE-SERVER
            000f MAGIC-COOKIE
            0010 BANDWIDTH
            0011 DESTINATION-ADDRESS
            0012 REMOTE-ADDRESS
            0013 DATA
            0014 MS-NONCE
            0015 MS-REALM
            0017 REQUESTED-ADDRESS-FAMILY
            8006 MS-0x8006
            8008 MS-VERSION
            8020 MS-XOR-MAPPED-ADDRESS
            8022 SOFTWARE
            8032 MS-ALTERNATE-HOST-NAME
            8037 MS-APP-ID
            8039 MS-SECURE-TAG
            8050 MS-SEQUENCE-NUMBER
            8055 MS-SERVICE-QUALITY
            8056 BW-ADMISSION-CONTROL-MESSAGE
            8057 BW-RESERVATION-IDENTIFIER
            8058 BW-RESERVATION-AMOUNT
            8059 REMOTE-SITE-ADDRESS
            805a REMOTE-RELAY-SITE-ADDRESS
            805b LOCAL-SITE-ADDRESS
            805c LOCAL-RELAY-SITE-ADDRESS
            805d REMOTE-SITE-ADDRESS-RESPONSE
            805e REMOTE-RELAY-SITE-ADDRESS-RESPONSE
            805f LOCAL-SITE-ADDRESS-RESPONSE
            8060 LOCAL-RELAY-SITE-ADDRESS-RESPONSE
            8061 SIP-DIALOG-ID
            8062 SIP-CALL-ID
            8068 LOCATION-PROFILE
            8090 MS-ALTERNATE-MAPPED-ADDRESS
            8095 MULTIPLEXED-TURN-SESSION-ID
            """;

    private static final Map<Attribute<?>, Function<SplittableRandom, Object>> DRAWN = Map.of(
            MsTurnAttributes.SEQUENCE_NUMBER, MsAttributesTest::sequenceNumber,
            MsTurnAttributes.SERVICE_QUALITY,
                    random -> new MsServiceQuality(random.nextInt(1 << 16), random.nextInt(9)),
            MsTurnAttributes.BW_RESERVATION_AMOUNT,
                    random -> new BandwidthAmount(uint32(random), uint32(random), uint32(random), uint32(random)),
            MsTurnAttributes.REMOTE_SITE_RESPONSE, random -> site(random, random.nextBoolean()),
            MsTurnAttributes.LOCAL_SITE_RESPONSE, random -> site(random, random.nextBoolean()),
            MsTurnAttributes.REMOTE_RELAY_SITE_RESPONSE, random -> site(random, false),
            MsTurnAttributes.LOCAL_RELAY_SITE_RESPONSE, random -> site(random, false),
            MsTurnAttributes.LOCATION_PROFILE,
                    random -> new LocationProfile(random.nextInt(256), random.nextInt(256), random.nextInt(256)));

    private static long uint32(SplittableRandom random) {
        return random.nextLong(1L << 32);
    }

    private static SiteResponse site(SplittableRandom random, boolean failOver) {
        return new SiteResponse(random.nextBoolean(), failOver, uint32(random), uint32(random));
    }

    private static Object sequenceNumber(SplittableRandom random) {
        byte[] id = new byte[random.nextBoolean() ? 20 : 0];
        random.nextBytes(id);
        return new MsSequenceNumber(id, uint32(random));
    }

    /** All but the cookie, which is the first attribute and has one value. */
    static List<Attribute<?>> rows() {
        return Stream.concat(MsTurnAttributes.all().stream(), MsIceAttributes.all().stream())
                .filter(row -> row != MsTurnAttributes.MAGIC_COOKIE)
                .distinct()
                .toList();
    }

    private static StunDialect dialectOf(Attribute<?> row) {
        return MsTurnAttributes.all().contains(row) ? MsTurnDialect.SHA1 : MsIce2Dialect.VERSION_2;
    }

    private static ByteBuffer withAttribute(int type, byte[] value) {
        int length = 8 + 4 + value.length;
        return ByteBuffer.allocate(StunMessage.HEADER_LENGTH + length)
                .putShort((short) MsTurnType.ALLOCATE_REQUEST.bits())
                .putShort((short) length)
                .put(ID)
                .putInt(0x000F_0004)
                .putInt(0x72C6_4BC6)
                .putShort((short) type)
                .putShort((short) value.length)
                .put(value)
                .flip();
    }

    private static StunMessage message(int type, byte[] value) {
        return new StunMessage(MsTurnDialect.SHA1).wrap(withAttribute(type, value));
    }

    private static <T> String written(Attribute<T> row, T value) {
        ByteBuffer head = withAttribute(0, new byte[0]);
        StunMessage request = new StunMessage(MsTurnDialect.SHA1).wrap(head);
        StunWriter writer = new StunWriter(MsTurnDialect.SHA1).wrap(ByteBuffer.allocate(500));
        ByteBuffer whole = MsTurnType.ALLOCATE_REQUEST
                .answer(writer, request)
                .put(row, value)
                .finish();
        int from = whole.position() + StunMessage.HEADER_LENGTH + 8 + 4;
        return HEX.formatHex(whole.array(), from, whole.limit());
    }

    @Test
    void everyAttributeOfTheDigestHasItsRowAndNoOther() {
        Map<Integer, String> ours = new TreeMap<>();
        MsTurnAttributes.all().forEach(row -> ours.put(row.type(), row.name()));
        Map<Integer, String> theirs = new TreeMap<>();
        TABLE.lines().forEach(line -> theirs.put(Integer.parseInt(line.substring(0, 4), 16), line.substring(5)));

        assertThat(ours).isEqualTo(theirs);
        assertThat(MsIceAttributes.all())
                .extracting(Attribute::type)
                .containsExactly(0x0006, 0x8033, 0x8036, 0x8037, 0x8054, 0x8070, 0x8095);
        MsTurnAttributes.all()
                .forEach(row -> assertThat(MsTurnAttributes.byType(row.type()).orElseThrow())
                        .isSameAs(row));
        assertThat(MsTurnAttributes.byType(0x8033)).isEmpty();
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(address, port);
    }

    /** Values in which no two fields are alike, and their bytes by the layouts of the digest. */
    static Stream<Arguments> layouts() {
        InetSocketAddress ipv4 = at("192.0.2.1", 3_478);
        InetSocketAddress ipv6 = at("2001:db8::24", 52_280);
        String plain6 = "0002cc3820010db8000000000000000000000024";
        String masked4 = "0001" + "ad37" + "60a1a0a2";
        String masked6 = "0002" + "6c99" + "80a0af1ba4a5a6a7a8a9aaabacadae8b";
        return Stream.of(
                Arguments.of(MsTurnAttributes.ALTERNATE_HOST_NAME, "av", "6176"),
                Arguments.of(MsTurnAttributes.SECURE_TAG, ByteBuffer.wrap(new byte[] {1, 2, 3}), "010203"),
                Arguments.of(MsTurnAttributes.ALTERNATE_MAPPED_ADDRESS, ipv6, plain6),
                Arguments.of(MsTurnAttributes.ALTERNATE_SERVER, ipv4, "00010d96c0000201"),
                Arguments.of(MsTurnAttributes.DESTINATION_ADDRESS, ipv6, plain6),
                Arguments.of(MsTurnAttributes.XOR_MAPPED_ADDRESS, ipv4, masked4),
                Arguments.of(MsTurnAttributes.XOR_MAPPED_ADDRESS, ipv6, masked6),
                Arguments.of(MsTurnAttributes.REMOTE_SITE_ADDRESS, ipv4, masked4),
                Arguments.of(MsTurnAttributes.REMOTE_RELAY_SITE_ADDRESS, ipv6, masked6),
                Arguments.of(MsTurnAttributes.LOCAL_SITE_ADDRESS, ipv6, masked6),
                Arguments.of(MsTurnAttributes.LOCAL_RELAY_SITE_ADDRESS, ipv4, masked4),
                Arguments.of(MsTurnAttributes.BW_ADMISSION_CONTROL, 2L, "00000002"),
                Arguments.of(MsTurnAttributes.BW_RESERVATION_ID, ByteBuffer.wrap(ID), HEX.formatHex(ID)),
                Arguments.of(
                        MsTurnAttributes.BW_RESERVATION_AMOUNT,
                        new BandwidthAmount(0xFFFF_FFFEL, 2, 3, 4),
                        "fffffffe" + "00000002" + "00000003" + "00000004"),
                Arguments.of(
                        MsTurnAttributes.REMOTE_SITE_RESPONSE,
                        new SiteResponse(true, false, 5, 0xFFFF_FFFFL),
                        "80000000" + "00000005" + "ffffffff"),
                Arguments.of(
                        MsTurnAttributes.LOCAL_SITE_RESPONSE,
                        new SiteResponse(false, true, 5, 6),
                        "40000000" + "00000005" + "00000006"),
                Arguments.of(
                        MsTurnAttributes.REMOTE_RELAY_SITE_RESPONSE,
                        new SiteResponse(true, false, 7, 8),
                        "80000000" + "00000007" + "00000008"),
                Arguments.of(
                        MsTurnAttributes.LOCAL_RELAY_SITE_RESPONSE,
                        new SiteResponse(false, false, 7, 8),
                        "00000000" + "00000007" + "00000008"),
                Arguments.of(MsTurnAttributes.SIP_DIALOG_ID, ByteBuffer.wrap(new byte[] {9}), "09"),
                Arguments.of(MsTurnAttributes.SIP_CALL_ID, ByteBuffer.wrap(new byte[] {8, 7}), "0807"),
                Arguments.of(MsTurnAttributes.LOCATION_PROFILE, new LocationProfile(1, 2, 255), "0102ff00"),
                Arguments.of(MsTurnAttributes.SERVICE_QUALITY, new MsServiceQuality(2, 1), "00020001"),
                Arguments.of(MsTurnAttributes.SEQUENCE_NUMBER, new MsSequenceNumber(new byte[0], 258), "00000102"),
                Arguments.of(
                        MsTurnAttributes.SEQUENCE_NUMBER,
                        new MsSequenceNumber(Arrays.copyOf(ID, 20), 1),
                        HEX.formatHex(ID) + "00000000" + "00000001"));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    <T> void fieldsLieWhereTheDigestHasThem(Attribute<T> row, T value, String hex) {
        assertThat(written(row, value)).isEqualTo(hex);
        assertThat(message(row.type(), HEX.parseHex(hex)).get(row)).contains(value);
    }

    // [MS-TURNBWM] §2.2.9, §2.2.11: 31 bits of the flags are reserved there.
    @Test
    void reservedBitsOfARelaysSiteSayNothing() {
        StunMessage message = message(0x805E, HEX.parseHex("ffffffff0000000100000002"));

        assertThat(message.get(MsTurnAttributes.REMOTE_RELAY_SITE_RESPONSE))
                .contains(new SiteResponse(true, false, 1, 2));
        assertThatThrownBy(
                        () -> written(MsTurnAttributes.LOCAL_RELAY_SITE_RESPONSE, new SiteResponse(true, true, 1, 2)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    static Stream<ThrowingCallable> tooLarge() {
        long large = 1L << 32;
        return Stream.of(
                () -> new SiteResponse(true, true, large, 0),
                () -> new SiteResponse(true, true, 0, -1),
                () -> new BandwidthAmount(large, 0, 0, 0),
                () -> new BandwidthAmount(0, -1, 0, 0),
                () -> new BandwidthAmount(0, 0, large, 0),
                () -> new BandwidthAmount(0, 0, 0, large),
                () -> new LocationProfile(256, 0, 0),
                () -> new LocationProfile(0, -1, 0),
                () -> new LocationProfile(0, 0, 256),
                () -> new MsServiceQuality(1 << 16, 0),
                () -> new MsSequenceNumber(new byte[20], large));
    }

    @ParameterizedTest
    @MethodSource("tooLarge")
    void whatDoesNotFitIsRefusedAndNotCut(ThrowingCallable made) {
        assertThatThrownBy(made).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @MethodSource("rows")
    <T> void everyRowReadsWhatItWrites(Attribute<T> row) {
        StunDialect dialect = dialectOf(row);
        StunWriter writer = new StunWriter(dialect);
        StunMessage message = new StunMessage(dialect);
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            TransactionId id = TransactionId.next(random);
            T value = draw(random, row);
            writer.wrap(ByteBuffer.allocate(2_000)).header(0x0003, dialect.headerWord(id), id);
            dialect.begin(writer);

            message.wrap(writer.put(row, value).finish());

            assertThat(message.get(row)).as("seed %d", seed).contains(value);
            assertThat(message.transactionId()).isEqualTo(id);
        }
    }

    @SuppressWarnings("unchecked") // the table says which type a row has
    private static <T> T draw(SplittableRandom random, Attribute<T> row) {
        Function<SplittableRandom, Object> own = DRAWN.get(row);
        if (own != null) {
            return (T) own.apply(random);
        }
        return row == MsIceAttributes.MS_8033 ? (T) Boolean.TRUE : Values.draw(random, row);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyLengthGivesAValueOrALocatedFault(Attribute<?> row) {
        int most = Math.max(row.minLength(), Math.min(row.maxLength(), 48)) + BEYOND;
        int values = 0;
        for (int length = 0; length <= most; length++) {
            boolean inBounds = length >= row.minLength() && length <= row.maxLength();
            for (int filling : new int[] {0, 1, 2, 4, 0xFF}) {
                byte[] value = new byte[length];
                Arrays.fill(value, (byte) filling);
                String fault = fault(row, value);
                values += fault.isEmpty() ? 1 : 0;
                assertThat(fault).matches(inBounds ? "|" + row.name() + "/.*" : row.name() + "/length");
            }
        }
        assertThat(values).as("values that could be read").isPositive();
    }

    /** The place of the fault, or nothing where there is a value. */
    private static String fault(Attribute<?> row, byte[] value) {
        try {
            assertThat(message(row.type(), value).get(row)).isPresent();
            return "";
        } catch (StunParseException e) {
            return e.place();
        }
    }
}
