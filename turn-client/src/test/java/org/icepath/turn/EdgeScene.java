// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.icepath.sansio.Base;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.testkit.edge.EdgeMachine;
import org.icepath.testkit.edge.RelaySockets;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.VirtualNode;
import org.icepath.testkit.network.VirtualSocket;

/** A client with one allocation on the server double, and a peer, on one simulated internet with both families. */
final class EdgeScene {

    static final TurnServer ALICE = TurnServer.parse("turn:192.0.2.1").credentials("alice", "s3cret");
    static final EdgeConfig CONFIG = EdgeConfig.create().user("alice", "s3cret");

    final VirtualNetwork network;
    final VirtualHost serverHost;
    final EdgeMachine edge;
    final VirtualNode<EdgeEvent> server;
    final InetSocketAddress serverAddress;
    final VirtualHost clientHost;
    final VirtualHost peerHost;
    final VirtualSocket peer;
    final Base base;
    final Deque<Base> spares = new ArrayDeque<>();
    final TurnAllocation allocation;
    final RelayUser user;
    final VirtualNode<TurnEvent> client;
    final List<String> received = new ArrayList<>();

    EdgeScene(EdgeConfig config) {
        this(config, ALICE, UnaryOperator.identity());
    }

    EdgeScene(EdgeConfig config, TurnServer identity, UnaryOperator<AllocationSettings> settings) {
        this(config, identity, settings, "192.0.2.1", "2001:db8::1");
    }

    EdgeScene(
            EdgeConfig config,
            TurnServer identity,
            UnaryOperator<AllocationSettings> settings,
            String... serverAddresses) {
        this(config, identity, settings, network -> network.internet().host("client", "198.51.100.1"), serverAddresses);
    }

    /** @param client where the client is, behind a NAT for instance */
    EdgeScene(
            EdgeConfig config,
            TurnServer identity,
            UnaryOperator<AllocationSettings> settings,
            Function<VirtualNetwork, VirtualHost> client,
            String... serverAddresses) {
        network = new VirtualNetwork(1);
        serverHost = network.internet().host("server", serverAddresses);
        edge = new EdgeMachine(config, RelaySockets.on(serverHost), new Random(1));
        Base listening = serverHost.bind(3_478);
        edge.listen(listening);
        serverAddress = listening.address();
        server = serverHost.run(edge);
        clientHost = client.apply(network);
        peerHost = network.internet().host("peer", "203.0.113.1", "2001:db8:1::1");
        peer = peerHost.socket(5_000);
        base = clientHost.bind(0);
        for (int i = 0; i < 4; i++) {
            spares.add(clientHost.bind(0));
        }
        AllocationSettings asked = settings.apply(AllocationSettings.of(base, 98, identity, serverAddress));
        allocation = new TurnAllocation(
                asked,
                TurnDialect.RFC8656,
                new Random(2),
                (relay, from, data) -> received.add(UTF_8.decode(data) + " at " + relay.id()));
        user = new RelayUser(allocation);
        this.client = clientHost.run(user);
    }

    EdgeScene allocate() {
        client.act((now, machine) -> allocation.allocate(now));
        return this;
    }

    EdgeScene allocated() {
        allocate();
        await(TurnEvent.Allocated.class);
        return this;
    }

    <E extends TurnEvent> E await(Class<E> event) {
        return await(event, Duration.ofMinutes(2));
    }

    <E extends TurnEvent> E await(Class<E> event, Duration patience) {
        if (!network.runUntil(() -> client.has(event), patience)) {
            throw new AssertionError("no " + event.getSimpleName() + "\n" + network.dump());
        }
        return client.events(event).get(0);
    }

    TurnFailure failure() {
        return await(TurnEvent.Failed.class).failure();
    }

    TurnFailure failure(Duration patience) {
        return await(TurnEvent.Failed.class, patience).failure();
    }

    void send(InetSocketAddress to, String text) {
        client.act((now, machine) -> user.send(now, to, UTF_8.encode(text)));
    }

    void sendWhole(InetSocketAddress to, String text) {
        client.act((now, machine) -> user.sendWhole(now, to, UTF_8.encode(text)));
    }

    /** The relayed port of another allocation, from another port of the same client. */
    int second(AllocationOptions options) {
        Base other = clientHost.bind(0);
        AllocationSettings asked =
                AllocationSettings.of(other, 200, ALICE, serverAddress).withOptions(options);
        TurnAllocation another =
                new TurnAllocation(asked, TurnDialect.RFC8656, new Random(3), (relay, from, data) -> {});
        VirtualNode<TurnEvent> node = clientHost.run(another);
        node.act((now, machine) -> another.allocate(now));
        network.runUntil(() -> another.relayBase().isPresent(), Duration.ofSeconds(5));
        return another.relayBase().orElseThrow().address().getPort();
    }

    void runFor(Duration time) {
        network.runFor(time);
    }

    List<String> heardByPeer() {
        return peer.received().stream().map(VirtualSocket.Datagram::text).toList();
    }
}
