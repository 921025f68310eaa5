// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.auth.IntegrityKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EdgeServerTest {

    private static final int ANSWER_TIMEOUT_MILLIS = 30_000;

    private final EdgeServer server = EdgeServer.start(EdgeConfig.create().user("alice", "wonderland"));
    private final Random random = new Random(1);
    private final DatagramSocket client = openClient();

    private static DatagramSocket openClient() {
        try {
            DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            socket.setSoTimeout(ANSWER_TIMEOUT_MILLIS);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
        server.close();
    }

    @Test
    void realSocketsCarryAWholeRelayedExchange() throws IOException {
        StunMessage challenge = ask(StunMethod.ALLOCATE, request -> request);
        String realm = challenge.get(Attributes.REALM).orElseThrow();
        String nonce = challenge.get(Attributes.NONCE).orElseThrow();
        IntegrityKey key = IntegrityKey.longTerm("alice", realm, "wonderland");
        UnaryOperator<StunWriter> sign = request -> request.put(Attributes.USERNAME, "alice")
                .put(Attributes.REALM, realm)
                .put(Attributes.NONCE, nonce)
                .integrity(key);

        StunMessage allocated =
                ask(StunMethod.ALLOCATE, request -> sign.apply(request.put(Attributes.REQUESTED_TRANSPORT, 17)));
        InetSocketAddress relayed =
                allocated.get(Attributes.XOR_RELAYED_ADDRESS).orElseThrow();
        try (DatagramSocket peer = openClient()) {
            InetSocketAddress peerAddress = (InetSocketAddress) peer.getLocalSocketAddress();
            ask(
                    StunMethod.CREATE_PERMISSION,
                    request -> sign.apply(request.put(Attributes.XOR_PEER_ADDRESS, peerAddress)));
            peer.send(new DatagramPacket(new byte[] {1, 2, 3}, 3, relayed));
            StunMessage data = receive();

            assertThat(data.method()).isEqualTo(StunMethod.DATA);
            assertThat(data.get(Attributes.XOR_PEER_ADDRESS)).hasValue(peerAddress);
            assertThat(data.get(Attributes.DATA)).hasValue(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        }
        assertThat(allocated.get(Attributes.XOR_MAPPED_ADDRESS))
                .hasValue((InetSocketAddress) client.getLocalSocketAddress());
        assertThat(server.events()).hasAtLeastOneElementOfType(EdgeEvent.Allocated.class);
    }

    @Test
    void faultsCanBeOrderedFromAnyThread() throws IOException {
        server.act(machine -> machine.faults().fail(StunMethod.BINDING, 500)).join();

        assertThat(ask(StunMethod.BINDING, request -> request).messageClass()).isEqualTo(StunClass.ERROR);
        assertThat(ask(StunMethod.BINDING, request -> request).messageClass()).isEqualTo(StunClass.SUCCESS);
    }

    @Test
    void portThatIsTakenIsReported() {
        int port = server.address().getPort();

        assertThatThrownBy(() -> EdgeServer.start(EdgeConfig.create(), port, InetAddress.getLoopbackAddress()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("port " + port);
    }

    private StunMessage ask(StunMethod method, UnaryOperator<StunWriter> attributes) throws IOException {
        StunWriter writer = StunWriter.into(ByteBuffer.allocate(1_000)).request(method, TransactionId.next(random));
        ByteBuffer request = attributes.apply(writer).finish();
        client.send(new DatagramPacket(request.array(), request.limit(), server.address()));
        return receive();
    }

    private StunMessage receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
        client.receive(packet);
        return new StunMessage().wrap(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
    }
}
