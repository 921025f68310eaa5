// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.icepath.ice.netty.NettyIcePath;

/** What an agent sends over a lane at a time: one packet in a buffer of the path's, or a burst out of the application's. */
final class Packets {

    private static final byte RTP = (byte) 0x80;

    private final NettyIcePath path;
    private final List<ByteBuffer> burst = new ArrayList<>();
    private long seen;

    /** @param packets sent at a time */
    Packets(NettyIcePath path, int packets) {
        this.path = path;
        for (int i = 0; i < packets; i++) {
            burst.add(ByteBuffer.allocateDirect(Lane.BURST_PACKET_BYTES).put(0, RTP));
        }
    }

    int count() {
        return burst.size();
    }

    /** On the event loop. */
    void send() {
        if (burst.size() == 1) {
            ByteBuf packet = path.allocate(Lane.PACKET_BYTES);
            path.send(packet.setByte(packet.readerIndex(), RTP).writerIndex(packet.readerIndex() + Lane.PACKET_BYTES));
        } else {
            path.sendBurst(burst);
        }
    }

    /** Has what arrives on a path looked at. */
    void hear(NettyIcePath at, Runnable arrival) {
        at.onReceive(packet -> {
            seen += packet.payload().get(packet.payload().position());
            arrival.run();
        });
    }
}
