// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.icepath.stun.StunMessage;
import org.icepath.stun.ms.MsTurnDialect;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.testkit.edge.EdgeMachine;
import org.icepath.testkit.edge.MsEdgeConfig;
import org.icepath.testkit.edge.RelaySockets;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.VirtualNode;
import org.icepath.testkit.network.VirtualSocket;
import org.icepath.turn.AllocationSettings;
import org.icepath.turn.TurnAllocation;
import org.icepath.turn.TurnEvent;
import org.icepath.turn.TurnServer;

/** A client of an Edge double with one allocation, and two peers, on one simulated internet. */
final class MsScene {

    static final MsEdgeConfig CONFIG = MsEdgeConfig.create().user("alice", "s3cret");
    static final TurnServer SERVER = server(MsTurn.DEFAULT);

    final VirtualNetwork network = new VirtualNetwork(7);
    final VirtualHost serverHost = network.internet().host("edge", "192.0.2.1", "2001:db8::1");
    final EdgeMachine edge;
    final Base listening;
    final VirtualNode<EdgeEvent> server;
    final InetSocketAddress serverAddress;
    final VirtualHost clientHost = network.internet().host("client", "198.51.100.1");
    final VirtualSocket peer = network.internet().host("peer", "203.0.113.1").socket(5_000);
    final VirtualSocket six = network.internet().host("six", "2001:db8:1::1").socket(7_000);
    final VirtualSocket other = network.internet().host("other", "203.0.113.2").socket(6_000);
    final Base base;
    final TurnAllocation allocation;
    final VirtualNode<TurnEvent> client;
    final List<String> received = new ArrayList<>();
    private final Queue<Sent> outgoing = new ArrayDeque<>();

    private record Sent(InetSocketAddress to, String text) {}

    MsScene() {
        this(CONFIG, SERVER);
    }

    MsScene(MsEdgeConfig config, TurnServer identity) {
        this(config, identity, UnaryOperator.identity());
    }

    MsScene(MsEdgeConfig config, TurnServer identity, UnaryOperator<AllocationSettings> settings) {
        edge = machine(serverHost, config);
        listening = serverHost.bind(3_478);
        edge.listen(listening);
        server = serverHost.run(edge);
        serverAddress = new InetSocketAddress("192.0.2.1", 3_478);
        base = clientHost.bind(0);
        AllocationSettings asked = settings.apply(AllocationSettings.of(base, 99, identity, serverAddress));
        allocation = new TurnAllocation(asked, identity.dialect(), new Random(2), (relay, from, data) -> {
            received.add(UTF_8.decode(data) + " from " + from.getPort());
        });
        client = clientHost.run(new User());
    }

    static TurnServer server(MsTurn dialect) {
        return dialect.server("192.0.2.1", 3_478, Transport.UDP, base64("alice"), base64("s3cret"));
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static EdgeMachine machine(VirtualHost host, MsEdgeConfig config) {
        return new EdgeMachine(EdgeConfig.create().withMs(config), RelaySockets.on(host), new Random(1));
    }

    static EdgeMachine edge(VirtualHost host, MsEdgeConfig config) {
        EdgeMachine machine = machine(host, config);
        machine.listen(host.bind(3_478));
        return machine;
    }

    MsScene allocate() {
        client.act((now, machine) -> allocation.allocate(now));
        return this;
    }

    MsScene allocated() {
        allocate();
        await(TurnEvent.Allocated.class);
        return this;
    }

    <E extends TurnEvent> E await(Class<E> event) {
        if (!network.runUntil(() -> client.has(event), Duration.ofMinutes(2))) {
            throw new AssertionError("no " + event.getSimpleName() + "\n" + network.dump());
        }
        return client.events(event).get(0);
    }

    void send(InetSocketAddress to, String text) {
        client.act((now, machine) -> outgoing.add(new Sent(to, text)));
    }

    void setDestination(InetSocketAddress to) {
        client.act((now, machine) -> allocation.bindChannel(now, to));
    }

    InetSocketAddress relayed() {
        return allocation.relayBase().orElseThrow().address();
    }

    void runFor(Duration time) {
        network.runFor(time);
    }

    /** What the client has sent, as messages. */
    List<StunMessage> sent() {
        return network.log().sentBy("client").stream()
                .map(sent ->
                        new StunMessage(MsTurnDialect.SHA1).wrap(sent.packet().payload()))
                .toList();
    }

    static List<String> heardBy(VirtualSocket socket) {
        return socket.received().stream().map(VirtualSocket.Datagram::text).toList();
    }

    <E extends EdgeEvent> List<E> events(Class<E> type) {
        return server.events(type);
    }

    /** Owns the allocation, as an ICE engine does. */
    private final class User implements Machine<TurnEvent> {

        private long now;

        @Override
        public boolean handle(long at, Base from, InetSocketAddress source, ByteBuffer payload) {
            now = at;
            return allocation.handle(at, from, source, payload);
        }

        @Override
        public void handleTimeout(long at) {
            now = at;
            allocation.handleTimeout(at);
        }

        @Override
        public long nextTimeout() {
            return allocation.nextTimeout();
        }

        @Override
        public void drainTo(Output<? super TurnEvent> out) {
            for (Sent each = outgoing.poll(); each != null; each = outgoing.poll()) {
                allocation.transmitTo(now, each.to(), UTF_8.encode(each.text()), out);
            }
            allocation.drainTo(out);
        }

        @Override
        public void sendFailed(long at, Base from, InetSocketAddress to, Cause cause) {
            allocation.sendFailed(at, from, to, cause);
        }
    }
}
