// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Password algorithms with their parameters (RFC 8489 §14.11, §14.12).
 *
 * <pre>
 *  0                   1                   2                   3
 * |          Algorithm           |  Algorithm Parameters Length   |
 * |                    Algorithm Parameters (variable), padded    |
 * </pre>
 */
final class AlgorithmCodec {

    private static final int MOST_PARAMETERS = 0xFFF8;

    static final ValueCodec<AlgorithmChoice> ONE = new ValueCodec<>() {
        @Override
        public int minLength() {
            return 4;
        }

        @Override
        public int maxLength() {
            return 0xFFFF;
        }

        @Override
        public AlgorithmChoice read(StunMessage message, Attribute<AlgorithmChoice> attribute, int offset, int length) {
            return readOne(message.buffer(), attribute, offset, offset + length);
        }

        @Override
        public void write(StunWriter writer, Attribute<AlgorithmChoice> attribute, AlgorithmChoice value) {
            requireLength(attribute, value.paddedLength());
            writeOne(writer.buffer(), writer.open(attribute, value.paddedLength()), value);
        }
    };

    static final ValueCodec<List<AlgorithmChoice>> LIST = new ValueCodec<>() {
        @Override
        public int minLength() {
            return 0;
        }

        @Override
        public int maxLength() {
            return 0xFFFF;
        }

        @Override
        public List<AlgorithmChoice> read(
                StunMessage message, Attribute<List<AlgorithmChoice>> attribute, int offset, int length) {
            List<AlgorithmChoice> choices = new ArrayList<>();
            int at = offset;
            while (at < offset + length) {
                AlgorithmChoice choice = readOne(message.buffer(), attribute, at, offset + length);
                choices.add(choice);
                at += choice.paddedLength();
            }
            return List.copyOf(choices);
        }

        @Override
        public void write(StunWriter writer, Attribute<List<AlgorithmChoice>> attribute, List<AlgorithmChoice> value) {
            int length = value.stream().mapToInt(AlgorithmChoice::paddedLength).sum();
            requireLength(attribute, length);
            int at = writer.open(attribute, length);
            for (AlgorithmChoice choice : value) {
                writeOne(writer.buffer(), at, choice);
                at += choice.paddedLength();
            }
        }
    };

    private AlgorithmCodec() {}

    /** Accepts a last entry whose padding is not counted in the attribute's length. */
    private static AlgorithmChoice readOne(ByteBuffer buffer, Attribute<?> attribute, int at, int end) {
        if (end - at < 4) {
            throw attribute.fault("algorithm", (end - at) + " bytes are left, must be 4 or more");
        }
        int length = buffer.getShort(at + 2) & 0xFFFF;
        if (length > end - at - 4) {
            throw attribute.fault("parameters", "are " + length + " bytes, " + (end - at - 4) + " are left");
        }
        List<Integer> parameters = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            parameters.add(buffer.get(at + 4 + i) & 0xFF);
        }
        return new AlgorithmChoice(buffer.getShort(at) & 0xFFFF, parameters);
    }

    private static void writeOne(ByteBuffer buffer, int at, AlgorithmChoice choice) {
        List<Integer> parameters = choice.parameters();
        buffer.putInt(at, choice.algorithm() << 16 | parameters.size());
        for (int i = 0; i < choice.paddedLength() - 4; i++) {
            buffer.put(at + 4 + i, i < parameters.size() ? parameters.get(i).byteValue() : 0);
        }
    }

    private static void requireLength(Attribute<?> attribute, int length) {
        if (length > MOST_PARAMETERS) {
            throw attribute.refused("of " + length + " bytes is too long");
        }
    }
}
