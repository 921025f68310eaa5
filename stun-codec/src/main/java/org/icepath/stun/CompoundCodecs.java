// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Values of a few numbers. Reserved bits are written as zero and ignored when read. */
final class CompoundCodecs {

    /** The C0-C2 bits of the request in the last byte: IP 4, port 2 (RFC 5780 §7.2). */
    static final ValueCodec<ChangeRequest> CHANGE_REQUEST = NumberCodecs.fixed(
            4,
            (buffer, at) -> new ChangeRequest((buffer.get(at + 3) & 4) != 0, (buffer.get(at + 3) & 2) != 0),
            (buffer, at, value, attribute) ->
                    buffer.putInt(at, (value.changeIp() ? 4 : 0) | (value.changePort() ? 2 : 0)));

    /** 16 bits reserved, 8 for the request, 8 for the response (RFC 7982 §3). */
    static final ValueCodec<TransmitCounter> TRANSMIT_COUNTER = NumberCodecs.fixed(
            4,
            (buffer, at) -> new TransmitCounter(buffer.get(at + 2) & 0xFF, buffer.get(at + 3) & 0xFF),
            (buffer, at, value, attribute) -> buffer.putInt(at, value.request() << 8 | value.response()));

    /** 16 bits for the network, 16 for its cost. */
    static final ValueCodec<NetworkCost> NETWORK_COST = NumberCodecs.fixed(
            4,
            (buffer, at) -> new NetworkCost(buffer.getShort(at) & 0xFFFF, buffer.getShort(at + 2) & 0xFFFF),
            (buffer, at, value, attribute) -> buffer.putInt(at, value.networkId() << 16 | value.cost()));

    /** 16 bits reserved, type 7, code 9, data 32 (RFC 8656 §18.13). */
    static final ValueCodec<IcmpError> ICMP = NumberCodecs.fixed(
            8,
            (buffer, at) -> {
                int typeAndCode = buffer.getShort(at + 2) & 0xFFFF;
                return new IcmpError(typeAndCode >>> 9, typeAndCode & 0x1FF, buffer.getInt(at + 4) & 0xFFFFFFFFL);
            },
            (buffer, at, value, attribute) -> {
                buffer.putInt(at, value.type() << 9 | value.code());
                buffer.putInt(at + 4, (int) value.data());
            });

    /** A family code in the first byte of four (RFC 8656 §18.8, §18.11). */
    static final ValueCodec<AddressFamily> ADDRESS_FAMILY = new ValueCodec<>() {
        @Override
        public int minLength() {
            return 4;
        }

        @Override
        public int maxLength() {
            return 4;
        }

        @Override
        public AddressFamily read(StunMessage message, Attribute<AddressFamily> attribute, int offset, int length) {
            return AddressFamily.of(attribute, message.buffer().get(offset) & 0xFF);
        }

        @Override
        public void write(StunWriter writer, Attribute<AddressFamily> attribute, AddressFamily value) {
            int at = writer.open(attribute, 4);
            writer.buffer().putInt(at, value.code() << 24);
        }
    };

    /** Attribute types of 16 bits each (RFC 8489 §14.13). RFC 3489 repeats one of them for padding. */
    static final ValueCodec<List<Integer>> TYPES = new ValueCodec<>() {
        @Override
        public int minLength() {
            return 0;
        }

        @Override
        public int maxLength() {
            return 0xFFFF;
        }

        @Override
        public List<Integer> read(StunMessage message, Attribute<List<Integer>> attribute, int offset, int length) {
            if ((length & 1) != 0) {
                throw attribute.fault("length", "is " + length + " bytes, must be even");
            }
            List<Integer> types = new ArrayList<>(length / 2);
            for (int at = offset; at < offset + length; at += 2) {
                types.add(message.buffer().getShort(at) & 0xFFFF);
            }
            return List.copyOf(types);
        }

        @Override
        public void write(StunWriter writer, Attribute<List<Integer>> attribute, List<Integer> types) {
            int at = writer.open(attribute, 2 * types.size());
            ByteBuffer buffer = writer.buffer();
            for (int i = 0; i < types.size(); i++) {
                NumberCodecs.requireRange(attribute, types.get(i), 0xFFFF);
                buffer.putShort(at + 2 * i, types.get(i).shortValue());
            }
        }
    };

    private CompoundCodecs() {}
}
