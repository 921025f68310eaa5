// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
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
    private final NettyIcePath to;
    private final Packets packets;

    /** @param packets sent at a time */
    AgentLane(EventLoopGroup group, int packets) throws Exception {
        loop = group.next();
        runtime = Icepath.start(group);
        IceConfig config =
                IceConfig.create().stream("audio", Candidate.RTP).localAddress(InetAddress.getLoopbackAddress());
        IceSession caller = runtime.open(config);
        IceSession called = runtime.open(config);
        IceAnswer answer =
                called.answer(caller.offer().get(5, TimeUnit.SECONDS)).get(5, TimeUnit.SECONDS);
        IcePeer peer = caller.accept(answer.description());
        NettyIcePath from = (NettyIcePath) peer.path("audio", Candidate.RTP);
        to = (NettyIcePath) answer.peer().path("audio", Candidate.RTP);
        from.selected().get(10, TimeUnit.SECONDS);
        to.selected().get(10, TimeUnit.SECONDS);
        this.packets = new Packets(from, packets);
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public void onArrival(Runnable arrival) {
        packets.hear(to, arrival);
    }

    @Override
    public int packets() {
        return packets.count();
    }

    @Override
    public void send() {
        packets.send();
    }

    @Override
    public void close() {
        runtime.close();
    }
}
