// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.nio.ByteBuffer;
import java.util.function.Function;

/**
 * Values of a dialect's own: a pure function each way.
 *
 * @param reader takes the value's bytes from position to limit; an {@link IllegalArgumentException} of it means that they are none
 */
record BytesCodec<T>(int minLength, int maxLength, Function<ByteBuffer, T> reader, Function<T, byte[]> writer)
        implements ValueCodec<T> {

    @Override
    public T read(StunMessage message, Attribute<T> attribute, int offset, int length) {
        try {
            return reader.apply(message.buffer().slice(offset, length).asReadOnlyBuffer());
        } catch (IllegalArgumentException e) {
            throw attribute.fault("value", String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void write(StunWriter writer, Attribute<T> attribute, T value) {
        byte[] bytes = this.writer.apply(value);
        attribute.requireWritable(bytes.length);
        writer.putValue(attribute, bytes);
    }
}
