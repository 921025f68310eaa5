// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import org.icepath.candidate.InterfaceKind;
import org.icepath.ice.gather.AllocationRequest;
import org.icepath.ice.gather.LocalBase;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.testkit.edge.EdgeMachine;
import org.icepath.testkit.edge.MsEdgeConfig;
import org.icepath.testkit.edge.RelaySockets;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.VirtualNode;
import org.icepath.turn.AllocationSettings;
import org.icepath.turn.PortRequest;
import org.icepath.turn.ServerAddress;
import org.icepath.turn.TurnAllocation;
import org.icepath.turn.TurnEvent;
import org.icepath.turn.TurnServer;
import org.icepath.turn.ms.MsTurn;
import org.junit.jupiter.api.Test;

/** A server that prefers one peer at a time is told whenever media goes to another one, and not in turns. */
class PreferredPeerTest {

    private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 3_478);
    private static final InetSocketAddress ONE = new InetSocketAddress("203.0.113.1", 5_000);
    private static final InetSocketAddress OTHER = new InetSocketAddress("203.0.113.2", 6_000);

    private final VirtualNetwork network = new VirtualNetwork(5);
    private final VirtualHost serverHost = network.internet().host("edge", "192.0.2.1");
    private final VirtualHost host = network.internet().host("client", "198.51.100.1");
    private final VirtualNode<EdgeEvent> server = server();
    private final Base base = host.bind(0);
    private final TurnServer identity =
            MsTurn.DEFAULT.server("192.0.2.1", 3_478, Transport.UDP, base64("alice"), base64("s3cret"));
    private final TurnAllocation allocation = new TurnAllocation(
            AllocationSettings.of(base, 99, identity, SERVER),
            identity.dialect(),
            new Random(2),
            (relayBase, from, datagram) -> {});
    private final Relay relay = new Relay(
            1,
            new AllocationRequest(
                    new LocalBase(0, 1, base, "eth0", InterfaceKind.WIRED),
                    0,
                    new ServerAddress(Transport.UDP, SERVER),
                    PortRequest.ANY),
            allocation);
    private final VirtualNode<TurnEvent> client = host.run(allocation);

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private VirtualNode<EdgeEvent> server() {
        EdgeMachine edge = new EdgeMachine(
                EdgeConfig.create().withMs(MsEdgeConfig.create().user("alice", "s3cret")),
                RelaySockets.on(serverHost),
                new Random(1));
        edge.listen(serverHost.bind(3_478));
        return serverHost.run(edge);
    }

    private void routeTo(InetSocketAddress peer) {
        client.act((now, machine) -> relay.bindChannel(now, peer));
        network.runFor(Duration.ofSeconds(1));
    }

    @Test
    void mediaThatComesBackIsPreferredAgain() {
        client.act((now, machine) -> allocation.allocate(now));
        network.runFor(Duration.ofSeconds(1));

        routeTo(ONE);
        relay.left(ONE);
        routeTo(OTHER);
        relay.left(OTHER);
        routeTo(ONE);

        assertThat(server.events(EdgeEvent.DestinationSet.class))
                .extracting(EdgeEvent.DestinationSet::peer)
                .containsExactly(ONE, OTHER, ONE);
        assertThat(allocation.bareHeaderFor(ONE)).isPresent();
        assertThat(allocation.bareHeaderFor(OTHER)).isEmpty();
    }

    // Two forks over one relay: their routes are published again and again
    @Test
    void twoPeersAtATimeAreEachPreferredOnce() {
        client.act((now, machine) -> allocation.allocate(now));
        network.runFor(Duration.ofSeconds(1));

        for (int i = 0; i < 5; i++) {
            routeTo(ONE);
            routeTo(OTHER);
        }

        assertThat(server.events(EdgeEvent.DestinationSet.class)).hasSize(2);
    }
}
