// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the UDP datagram or TCP segment in a frame, also the one that an ICMP error quotes. Fragments other than the first are passed
 * over.
 */
public final class PacketReader {

    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMPV6 = 58;
    private static final int ICMP_HEADER_LENGTH = 8;
    private static final int SYN = 0x02;
    private static final int ACK = 0x10;

    private PacketReader() {}

    /** The datagrams and segments of these frames. */
    public static List<CapturedPacket> read(Collection<CapturedFrame> frames) {
        return frames.stream().map(PacketReader::read).flatMap(Optional::stream).toList();
    }

    /** The datagram or segment of a frame, if it has one. */
    public static Optional<CapturedPacket> read(CapturedFrame frame) {
        ByteBuffer packet = LinkLayer.networkPacket(frame.linkType(), frame.data());
        NetworkPacket inner = packet == null ? null : network(packet);
        return inner == null ? Optional.empty() : Optional.ofNullable(transport(frame, inner));
    }

    private static @Nullable NetworkPacket network(ByteBuffer packet) {
        NetworkPacket outer =
                switch (packet.hasRemaining() ? packet.get(0) >>> 4 & 0xF : 0) {
                    case 4 -> ipv4(packet);
                    case 6 -> ipv6(packet);
                    default -> null;
                };
        return outer != null && isIcmpError(outer)
                ? network(outer.payload.slice(ICMP_HEADER_LENGTH, outer.payload.limit() - ICMP_HEADER_LENGTH))
                : outer;
    }

    /** Whether it quotes a packet that did not get there (RFC 792, RFC 4443 §3): each level is shorter than the one around it. */
    private static boolean isIcmpError(NetworkPacket packet) {
        if (packet.payload.limit() <= ICMP_HEADER_LENGTH) {
            return false;
        }
        int type = packet.payload.get(0) & 0xFF;
        return switch (packet.protocol) {
            case ICMP -> type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
            case ICMPV6 -> type >= 1 && type <= 4;
            default -> false;
        };
    }

    private record NetworkPacket(InetAddress source, InetAddress destination, int protocol, ByteBuffer payload) {}

    private static @Nullable NetworkPacket ipv4(ByteBuffer packet) {
        if (packet.limit() < 20) {
            return null;
        }
        int header = (packet.get(0) & 0xF) * 4;
        int total = uint16(packet, 2);
        // A total length of 0 is what offloading to the network card leaves in a capture.
        int end = total == 0 ? packet.limit() : Math.min(total, packet.limit());
        boolean laterFragment = (uint16(packet, 6) & 0x1FFF) != 0;
        if (header < 20 || header > end || laterFragment) {
            return null;
        }
        return new NetworkPacket(
                address(packet, 12, 4),
                address(packet, 16, 4),
                packet.get(9) & 0xFF,
                packet.slice(header, end - header));
    }

    private static @Nullable NetworkPacket ipv6(ByteBuffer packet) {
        if (packet.limit() < 40) {
            return null;
        }
        int length = uint16(packet, 4);
        int end = length == 0 ? packet.limit() : Math.min(40 + length, packet.limit());
        int next = packet.get(6) & 0xFF;
        int at = 40;
        while (isExtension(next) && end - at >= 8) {
            if (next == 44 && (uint16(packet, at + 2) & 0xFFF8) != 0) {
                return null;
            }
            int units = packet.get(at + 1) & 0xFF;
            int size = next == 44 ? 8 : next == 51 ? (units + 2) * 4 : (units + 1) * 8;
            next = packet.get(at) & 0xFF;
            at += size;
        }
        return at > end
                ? null
                : new NetworkPacket(address(packet, 8, 16), address(packet, 24, 16), next, packet.slice(at, end - at));
    }

    /** Hop-by-hop, routing, fragment, authentication, destination options (RFC 8200 §4). */
    private static boolean isExtension(int header) {
        return header == 0 || header == 43 || header == 44 || header == 51 || header == 60;
    }

    private static @Nullable CapturedPacket transport(CapturedFrame frame, NetworkPacket packet) {
        return switch (packet.protocol) {
            case UDP -> udp(frame, packet);
            case TCP -> tcp(frame, packet);
            default -> null;
        };
    }

    private static @Nullable CapturedPacket udp(CapturedFrame frame, NetworkPacket packet) {
        ByteBuffer datagram = packet.payload;
        if (datagram.limit() < 8) {
            return null;
        }
        int end = Math.max(8, Math.min(uint16(datagram, 4), datagram.limit()));
        return new CapturedPacket(
                frame.number(),
                frame.timeNanos(),
                false,
                new InetSocketAddress(packet.source, uint16(datagram, 0)),
                new InetSocketAddress(packet.destination, uint16(datagram, 2)),
                0,
                false,
                datagram.slice(8, end - 8));
    }

    private static @Nullable CapturedPacket tcp(CapturedFrame frame, NetworkPacket packet) {
        ByteBuffer segment = packet.payload;
        if (segment.limit() < 20) {
            return null;
        }
        int header = (segment.get(12) >>> 4 & 0xF) * 4;
        if (header < 20 || header > segment.limit()) {
            return null;
        }
        return new CapturedPacket(
                frame.number(),
                frame.timeNanos(),
                true,
                new InetSocketAddress(packet.source, uint16(segment, 0)),
                new InetSocketAddress(packet.destination, uint16(segment, 2)),
                segment.getInt(4) & 0xFFFF_FFFFL,
                (segment.get(13) & (SYN | ACK)) == SYN,
                segment.slice(header, segment.limit() - header));
    }

    private static InetAddress address(ByteBuffer packet, int at, int length) {
        byte[] bytes = new byte[length];
        packet.get(at, bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(length + " bytes are an address", e);
        }
    }

    private static int uint16(ByteBuffer buffer, int at) {
        return (buffer.get(at) & 0xFF) << 8 | (buffer.get(at + 1) & 0xFF);
    }
}
