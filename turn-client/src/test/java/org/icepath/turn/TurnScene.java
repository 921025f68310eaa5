// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.icepath.sansio.Base;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.VirtualNode;
import org.icepath.testkit.network.VirtualSocket;

/** A client with one allocation, a scripted server and a peer on one simulated internet. */
final class TurnScene {

    static final TurnServer SERVER = TurnServer.parse("turn:192.0.2.1").credentials("alice", "s3cret");

    final VirtualNetwork network;
    final VirtualHost serverHost;
    final ScriptedServer server;
    final VirtualHost clientHost;
    final VirtualSocket peer;
    final Base base;
    final TurnAllocation allocation;
    final RelayUser user;
    final VirtualNode<TurnEvent> client;
    final List<String> received = new ArrayList<>();

    TurnScene(long seed) {
        this(seed, SERVER, TurnDialect.RFC8656);
    }

    TurnScene(long seed, TurnServer identity, TurnDialect dialect) {
        this(seed, identity, dialect, UnaryOperator.identity());
    }

    TurnScene(long seed, TurnServer identity, TurnDialect dialect, UnaryOperator<AllocationSettings> settings) {
        network = new VirtualNetwork(seed);
        serverHost = network.internet().host("server", "192.0.2.1");
        server = new ScriptedServer(network, serverHost, 3_478);
        clientHost = network.internet().host("client", "198.51.100.1");
        peer = network.internet().host("peer", "203.0.113.1").socket(5_000);
        base = clientHost.bind(0);
        AllocationSettings asked = settings.apply(AllocationSettings.of(base, 99, identity, server.address()));
        allocation = new TurnAllocation(asked, dialect, new Random(seed), this::deliver);
        user = new RelayUser(allocation);
        client = clientHost.run(user);
    }

    private void deliver(Base relayBase, InetSocketAddress from, ByteBuffer datagram) {
        received.add(UTF_8.decode(datagram) + " from " + from.getPort() + " at base " + relayBase.id());
    }

    TurnScene allocate() {
        client.act((now, machine) -> allocation.allocate(now));
        return this;
    }

    /** Allocates and waits until it stands. */
    TurnScene allocated() {
        allocate();
        await(TurnEvent.Allocated.class);
        return this;
    }

    void await(Class<? extends TurnEvent> event) {
        if (!network.runUntil(() -> client.has(event), Duration.ofMinutes(2))) {
            throw new AssertionError("no " + event.getSimpleName() + "\n" + network.dump());
        }
    }

    void permit(InetAddress... peers) {
        client.act((now, machine) -> allocation.permit(now, List.of(peers)));
    }

    void bind(InetSocketAddress to) {
        client.act((now, machine) -> allocation.bindChannel(now, to));
    }

    void unbind(InetSocketAddress to) {
        client.act((now, machine) -> allocation.unbindChannel(now, to));
    }

    void release() {
        client.act((now, machine) -> allocation.release(now));
    }

    void send(InetSocketAddress to, String text) {
        client.act((now, machine) -> user.send(now, to, UTF_8.encode(text)));
    }

    void runFor(Duration time) {
        network.runFor(time);
    }

    /** What the peer heard, as text. */
    List<String> heardByPeer() {
        return peer.received().stream().map(VirtualSocket.Datagram::text).toList();
    }

    TurnFailure failure() {
        await(TurnEvent.Failed.class);
        return client.events(TurnEvent.Failed.class).get(0).failure();
    }

    AllocationState state() {
        return allocation.state();
    }
}
