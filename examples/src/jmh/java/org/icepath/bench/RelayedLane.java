// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.icepath.Icepath;
import org.icepath.candidate.Candidate;
import org.icepath.ice.IceAnswer;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.netty.NettyIcePath;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeServer;
import org.icepath.turn.TurnServer;

/**
 * The relayed path of a connected agent: a packet leaves as ChannelData on the allocation's channel, a {@link Reflector} returns it, and it
 * arrives as from the peer.
 */
final class RelayedLane implements Lane {

    private static final int MOST_TRIES = 500;

    private final EventLoop loop;
    private final EdgeServer server;
    private final Reflector relay;
    private final IceRuntime runtime;
    private final NettyIcePath path;
    private final Packets packets;

    /** @param packets sent at a time */
    RelayedLane(EventLoopGroup group, int packets) throws Exception {
        loop = group.next();
        server = EdgeServer.start(EdgeConfig.create().user("alice", "secret"));
        relay = new Reflector(group, server.address(), packets);
        runtime = Icepath.start(group);
        IceConfig config =
                IceConfig.create().stream("audio", Candidate.RTP).localAddress(InetAddress.getLoopbackAddress());
        IceSession caller = runtime.open(config.relayOnly()
                .turnServer(TurnServer.parse("turn:127.0.0.1:" + relay.address().getPort())
                        .credentials("alice", "secret")));
        IceSession called = runtime.open(config);
        IceAnswer answer =
                called.answer(caller.offer().get(5, TimeUnit.SECONDS)).get(5, TimeUnit.SECONDS);
        path = (NettyIcePath) caller.accept(answer.description()).path("audio", Candidate.RTP);
        path.selected().get(10, TimeUnit.SECONDS);
        this.packets = new Packets(path, packets);
        awaitChannel();
    }

    /** Until the channel stands, packets go to the peer in indications and do not come back. */
    private void awaitChannel() throws InterruptedException {
        CountDownLatch returned = new CountDownLatch(1);
        path.onReceive(packet -> returned.countDown());
        for (int i = 0; i < MOST_TRIES && returned.getCount() > 0; i++) {
            loop.execute(this::send);
            if (returned.await(20, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
        throw new IllegalStateException("no channel was bound");
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public void onArrival(Runnable arrival) {
        packets.hear(path, arrival);
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
        relay.close();
        server.close();
    }
}
