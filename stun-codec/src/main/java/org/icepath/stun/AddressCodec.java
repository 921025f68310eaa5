// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * A transport address, in the clear or under the cookie and the transaction id (RFC 8489 §14.1, §14.2).
 *
 * <pre>
 *  0                   1                   2                   3
 * |0 0 0 0 0 0 0 0|    Family     |         Port                  |
 * |                 Address (32 bits or 128 bits)                 |
 * </pre>
 *
 * An IPv4-mapped IPv6 address is read as the IPv4 address that it is.
 */
enum AddressCodec implements ValueCodec<InetSocketAddress> {
    PLAIN,
    XOR;

    static final int IPV4_LENGTH = 8;
    static final int IPV6_LENGTH = 20;

    @Override
    public int minLength() {
        return IPV4_LENGTH;
    }

    @Override
    public int maxLength() {
        return IPV6_LENGTH;
    }

    @Override
    public InetSocketAddress read(StunMessage message, Attribute<InetSocketAddress> attribute, int offset, int length) {
        AddressFamily family = family(message, attribute, offset, length);
        ByteBuffer buffer = message.buffer();
        byte[] address = new byte[family.length()];
        buffer.get(offset + 4, address);
        int port = buffer.getShort(offset + 2) & 0xFFFF;
        if (this == XOR) {
            port ^= message.headerWord() >>> 16;
            for (int i = 0; i < address.length; i++) {
                address[i] ^= message.headerByte(4 + i);
            }
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 bytes is legal", e);
        }
    }

    /** The family, after its length was checked against the value's. */
    static AddressFamily family(StunMessage message, Attribute<?> attribute, int offset, int length) {
        AddressFamily family = AddressFamily.of(attribute, message.buffer().get(offset + 1) & 0xFF);
        if (length != 4 + family.length()) {
            throw attribute.fault("length", "is " + length + " bytes, must be " + (4 + family.length()));
        }
        return family;
    }

    @Override
    public void write(StunWriter writer, Attribute<InetSocketAddress> attribute, InetSocketAddress value) {
        InetAddress address = value.getAddress();
        if (address == null) {
            throw attribute.refused("cannot carry a name that was not resolved");
        }
        byte[] bytes = address.getAddress();
        int at = writer.open(attribute, 4 + bytes.length);
        ByteBuffer buffer = writer.buffer();
        int family = bytes.length == 4 ? 1 : 2;
        int port = value.getPort();
        if (this == PLAIN) {
            buffer.putInt(at, family << 16 | port);
            buffer.put(at + 4, bytes);
            return;
        }
        buffer.putInt(at, family << 16 | port ^ writer.headerWord() >>> 16);
        for (int i = 0; i < bytes.length; i++) {
            buffer.put(at + 4 + i, (byte) (bytes[i] ^ writer.headerByte(4 + i)));
        }
    }
}
