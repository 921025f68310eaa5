// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** Builds packets and capture files from hexadecimal text. */
final class Hex {

    static final String BINDING = "000100002112a442" + "0102030405060708090a0b0c";

    private Hex() {}

    static byte[] bytes(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }

    static String text(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return HexFormat.of().formatHex(bytes);
    }

    static String udp(String payload) {
        int length = 8 + payload.length() / 2;
        return String.format("03e8 0d96 %04x 0000", length) + payload;
    }

    /** A TCP segment from port 1000 to 3478. */
    static String tcp(long sequence, int flags, String payload) {
        return String.format("03e8 0d96 %08x 00000000 50%02x 0000 0000 0000", sequence & 0xFFFF_FFFFL, flags) + payload;
    }

    /** An IPv4 packet from 10.0.0.1 to 10.0.0.2. */
    static String ipv4(int protocol, String payload) {
        int length = 20 + bytes(payload).length;
        return String.format("4500 %04x 0000 0000 40 %02x 0000 0a000001 0a000002", length, protocol) + payload;
    }

    /** An IPv6 packet from 2001:db8::1 to 2001:db8::2. */
    static String ipv6(int next, String payload) {
        return String.format("60000000 %04x %02x 40", bytes(payload).length, next)
                + "20010db8000000000000000000000001"
                + "20010db8000000000000000000000002"
                + payload;
    }

    /** A pcap file of one frame, captured 1.5 s after 1970. */
    static byte[] pcap(ByteOrder order, int magic, int linkType, String... frames) {
        ByteBuffer file = ByteBuffer.allocate(10_000).order(order);
        file.putInt(magic).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0);
        file.putInt(65_535).putInt(linkType);
        for (String frame : frames) {
            byte[] data = bytes(frame);
            int half = magic == 0xA1B2C3D4 ? 500_000 : 500_000_000;
            file.putInt(1).putInt(half).putInt(data.length).putInt(data.length).put(data);
        }
        byte[] written = new byte[file.position()];
        file.get(0, written);
        return written;
    }

    static byte[] raw(String... packets) {
        return pcap(ByteOrder.LITTLE_ENDIAN, 0xA1B2C3D4, 101, packets);
    }
}
