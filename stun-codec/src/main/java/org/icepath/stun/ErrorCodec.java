// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.nio.ByteBuffer;

/**
 * An error code and its reason phrase (RFC 8489 §14.8).
 *
 * <pre>
 *  0                   1                   2                   3
 * |           Reserved, should be 0         |Class|     Number    |
 * |      Reason Phrase (variable)                                ..
 * </pre>
 *
 * ADDRESS-ERROR-CODE has a family in its first byte (RFC 8656 §18.12).
 */
final class ErrorCodec {

    private static final int HEAD = 4;

    static final ValueCodec<ErrorCode> ERROR_CODE = new ValueCodec<>() {
        @Override
        public int minLength() {
            return HEAD;
        }

        @Override
        public int maxLength() {
            return HEAD + TextLimit.PHRASE.readBytes();
        }

        @Override
        public ErrorCode read(StunMessage message, Attribute<ErrorCode> attribute, int offset, int length) {
            return readError(message, attribute, offset, length);
        }

        @Override
        public void write(StunWriter writer, Attribute<ErrorCode> attribute, ErrorCode value) {
            writeError(writer, attribute, 0, value);
        }
    };

    static final ValueCodec<AddressErrorCode> ADDRESS_ERROR_CODE = new ValueCodec<>() {
        @Override
        public int minLength() {
            return HEAD;
        }

        @Override
        public int maxLength() {
            return HEAD + TextLimit.PHRASE.readBytes();
        }

        @Override
        public AddressErrorCode read(
                StunMessage message, Attribute<AddressErrorCode> attribute, int offset, int length) {
            AddressFamily family = AddressFamily.of(attribute, message.buffer().get(offset) & 0xFF);
            return new AddressErrorCode(family, readError(message, attribute, offset, length));
        }

        @Override
        public void write(StunWriter writer, Attribute<AddressErrorCode> attribute, AddressErrorCode value) {
            writeError(writer, attribute, value.family().code(), value.error());
        }
    };

    private ErrorCodec() {}

    private static ErrorCode readError(StunMessage message, Attribute<?> attribute, int offset, int length) {
        ByteBuffer buffer = message.buffer();
        int errorClass = buffer.get(offset + 2) & 7;
        int number = buffer.get(offset + 3) & 0xFF;
        if (errorClass < 3 || errorClass > 6) {
            throw attribute.fault("class", "is " + errorClass + ", must be 3 to 6");
        }
        if (number > 99) {
            throw attribute.fault("number", "is " + number + ", must be 0 to 99");
        }
        return new ErrorCode(100 * errorClass + number, TextCodec.decode(message, offset + HEAD, length - HEAD));
    }

    private static void writeError(StunWriter writer, Attribute<?> attribute, int firstByte, ErrorCode error) {
        byte[] reason = TextCodec.encode(attribute, TextLimit.PHRASE, error.reason());
        int at = writer.open(attribute, HEAD + reason.length);
        ByteBuffer buffer = writer.buffer();
        buffer.putInt(at, firstByte << 24 | error.errorClass() << 8 | error.code() % 100);
        buffer.put(at + HEAD, reason);
    }
}
