// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.icepath.candidate.InterfaceKind;
import org.icepath.candidate.TransportType;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceRole;
import org.icepath.ice.Pacer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Output;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.memory.AllocatedBytes;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.VirtualNode;
import org.junit.jupiter.api.Test;

/** What the peer sends costs no object on its way through a session, whether it comes to a socket or over a connection. */
class ArrivalAllocationTest {

    private static final int PACKETS = 100_000;
    private static final int SIZE = 160;

    private final VirtualNetwork network = new VirtualNetwork(1);
    private final VirtualHost host = network.internet().host("us", "192.0.2.1");
    private final InetAddress address = host.addresses().get(0);
    private long delivered;

    private final Output<EngineEvent> nothing = new Output<>() {
        @Override
        public void transmit(Base from, InetSocketAddress to, ByteBuffer payload) {
            throw new AssertionError(to);
        }

        @Override
        public void event(EngineEvent event) {
            throw new AssertionError(event);
        }
    };

    @Test
    void packetsOfASocketAreHandedOnWithoutAllocation() {
        IceConfig config = audio();
        assertCostsNothing(config, host.bind(address, 0), TransportType.UDP);
    }

    // RFC 6544: these go by the connection's candidate, and are watched for silence
    @Test
    void packetsOfAConnectionAreHandedOnWithoutAllocation() {
        IceConfig config = audio().tcpOnly();
        Base port = host.listen(address, 0, config.profile().checks().framing());
        assertCostsNothing(config, port, TransportType.TCP_PASSIVE);
    }

    private void assertCostsNothing(IceConfig config, Base base, TransportType transport) {
        IceEngine engine = new IceEngine(
                new EngineSettings(config, Pacer.shared(), "us"),
                new Random(1),
                (at, peer, stream, component, from, packet) -> delivered += packet.remaining());
        VirtualNode<EngineEvent> node = host.run(engine);
        HostBase ours = new HostBase(0, 1, transport, base, "eth0", InterfaceKind.WIRED);
        node.act((at, machine) -> engine.network().gather(at, List.of(ours)));
        Route route = connected(engine, node, config);
        ByteBuffer packet = ByteBuffer.allocateDirect(SIZE).put(0, (byte) 0x80);
        node.act((at, machine) ->
                engine.handle(at, route.base(), route.destination(), packet)); // of the first one all are told
        long now = network.now();

        double bytes = AllocatedBytes.each(PACKETS, () -> {
            engine.handle(now, route.base(), route.destination(), packet);
            if (!engine.isQuiet()) {
                engine.drainTo(nothing);
                engine.nextTimeout();
            }
        });

        assertThat(delivered).isEqualTo((1 + 2L * PACKETS) * SIZE);
        assertThat(bytes).isLessThan(1.0);
    }

    /** How our packets leave for a peer that controls, which is how its packets come. */
    private Route connected(IceEngine engine, VirtualNode<EngineEvent> node, IceConfig config) {
        VirtualPhone peer = new VirtualPhone(network, network.internet().host("peer", "192.0.2.2"), config).gather();
        network.runFor(Duration.ofSeconds(1));
        node.act((now, machine) -> engine.signalling().accept(now, peer.describe(), IceRole.CONTROLLED));
        peer.accept(engine.signalling().describe(network.now()), IceRole.CONTROLLING);
        network.runFor(Duration.ofSeconds(5));
        List<EngineEvent.RouteChanged> routes = node.events(EngineEvent.RouteChanged.class);
        return routes.get(routes.size() - 1).route().orElseThrow();
    }
}
