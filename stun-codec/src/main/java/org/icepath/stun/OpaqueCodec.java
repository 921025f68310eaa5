// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.nio.ByteBuffer;

/** Bytes as they are. What is read is a read-only view of the message's buffer. */
record OpaqueCodec(int minLength, int maxLength) implements ValueCodec<ByteBuffer> {

    @Override
    public ByteBuffer read(StunMessage message, Attribute<ByteBuffer> attribute, int offset, int length) {
        return message.buffer().slice(offset, length).asReadOnlyBuffer();
    }

    @Override
    public void write(StunWriter writer, Attribute<ByteBuffer> attribute, ByteBuffer value) {
        int length = value.remaining();
        if (length < minLength || length > maxLength) {
            throw attribute.refused("of " + length + " bytes is not " + minLength + " to " + maxLength + " bytes long");
        }
        int at = writer.open(attribute, length);
        writer.buffer().put(at, value, value.position(), length);
    }
}
