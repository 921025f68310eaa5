// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every attribute at every length. Decoders have died of an ERROR-CODE of 2 bytes, of a XOR-MAPPED-ADDRESS of 4, of a USERNAME of
 * 600 (CVE-2021-37706, CVE-2022-23537, CVE-2026-25994): the answer must be a value or a located fault.
 */
class ShortLengthTest {

    private static final int BEYOND = 4;
    private static final int USUAL_MOST = 48;

    private final StunMessage message = new StunMessage();
    private final AttributeCursor cursor = new AttributeCursor();

    static List<Attribute<?>> rows() {
        return Attributes.all();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyLengthGivesAValueOrALocatedFault(Attribute<?> row) {
        int most = Math.max(row.minLength(), Math.min(row.maxLength(), USUAL_MOST)) + BEYOND;
        int values = 0;
        for (int length = 0; length <= most; length++) {
            for (byte[] value : fillings(length)) {
                values += read(row, value) ? 1 : 0;
            }
        }
        assertThat(values).as("values that could be read").isPositive();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void lengthsOutsideTheRowsBoundsAreFaultsOfTheLength(Attribute<?> row) {
        for (int length : new int[] {row.minLength() - 1, row.maxLength() + 1}) {
            if (length < 0 || length > 0xFFFF) {
                continue;
            }
            message.wrap(withAttribute(row.type(), new byte[length]));
            assertThat(fault(row)).as("%s of %d bytes", row, length).isEqualTo(row.name() + "/length");
        }
    }

    @Test
    void anAddressOfUnknownFamilyIsLocated() {
        message.wrap(withAttribute(0x0020, new byte[] {0, 3, 1, 2, 3, 4, 5, 6}));

        assertThat(fault(Attributes.XOR_MAPPED_ADDRESS)).isEqualTo("XOR-MAPPED-ADDRESS/family");
    }

    @Test
    void anAddressWhoseLengthIsOfTheOtherFamilyIsLocated() {
        byte[] ipv6 = new byte[20];
        ipv6[1] = 1;
        message.wrap(withAttribute(0x0020, ipv6));

        assertThat(fault(Attributes.XOR_MAPPED_ADDRESS)).isEqualTo("XOR-MAPPED-ADDRESS/length");
    }

    // RFC 8489 §14.8: reserved bits are to be ignored; a class outside 3 to 6 or a number above 99 is no code.
    @Test
    void errorCodesAreCheckedAndTheirReservedBitsAreNot() {
        message.wrap(withAttribute(0x0009, new byte[] {-1, -1, (byte) 0xFC, 1, 'n', 'o'}));
        assertThat(message.get(Attributes.ERROR_CODE)).contains(new ErrorCode(401, "no"));

        message.wrap(withAttribute(0x0009, new byte[] {0, 0, 2, 1}));
        assertThat(fault(Attributes.ERROR_CODE)).isEqualTo("ERROR-CODE/class");

        message.wrap(withAttribute(0x0009, new byte[] {0, 0, 4, 100}));
        assertThat(fault(Attributes.ERROR_CODE)).isEqualTo("ERROR-CODE/number");
    }

    // RFC 8489 §14.3, §14.9: 508 bytes of USERNAME, 763 of REALM may be read.
    @Test
    void textIsReadUpToItsLimitAndNotBeyond() {
        message.wrap(withAttribute(0x0006, new byte[508]));
        assertThat(message.get(Attributes.USERNAME))
                .hasValueSatisfying(name -> assertThat(name).hasSize(508));

        message.wrap(withAttribute(0x0006, new byte[509]));
        assertThat(fault(Attributes.USERNAME)).isEqualTo("USERNAME/length");

        message.wrap(withAttribute(0x0014, new byte[763]));
        assertThat(message.get(Attributes.REALM)).isPresent();

        message.wrap(withAttribute(0x0014, new byte[764]));
        assertThat(fault(Attributes.REALM)).isEqualTo("REALM/length");
    }

    @Test
    void malformedUtf8IsReplacedAndNeverThrown() {
        message.wrap(withAttribute(0x8022, new byte[] {'a', (byte) 0xFF, (byte) 0xC3, 'b'}));

        assertThat(message.get(Attributes.SOFTWARE)).contains("a\uFFFD\uFFFDb");
    }

    private boolean read(Attribute<?> row, byte[] value) {
        message.wrap(withAttribute(row.type(), value));
        assertThat(message.length(row)).isEqualTo(value.length);
        String fault = fault(row);
        if (!fault.isEmpty()) {
            assertThat(fault).startsWith(row.name() + "/");
        }
        readPrimitives(row, value.length);
        return fault.isEmpty();
    }

    /** The place of the fault, or nothing where there is a value. */
    private String fault(Attribute<?> row) {
        try {
            assertThat(message.get(row)).isPresent();
            return "";
        } catch (StunParseException e) {
            assertThat(e.getStackTrace()).isEmpty();
            return e.place();
        }
    }

    private void readPrimitives(Attribute<?> row, int length) {
        assertThat(cursor.over(message).next()).isTrue();
        assertThat(cursor.length()).isEqualTo(length);
        try {
            if (cursor.isAddress()) {
                cursor.family();
                cursor.port();
                cursor.addressHigh();
                cursor.addressLow();
            }
            cursor.uint8(0);
            cursor.uint16(0);
            cursor.uint32(0);
            cursor.uint64(0);
        } catch (StunParseException e) {
            assertThat(e.place()).startsWith(row.name() + "/");
        }
    }

    private static List<byte[]> fillings(int length) {
        byte[] ones = new byte[length];
        Arrays.fill(ones, (byte) 1);
        byte[] twos = new byte[length];
        Arrays.fill(twos, (byte) 2);
        byte[] full = new byte[length];
        Arrays.fill(full, (byte) -1);
        byte[] error = new byte[length];
        Arrays.fill(error, 0, Math.min(1, length), (byte) 1);
        Arrays.fill(error, Math.min(2, length), length, (byte) 4);
        byte[] random = new byte[length];
        new SplittableRandom(length).nextBytes(random);
        return List.of(new byte[length], ones, twos, full, error, random);
    }

    static ByteBuffer withAttribute(int type, byte[] value) {
        int padded = value.length + 3 & ~3;
        ByteBuffer datagram = ByteBuffer.allocate(StunMessage.HEADER_LENGTH + 4 + padded);
        datagram.putInt(0x0001_0000 | (4 + padded & 0xFFFF))
                .putInt(StunDialect.MAGIC_COOKIE)
                .position(20);
        datagram.putShort((short) type)
                .putShort((short) value.length)
                .put(value)
                .position(0);
        return datagram;
    }
}
