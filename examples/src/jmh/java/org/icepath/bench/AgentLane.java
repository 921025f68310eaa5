// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.icepath.Icepath;
import org.icepath.candidate.Candidate;
import org.icepath.ice.IceAnswer;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IcePeer;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.netty.NettyIcePath;

/** Two connected agents on loopback. */
final class AgentLane implements Lane {

    private final EventLoop loop;
    private final IceRuntime runtime;
    private final NettyIcePath from;
    private final NettyIcePath to;
    private final int packets;
    private final List<ByteBuffer> burst = new ArrayList<>();
    private long seen;

    /** @param packets sent at a time */
    AgentLane(EventLoopGroup group, int packets) throws Exception {
        this.packets = packets;
        for (int i = 0; i < packets; i++) {
            burst.add(ByteBuffer.allocateDirect(BURST_PACKET_BYTES).put(0, (byte) 0x80));
        }
        loop = group.next();
        runtime = Icepath.start(group);
        IceConfig config =
                IceConfig.create().stream("audio", Candidate.RTP).localAddress(InetAddress.getLoopbackAddress());
        IceSession caller = runtime.open(config);
        IceSession called = runtime.open(config);
        IceAnswer answer =
                called.answer(caller.offer().get(5, TimeUnit.SECONDS)).get(5, TimeUnit.SECONDS);
        IcePeer peer = caller.accept(answer.description());
        from = (NettyIcePath) peer.path("audio", Candidate.RTP);
        to = (NettyIcePath) answer.peer().path("audio", Candidate.RTP);
        from.selected().get(10, TimeUnit.SECONDS);
        to.selected().get(10, TimeUnit.SECONDS);
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public void onArrival(Runnable arrival) {
        to.onReceive(packet -> {
            seen += packet.payload().get(packet.payload().position());
            arrival.run();
        });
    }

    @Override
    public int packets() {
        return packets;
    }

    @Override
    public void send() {
        if (packets == 1) {
            from.send(packet(PACKET_BYTES));
            return;
        }
        from.sendBurst(burst);
    }

    private ByteBuf packet(int bytes) {
        ByteBuf packet = from.allocate(bytes);
        return packet.setByte(packet.readerIndex(), 0x80).writerIndex(packet.readerIndex() + bytes);
    }

    @Override
    public void close() {
        runtime.close();
    }
}
