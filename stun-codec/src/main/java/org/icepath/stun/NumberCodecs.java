// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.nio.ByteBuffer;

/** Values that are one number or one bit. Reserved bytes are written as zero and ignored when read. */
final class NumberCodecs {

    static final ValueCodec<Long> UINT32 =
            fixed(4, (buffer, at) -> buffer.getInt(at) & 0xFFFFFFFFL, (buffer, at, value, attribute) -> {
                requireRange(attribute, value, 0xFFFFFFFFL);
                buffer.putInt(at, value.intValue());
            });

    static final ValueCodec<Long> UINT64 =
            fixed(8, ByteBuffer::getLong, (buffer, at, value, attribute) -> buffer.putLong(at, value));

    static final ValueCodec<Integer> UINT8_OF_4 =
            fixed(4, (buffer, at) -> buffer.get(at) & 0xFF, (buffer, at, value, attribute) -> {
                requireRange(attribute, value, 0xFF);
                buffer.putInt(at, value << 24);
            });

    /** Some servers leave the reserved half away; it carries nothing. */
    static final ValueCodec<Integer> UINT16_OF_4 =
            new FixedCodec<>(2, 4, (buffer, at) -> buffer.getShort(at) & 0xFFFF, (buffer, at, value, attribute) -> {
                requireRange(attribute, value, 0xFFFF);
                buffer.putInt(at, value << 16);
            });

    /** The highest bit of one byte, as in EVEN-PORT (RFC 8656 §18.6). */
    static final ValueCodec<Boolean> HIGH_BIT = fixed(
            1,
            (buffer, at) -> buffer.get(at) < 0,
            (buffer, at, value, attribute) -> buffer.put(at, (byte) (value ? 0x80 : 0)));

    /** Nothing at all; what senders nevertheless put there is ignored. */
    static final ValueCodec<Boolean> FLAG = new ValueCodec<>() {
        @Override
        public int minLength() {
            return 0;
        }

        @Override
        public int maxLength() {
            return 0xFFFF;
        }

        @Override
        public Boolean read(StunMessage message, Attribute<Boolean> attribute, int offset, int length) {
            return Boolean.TRUE;
        }

        @Override
        public void write(StunWriter writer, Attribute<Boolean> attribute, Boolean value) {
            if (value) {
                writer.open(attribute, 0);
            }
        }
    };

    private NumberCodecs() {}

    static <T> ValueCodec<T> fixed(int length, Reader<T> reader, Writer<T> writer) {
        return new FixedCodec<>(length, length, reader, writer);
    }

    static void requireRange(Attribute<?> attribute, long value, long max) {
        if (value < 0 || value > max) {
            throw attribute.refused("of " + value + " is not within 0 to " + max);
        }
    }

    /** Takes a value out of its bytes. */
    @FunctionalInterface
    interface Reader<T> {
        T read(ByteBuffer buffer, int at);
    }

    /** Puts a value into its bytes, all of which it sets. */
    @FunctionalInterface
    interface Writer<T> {
        void write(ByteBuffer buffer, int at, T value, Attribute<T> attribute);
    }

    /** A value whose length is known beforehand; written with the longest form. */
    private record FixedCodec<T>(int minLength, int maxLength, Reader<T> reader, Writer<T> writer)
            implements ValueCodec<T> {

        @Override
        public T read(StunMessage message, Attribute<T> attribute, int offset, int length) {
            return reader.read(message.buffer(), offset);
        }

        @Override
        public void write(StunWriter stun, Attribute<T> attribute, T value) {
            int at = stun.open(attribute, maxLength);
            writer.write(stun.buffer(), at, value, attribute);
        }
    }
}
