// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import org.icepath.ice.IcePath;
import org.icepath.turn.wire.ChannelData;
import org.icepath.turn.wire.Demux;
import org.icepath.turn.wire.PacketKind;
import org.jspecify.annotations.Nullable;

/** What a packet of the application goes through on its way to a socket. */
final class OutboundPackets {

    private static final int STUN_HEADER_LENGTH = 20;
    private static final int STUN_FIRST_BYTES = 3;
    private static final int COOKIE_OFFSET = 4;
    private static final int MAGIC_COOKIE = 0x2112A442;
    private static final int LENGTH_OFFSET = 2;

    private OutboundPackets() {}

    /** @throws IllegalArgumentException when it is none that a path takes */
    static void requireMedia(ByteBuffer packet) {
        if (packet.remaining() > IcePath.MAX_PACKET) {
            throw tooLong(packet.remaining());
        }
        if (Demux.of(packet) == PacketKind.STUN) {
            throw stun();
        }
    }

    /** Why a path does not take it; null where it does. */
    static @Nullable IllegalArgumentException objectionTo(ByteBuf packet) {
        if (packet.readableBytes() > IcePath.MAX_PACKET) {
            return tooLong(packet.readableBytes());
        }
        return isStun(packet) ? stun() : null;
    }

    private static boolean isStun(ByteBuf packet) {
        int start = packet.readerIndex();
        return packet.readableBytes() >= STUN_HEADER_LENGTH
                && packet.getUnsignedByte(start) <= STUN_FIRST_BYTES
                && packet.getInt(start + COOKIE_OFFSET) == MAGIC_COOKIE;
    }

    private static IllegalArgumentException stun() {
        return new IllegalArgumentException(
                "a STUN message is not media: ICE at the other end would take it for its own");
    }

    private static IllegalArgumentException tooLong(int length) {
        return new IllegalArgumentException("a packet of " + length + " bytes, where " + IcePath.MAX_PACKET + " fit");
    }

    /**
     * Puts a ChannelData header in front (RFC 8656 §12.4): into the headroom where there is some and the buffer is nobody else's,
     * else with a copy.
     *
     * @param packet readable bytes; ownership of one reference passes to the result
     * @param holders how many references are the sender's own: with more, the headroom is somebody else's, too
     */
    static ByteBuf withChannelHeader(ByteBuf packet, int channel, int holders) {
        int length = packet.readableBytes();
        ByteBuf whole = withRoom(packet, ChannelData.HEADER_LENGTH, holders);
        int header = whole.readerIndex();
        return whole.setShort(header, channel).setShort(header + LENGTH_OFFSET, length);
    }

    /** As {@link #withChannelHeader}, with all of {@code header} in front. */
    static ByteBuf withHeader(ByteBuf packet, ByteBuffer header, int holders) {
        ByteBuf whole = withRoom(packet, header.remaining(), holders);
        return whole.setBytes(whole.readerIndex(), header);
    }

    private static ByteBuf withRoom(ByteBuf packet, int room, int holders) {
        int start = packet.readerIndex() - room;
        // A buffer that is sent to several peers shares its headroom: the second header would overwrite the first.
        if (start >= 0 && root(packet).refCnt() == holders && !packet.isReadOnly()) {
            return packet.readerIndex(start);
        }
        try {
            int length = packet.readableBytes();
            return PooledByteBufAllocator.DEFAULT
                    .directBuffer(room + length)
                    .writeZero(room)
                    .writeBytes(packet, packet.readerIndex(), length);
        } finally {
            packet.release();
        }
    }

    // A duplicate that Netty has pooled counts its references by
    // itself; the memory beneath it may still be others', too.
    private static ByteBuf root(ByteBuf packet) {
        ByteBuf root = packet;
        for (ByteBuf beneath = packet.unwrap(); beneath != null; beneath = root.unwrap()) {
            root = beneath;
        }
        return root;
    }

    /** The readable bytes in memory that nobody has to release; {@code packet} is released. */
    static ByteBuffer takeBytes(ByteBuf packet) {
        byte[] bytes = new byte[packet.readableBytes()];
        packet.readBytes(bytes).release();
        return ByteBuffer.wrap(bytes);
    }
}
