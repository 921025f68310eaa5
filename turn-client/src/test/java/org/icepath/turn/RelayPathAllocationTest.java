// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import org.icepath.sansio.Base;
import org.icepath.sansio.Output;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.VirtualNode;
import org.icepath.turn.wire.ChannelData;
import org.junit.jupiter.api.Test;

/** Media over a channel costs no object, in either direction. */
class RelayPathAllocationTest {

    private static final int PACKETS = 100_000;
    private static final InetSocketAddress PEER = new InetSocketAddress("203.0.113.1", 5_000);

    private long delivered;
    private long transmitted;

    private final VirtualNetwork network = new VirtualNetwork(1);
    private final VirtualHost host = network.internet().host("client", "198.51.100.1");
    private final ScriptedServer server =
            new ScriptedServer(network, network.internet().host("server", "192.0.2.1"), 3_478);
    private final Base base = host.bind(0);
    private final TurnAllocation allocation = new TurnAllocation(
            AllocationSettings.of(base, 99, TurnScene.SERVER, server.address()),
            TurnDialect.RFC8656,
            new Random(1),
            (relayBase, from, datagram) -> delivered += datagram.remaining());
    private final Output<TurnEvent> out = new Output<>() {
        @Override
        public void transmit(Base from, InetSocketAddress to, ByteBuffer payload) {
            transmitted += payload.remaining();
        }

        @Override
        public void event(TurnEvent event) {
            throw new AssertionError(event);
        }
    };
    private final ByteBuffer frame = ByteBuffer.allocateDirect(ChannelData.HEADER_LENGTH + 160);

    @Test
    void channelDataIsWrappedAndUnwrappedWithoutAllocation() {
        VirtualNode<TurnEvent> node = host.run(allocation);
        node.act((now, machine) -> {
            allocation.allocate(now);
            allocation.bindChannel(now, PEER);
        });
        network.runFor(Duration.ofSeconds(1));
        ChannelData.writeHeader(frame, 0, allocation.channelFor(PEER), 160);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        crossBothWays();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        crossBothWays();
        long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;

        assertThat(transmitted).isEqualTo(2L * PACKETS * 164);
        assertThat(delivered).isEqualTo(2L * PACKETS * 160);
        assertThat((double) bytes / PACKETS).isLessThan(1.0);
    }

    private void crossBothWays() {
        ByteBuffer payload = ByteBuffer.allocate(160);
        long now = network.now();
        for (int i = 0; i < PACKETS; i++) {
            allocation.transmitTo(now, PEER, payload, out);
            allocation.handle(now, base, server.address(), frame);
            allocation.drainTo(out);
            allocation.nextTimeout();
        }
    }
}
