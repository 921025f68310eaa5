// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.ms.MsStreamFraming;
import org.icepath.stun.ms.MsTurnAttributes;
import org.icepath.stun.ms.MsTurnDialect;
import org.icepath.stun.ms.MsTurnType;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeMachine;
import org.icepath.testkit.edge.RelaySockets;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.VirtualNode;
import org.icepath.turn.AllocationSettings;
import org.icepath.turn.BareHeader;
import org.icepath.turn.CountedPath;
import org.icepath.turn.TurnAllocation;
import org.icepath.turn.TurnEvent;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Media to and from the active destination costs no object, as over a channel of the standard. */
class MsPathAllocationTest {

    private static final int TCP_PORT = 443;
    private static final InetSocketAddress PEER = new InetSocketAddress("203.0.113.1", 5_000);

    private final VirtualNetwork network = new VirtualNetwork(1);
    private final VirtualHost host = network.internet().host("client", "198.51.100.1");
    private final VirtualHost serverHost = network.internet().host("edge", "192.0.2.1");
    private final CountedPath count = new CountedPath();

    private InetSocketAddress start(Transport transport) {
        EdgeMachine edge =
                new EdgeMachine(EdgeConfig.create().withMs(MsScene.CONFIG), RelaySockets.on(serverHost), new Random(1));
        edge.listen(serverHost.bind(MsTurn.DEFAULT_UDP_PORT));
        serverHost.run(edge).act((now, machine) -> {
            serverHost.listen(serverHost.addresses().get(0), TCP_PORT, MsStreamFraming.INSTANCE);
            edge.listenInMs(TCP_PORT);
        });
        VirtualHost peer = network.internet().host("peer", "203.0.113.1");
        peer.socket(PEER.getPort());
        peer.listen(PEER.getPort(), accepted -> {});
        return new InetSocketAddress("192.0.2.1", transport == Transport.UDP ? MsTurn.DEFAULT_UDP_PORT : TCP_PORT);
    }

    private TurnAllocation allocated(Base base, InetSocketAddress at, boolean active) {
        TurnServer server = MsTurn.DEFAULT.server(
                at.getHostString(), at.getPort(), base.transport(), MsScene.base64("alice"), MsScene.base64("s3cret"));
        TurnAllocation allocation =
                new TurnAllocation(AllocationSettings.of(base, 99, server, at), server.dialect(), new Random(2), count);
        VirtualNode<TurnEvent> node = host.run(allocation);
        node.act((now, machine) -> {
            allocation.allocate(now);
            if (active) {
                allocation.bindChannel(now, PEER);
            }
        });
        Class<? extends TurnEvent> last = active ? TurnEvent.ChannelBound.class : TurnEvent.Allocated.class;
        assertThat(network.runUntil(() -> node.has(last), Duration.ofSeconds(20)))
                .as(network::dump)
                .isTrue();
        return allocation;
    }

    private Base base(Transport transport) {
        return transport == Transport.UDP
                ? host.bind(0)
                : new Base(7_000, transport, new InetSocketAddress("198.51.100.1", 0));
    }

    @ParameterizedTest
    @EnumSource(names = {"UDP", "TCP"})
    void dataOfTheActiveDestinationIsWrappedAndUnwrappedWithoutAllocation(Transport transport) {
        InetSocketAddress server = start(transport);
        TurnAllocation allocation = allocated(base(transport), server, true);
        BareHeader header = allocation.bareHeaderFor(PEER).orElseThrow();
        ByteBuffer frame = ByteBuffer.allocateDirect(header.length() + CountedPath.SIZE);
        header.write(frame, CountedPath.SIZE);
        frame.put(new byte[CountedPath.SIZE]).flip();

        double bytes = count.cross(network.now(), allocation, PEER, frame);

        assertThat(count.transmitted()).isEqualTo(2L * CountedPath.PACKETS * frame.capacity());
        assertThat(count.delivered()).isEqualTo(2L * CountedPath.PACKETS * CountedPath.SIZE);
        assertThat(bytes).isLessThan(1.0);
    }

    /** A packet of the peer's as it comes before it is the active destination, and from all peers that are not. */
    private static ByteBuffer indication(Transport transport) {
        boolean stream = transport == Transport.TCP;
        ByteBuffer data = ByteBuffer.allocate(CountedPath.SIZE + Short.BYTES)
                .putShort((short) CountedPath.SIZE)
                .put(new byte[CountedPath.SIZE])
                .position(stream ? 0 : Short.BYTES);
        int before = stream ? MsStreamFraming.CONTENT : 0;
        ByteBuffer message = MsTurnType.DATA_INDICATION
                .begin(
                        new StunWriter(MsTurnDialect.SHA1)
                                .wrap(ByteBuffer.allocate(400).position(before)),
                        TransactionId.next(new Random(3)))
                .put(MsTurnAttributes.REMOTE_ADDRESS, PEER)
                .putBytes(MsTurnAttributes.DATA, data)
                .finish();
        int length = message.remaining();
        ByteBuffer frame = ByteBuffer.allocateDirect(before + length);
        if (stream) {
            MsStreamFraming.writeHeader(frame, MsStreamFraming.CONTROL, length);
        }
        return frame.put(before, message, message.position(), length).clear();
    }

    // A peer that is not the active destination is talked to by messages, for as long as the call lasts
    @ParameterizedTest
    @EnumSource(names = {"UDP", "TCP"})
    void dataWithMessagesAroundItIsWrappedAndUnwrappedWithoutAllocation(Transport transport) {
        InetSocketAddress server = start(transport);
        TurnAllocation allocation = allocated(base(transport), server, false);

        double bytes = count.cross(network.now(), allocation, PEER, indication(transport));

        assertThat(count.transmitted()).isGreaterThan(2L * CountedPath.PACKETS * (CountedPath.SIZE + 100));
        assertThat(count.delivered()).isEqualTo(2L * CountedPath.PACKETS * CountedPath.SIZE);
        assertThat(bytes).isLessThan(1.0);
    }
}
