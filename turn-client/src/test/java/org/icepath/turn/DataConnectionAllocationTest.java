// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeMachine;
import org.icepath.testkit.edge.RelaySockets;
import org.icepath.testkit.memory.AllocatedBytes;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.VirtualNode;
import org.icepath.turn.wire.RawStream;
import org.icepath.turn.wire.StunFraming;
import org.junit.jupiter.api.Test;

/** What a peer sends over a connection that a server relays (RFC 6062) costs no object. */
class DataConnectionAllocationTest {

    private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 3_478);
    private static final InetSocketAddress PEER = new InetSocketAddress("203.0.113.1", 5_000);

    private final CountedPath count = new CountedPath();
    private final VirtualNetwork network = new VirtualNetwork(1);
    private final TurnAllocation allocation = new TurnAllocation(
            AllocationSettings.of(
                            new Base(7_000, Transport.TCP, new InetSocketAddress("198.51.100.1", 0)),
                            9_000,
                            TurnServer.parse("turn:192.0.2.1?transport=tcp").credentials("alice", "s3cret"),
                            SERVER)
                    .withOptions(AllocationOptions.NONE.withTransport(RelayedTransport.tcp(RawStream.INSTANCE))),
            TurnDialect.RFC8656,
            new Random(1),
            count);

    private Base connected() {
        VirtualHost server = network.internet().host("server", "192.0.2.1");
        EdgeMachine edge =
                new EdgeMachine(EdgeConfig.create().user("alice", "s3cret"), RelaySockets.on(server), new Random(1));
        server.run(edge).act((now, machine) -> server.listen(server.addresses().get(0), 3_478, StunFraming.INSTANCE));
        network.internet().host("peer", "203.0.113.1").listen(PEER.getPort(), accepted -> {});
        VirtualNode<TurnEvent> client =
                network.internet().host("client", "198.51.100.1").run(allocation);
        client.act((now, machine) -> allocation.allocate(now));
        network.runUntil(() -> client.has(TurnEvent.Allocated.class), Duration.ofSeconds(20));
        client.act((now, machine) -> allocation.connect(now, PEER));
        assertThat(network.runUntil(() -> client.has(TurnEvent.PeerConnected.class), Duration.ofSeconds(20)))
                .as(network::dump)
                .isTrue();
        return client.events(TurnEvent.PeerConnected.class).get(0).base();
    }

    @Test
    void whatComesOverADataConnectionIsHandedOnWithoutAllocation() {
        Base connection = connected();
        ByteBuffer data = ByteBuffer.allocateDirect(CountedPath.SIZE);
        long now = network.now();

        double bytes = AllocatedBytes.each(CountedPath.PACKETS, () -> {
            allocation.handle(now, connection, SERVER, data);
            allocation.drainTo(count);
            allocation.nextTimeout();
        });

        assertThat(count.delivered()).isEqualTo(2L * CountedPath.PACKETS * CountedPath.SIZE);
        assertThat(bytes).isLessThan(1.0);
    }
}
