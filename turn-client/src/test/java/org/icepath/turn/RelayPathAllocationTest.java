// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import org.icepath.sansio.Base;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.VirtualNode;
import org.icepath.turn.wire.ChannelData;
import org.junit.jupiter.api.Test;

/** Media over a channel costs no object, in either direction. */
class RelayPathAllocationTest {

    private static final InetSocketAddress PEER = new InetSocketAddress("203.0.113.1", 5_000);

    private final CountedPath count = new CountedPath();
    private final VirtualNetwork network = new VirtualNetwork(1);
    private final VirtualHost host = network.internet().host("client", "198.51.100.1");
    private final ScriptedServer server =
            new ScriptedServer(network, network.internet().host("server", "192.0.2.1"), 3_478);
    private final Base base = host.bind(0);
    private final TurnAllocation allocation = new TurnAllocation(
            AllocationSettings.of(base, 99, TurnScene.SERVER, server.address()),
            TurnDialect.RFC8656,
            new Random(1),
            count);

    @Test
    void channelDataIsWrappedAndUnwrappedWithoutAllocation() {
        VirtualNode<TurnEvent> node = host.run(allocation);
        node.act((now, machine) -> {
            allocation.allocate(now);
            allocation.bindChannel(now, PEER);
        });
        network.runFor(Duration.ofSeconds(1));
        ByteBuffer frame = ByteBuffer.allocateDirect(ChannelData.HEADER_LENGTH + CountedPath.SIZE);
        ChannelData.writeHeader(frame, 0, allocation.channelFor(PEER), CountedPath.SIZE);

        double bytes = count.cross(network.now(), allocation, PEER, frame);

        assertThat(count.transmitted()).isEqualTo(2L * CountedPath.PACKETS * frame.capacity());
        assertThat(count.delivered()).isEqualTo(2L * CountedPath.PACKETS * CountedPath.SIZE);
        assertThat(bytes).isLessThan(1.0);
    }
}
