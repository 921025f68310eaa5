// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.IceConfig;
import org.icepath.stun.ms.MsStreamFraming;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
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
import org.icepath.turn.TurnServer;
import org.icepath.turn.wire.StunFraming;

/** An internet with one STUN and TURN server, and phones where a test wants them. */
final class CallScene {

    static final String SERVER = "198.51.100.1";
    static final Duration SIGNALLING = Duration.ofMillis(50);

    private final VirtualNetwork network;
    private final VirtualHost host;
    private final EdgeMachine edge;
    private final VirtualNode<EdgeEvent> server;

    CallScene(long seed) {
        this(seed, config -> config);
    }

    /** @param setting how the server is set up in another way than usual */
    CallScene(long seed, UnaryOperator<EdgeConfig> setting) {
        // a negative origin: nothing may take 0 for "never" or "the beginning"
        network = new VirtualNetwork(seed, -Duration.ofHours(1).toNanos());
        host = network.internet().host("edge", SERVER);
        edge = new EdgeMachine(
                setting.apply(EdgeConfig.create().user("alice", "secret").user("bob", "secret")),
                RelaySockets.on(host),
                new SplittableRandom(seed));
        edge.listen(host.bind(3478));
        server = host.run(edge);
    }

    /** Gives the server an address of IPv6, too. */
    CallScene serverAlsoAt(String ipv6) {
        server.act((now, machine) ->
                edge.listen(host.attach(network.internet(), ipv6).bind(ipv6, 3478)));
        return this;
    }

    /** Has the server listen over TCP, too. */
    CallScene serverOverTcp() {
        server.act((now, machine) ->
                host.addresses().forEach(address -> host.listen(address, 3478, StunFraming.INSTANCE)));
        return this;
    }

    /** Ends what the server does over TCP, as a restart of it would: connections are reset, further ones refused. */
    void noServerOverTcp() {
        host.addresses().forEach(address -> host.unlisten(new InetSocketAddress(address, 3478)));
        host.resetConnections();
    }

    /** Has the server listen for MS-TURN over TCP, too. */
    CallScene serverOverTcpInMs() {
        server.act((now, machine) -> {
            host.listen(host.addresses().get(0), 443, MsStreamFraming.INSTANCE);
            edge.listenInMs(443);
        });
        return this;
    }

    /** How many connections lead to the server. */
    int connectionsToServer() {
        return host.connections();
    }

    /** Fails unless the call comes to be, and two minutes of media both ways arrive whole. */
    void completesWithMedia(VirtualCall call) {
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5)))
                .as(network::dump)
                .isTrue();
        PacketFlow there = call.toCallee(Duration.ofMillis(20));
        PacketFlow back = call.toCaller(Duration.ofMillis(20));
        network.runFor(Duration.ofMinutes(2));
        there.stop();
        back.stop();
        network.runFor(Duration.ofSeconds(1));
        assertThat(there.sent()).isGreaterThan(5_900);
        assertThat(back.sent()).isGreaterThan(5_900);
        assertThat(there.lost() + back.lost() + there.duplicated() + back.duplicated())
                .isZero();
    }

    /** How packets of a phone's only path leave now. */
    static Route lastRoute(VirtualPhone phone) {
        List<EngineEvent.RouteChanged> routes = phone.node().events(EngineEvent.RouteChanged.class);
        return routes.get(routes.size() - 1).route().orElseThrow();
    }

    /** The relayed address that a phone tells of its first stream. */
    static InetSocketAddress relayOf(VirtualPhone phone) {
        return phone.describe().streams().get(0).candidates().stream()
                .filter(candidate -> candidate.type() == CandidateType.RELAYED)
                .flatMap(candidate -> candidate.address().socketAddress().stream())
                .findFirst()
                .orElseThrow();
    }

    VirtualNetwork network() {
        return network;
    }

    /** Whatever goes to the server or comes from it takes so long each way. */
    CallScene serverAt(Duration distance) {
        host.link(LinkConditions.of(distance));
        return this;
    }

    EdgeMachine edge() {
        return edge;
    }

    /** What the server has done, as seen from inside. */
    VirtualNode<EdgeEvent> server() {
        return server;
    }

    static IceConfig audio() {
        return IceConfig.create().stream("audio", 1);
    }

    static IceConfig withStun(IceConfig config) {
        return config.stunServer(SERVER + ":3478");
    }

    static IceConfig withTurn(IceConfig config) {
        return config.turnServer(TurnServer.parse("turn:" + SERVER + ":3478").credentials("alice", "secret"));
    }

    static IceConfig withTurnOverTcp(IceConfig config) {
        return config.turnServer(
                TurnServer.parse("turn:" + SERVER + ":3478?transport=tcp").credentials("alice", "secret"));
    }

    VirtualNat nat(String external, NatBehaviour behaviour) {
        return network.internet().nat("nat " + external, external, behaviour);
    }

    VirtualPhone behind(VirtualNat nat, String name, String address, IceConfig config) {
        return new VirtualPhone(network, nat.inside().host(name, address), config);
    }

    VirtualPhone publicly(String name, String address, IceConfig config) {
        return new VirtualPhone(network, network.internet().host(name, address), config);
    }

    VirtualCall call(VirtualPhone caller, VirtualPhone callee) {
        return VirtualCall.start(network, caller, callee, SIGNALLING);
    }
}
