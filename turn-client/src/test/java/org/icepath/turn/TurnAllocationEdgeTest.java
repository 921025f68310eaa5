// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.icepath.sansio.Base;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.testkit.edge.EdgeMachine;
import org.icepath.testkit.edge.RelaySockets;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNat;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.VirtualNode;
import org.icepath.testkit.network.VirtualSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two machines that were written apart, client and server, for two simulated hours behind a NAT. */
class TurnAllocationEdgeTest {

    @ParameterizedTest
    @CsvSource({"1, false, 0", "2, true, 0", "3, false, 0.1", "4, true, 0.1"})
    void twoHoursBehindANatWithShortNonces(long seed, boolean sha256, double loss) {
        VirtualNetwork network = new VirtualNetwork(seed);
        VirtualHost serverHost = network.internet().host("server", "192.0.2.1");
        EdgeConfig config = EdgeConfig.create()
                .user("alice", "s3cret")
                .withSha256(sha256)
                .withNonceLifetime(Duration.ofSeconds(97));
        EdgeMachine edge = new EdgeMachine(config, RelaySockets.on(serverHost), new Random(seed));
        Base listening = serverHost.bind(3_478);
        edge.listen(listening);
        VirtualNode<EdgeEvent> server = serverHost.run(edge);
        VirtualNat nat = network.internet().nat("home", "203.0.113.7", NatBehaviour.PORT_RESTRICTED);
        VirtualHost alice = nat.inside().host("alice", "192.168.1.10");
        VirtualSocket peer = network.internet().host("peer", "203.0.113.1").socket(5_000);
        List<String> received = new ArrayList<>();
        Base base = alice.bind(0);
        TurnAllocation allocation = new TurnAllocation(
                AllocationSettings.of(base, 99, TurnScene.SERVER, listening.address()),
                TurnDialect.RFC8656,
                new Random(seed),
                (relayBase, from, data) -> received.add(UTF_8.decode(data).toString()));
        RelayUser user = new RelayUser(allocation);
        VirtualNode<TurnEvent> client = alice.run(user);

        client.act((now, machine) -> {
            allocation.allocate(now);
            allocation.bindChannel(now, peer.address());
        });
        assertThat(network.runUntil(() -> client.has(TurnEvent.ChannelBound.class), Duration.ofSeconds(5)))
                .isTrue();
        InetSocketAddress relayed = allocation.relayBase().orElseThrow().address();
        alice.link(LinkConditions.ofMillis(1).withLoss(loss));
        int packets = 720;
        for (int i = 0; i < packets; i++) {
            client.act((now, machine) -> user.send(now, peer.address(), UTF_8.encode("out")));
            peer.send(relayed, "in");
            network.runFor(Duration.ofSeconds(10));
        }

        assertThat(allocation.state()).isEqualTo(AllocationState.ALLOCATED);
        assertThat(allocation.mappedAddress().orElseThrow().getAddress().getHostAddress())
                .isEqualTo("203.0.113.7");
        int least = loss == 0 ? packets : (int) (packets * (1 - 1.5 * loss));
        assertThat(peer.received()).hasSizeGreaterThanOrEqualTo(least);
        assertThat(received).hasSizeGreaterThanOrEqualTo(least);

        alice.link(LinkConditions.ofMillis(1));
        client.act((now, machine) -> allocation.release(now));
        network.runFor(Duration.ofSeconds(1));

        assertThat(edge.allocationCount()).isZero();
        assertThat(server.machine()).isSameAs(edge);
        assertThat(client.has(TurnEvent.Released.class)).isTrue();
    }
}
