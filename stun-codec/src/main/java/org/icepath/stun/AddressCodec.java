// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.net.Inet4Address;
import java.net.Inet6Address;
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
                address[i] = (byte) (address[i] ^ message.headerByte(4 + i));
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
        int familyAndPort = value.getPort();
        if (this == XOR) {
            familyAndPort ^= writer.headerWord() >>> 16;
        }
        if (value.getAddress() instanceof Inet4Address ipv4) {
            int at = writer.open(attribute, IPV4_LENGTH);
            writer.buffer().putInt(at, 1 << 16 | familyAndPort);
            writer.buffer().putInt(at + 4, this == XOR ? bits(ipv4) ^ writer.headerWord() : bits(ipv4));
        } else if (value.getAddress() instanceof Inet6Address ipv6) {
            int at = writer.open(attribute, IPV6_LENGTH);
            writer.buffer().putInt(at, 2 << 16 | familyAndPort);
            writeIpv6(writer, at + 4, ipv6.getAddress());
        } else {
            throw attribute.refused("cannot carry a name that was not resolved");
        }
    }

    /** Read by constant index, so that the array which the platform makes need not be allocated. */
    private static int bits(Inet4Address address) {
        byte[] bytes = address.getAddress();
        return bytes[0] << 24 | (bytes[1] & 0xFF) << 16 | (bytes[2] & 0xFF) << 8 | (bytes[3] & 0xFF);
    }

    private void writeIpv6(StunWriter writer, int at, byte[] address) {
        for (int i = 0; i < address.length; i++) {
            int mask = this == XOR ? writer.headerByte(4 + i) : 0;
            writer.buffer().put(at + i, (byte) (address[i] ^ mask));
        }
    }
}
