// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.icepath.stun.AttributeCursor;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.auth.IntegrityKey;
import org.icepath.stun.auth.PasswordAlgorithm;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.VirtualSocket;
import org.icepath.turn.wire.ChannelData;
import org.icepath.turn.wire.Demux;
import org.icepath.turn.wire.PacketKind;
import org.jspecify.annotations.Nullable;

/** Asks a server one thing at a time, by hand, so that its answers can be looked at. */
final class TurnTestClient {

    private final VirtualNetwork net;
    private final VirtualSocket socket;
    private final InetSocketAddress server;
    private final Random random = new Random(2);
    private int seen;
    private String username = "";
    private String realm = "";
    private String nonce = "";
    private @Nullable IntegrityKey key;
    private boolean sha256;
    private ByteBuffer lastRequest = ByteBuffer.allocate(0);
    private @Nullable InetSocketAddress relayed;

    TurnTestClient(VirtualNetwork net, VirtualSocket socket, InetSocketAddress server) {
        this.net = net;
        this.socket = socket;
        this.server = server;
        this.random.setSeed(socket.address().getPort());
    }

    InetSocketAddress address() {
        return socket.address();
    }

    VirtualSocket socket() {
        return socket;
    }

    /** Gets a challenge and signs from now on. */
    TurnTestClient login(String user, String password) {
        return login(user, password, false);
    }

    TurnTestClient loginSha256(String user, String password) {
        return login(user, password, true);
    }

    private TurnTestClient login(String user, String password, boolean withSha256) {
        key = null;
        ask(StunMethod.ALLOCATE, request -> request);
        username = user;
        sha256 = withSha256;
        key = IntegrityKey.longTerm(
                withSha256 ? PasswordAlgorithm.SHA256 : PasswordAlgorithm.MD5, user, realm, password);
        return this;
    }

    TurnTestClient stealNonceOf(TurnTestClient other) {
        username = other.username;
        realm = other.realm;
        nonce = other.nonce;
        key = other.key;
        return this;
    }

    /** Sends a request and waits for the answer. */
    StunMessage ask(StunMethod method, UnaryOperator<StunWriter> attributes) {
        tell(method, attributes);
        return nextMessage();
    }

    /** Sends a request and waits a second. */
    void tell(StunMethod method, UnaryOperator<StunWriter> attributes) {
        StunWriter writer = attributes.apply(
                StunWriter.into(ByteBuffer.allocate(1_000)).request(method, TransactionId.next(random)));
        sign(writer);
        lastRequest = writer.fingerprint().finish();
        socket.send(server, lastRequest);
        net.runFor(Duration.ofSeconds(1));
    }

    private void sign(StunWriter writer) {
        if (key == null) {
            return;
        }
        writer.put(Attributes.USERNAME, username).put(Attributes.REALM, realm).put(Attributes.NONCE, nonce);
        if (sha256) {
            writer.put(
                            Attributes.PASSWORD_ALGORITHMS,
                            List.of(PasswordAlgorithm.SHA256.choice(), PasswordAlgorithm.MD5.choice()))
                    .put(Attributes.PASSWORD_ALGORITHM, PasswordAlgorithm.SHA256.choice())
                    .integritySha256(key);
        } else {
            writer.integrity(key);
        }
    }

    /** Sends the last request again. */
    StunMessage repeat() {
        socket.send(server, lastRequest);
        net.runFor(Duration.ofSeconds(1));
        return nextMessage();
    }

    private StunMessage nextMessage() {
        if (seen >= socket.received().size()) {
            throw new AssertionError("no answer\n" + net.dump());
        }
        StunMessage message =
                new StunMessage().wrap(socket.received().get(seen++).payload());
        message.get(Attributes.REALM).ifPresent(value -> realm = value);
        message.get(Attributes.NONCE).ifPresent(value -> nonce = value);
        return message;
    }

    boolean isSigned(StunMessage message) {
        return key != null && new Integrity().verify(message, key);
    }

    /** Takes the relayed address from an answer. */
    void allocated(StunMessage answer) {
        relayed = answer.get(Attributes.XOR_RELAYED_ADDRESS).orElseThrow();
    }

    InetSocketAddress relayed() {
        if (relayed == null) {
            throw new AssertionError("not allocated");
        }
        return relayed;
    }

    static List<InetSocketAddress> relayedAddresses(StunMessage answer) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        AttributeCursor cursor = new AttributeCursor().over(answer);
        while (cursor.next()) {
            if (cursor.is(Attributes.XOR_RELAYED_ADDRESS)) {
                addresses.add(cursor.value(Attributes.XOR_RELAYED_ADDRESS));
            }
        }
        return addresses;
    }

    /** Sends data in a Send indication. */
    void send(InetSocketAddress peer, String text) {
        socket.send(
                server,
                StunWriter.into(ByteBuffer.allocate(1_000))
                        .indication(StunMethod.SEND, TransactionId.next(random))
                        .put(Attributes.XOR_PEER_ADDRESS, peer)
                        .putBytes(Attributes.DATA, text.getBytes(StandardCharsets.UTF_8))
                        .finish());
    }

    void sendChannelData(int channel, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer message = ByteBuffer.allocate(4 + bytes.length);
        ChannelData.writeHeader(message, 0, channel, bytes.length);
        socket.send(server, message.put(4, bytes));
    }

    /** What came from peers since the last call: their address or channel, and the text. */
    List<String> takeData() {
        List<String> data = new ArrayList<>();
        for (; seen < socket.received().size(); seen++) {
            ByteBuffer payload = socket.received().get(seen).payload();
            if (Demux.of(payload) == PacketKind.TURN_CHANNEL) {
                data.add(Integer.toHexString(ChannelData.channel(payload)) + " " + text(ChannelData.data(payload)));
            } else {
                StunMessage message = new StunMessage().wrap(payload);
                data.add(message.get(Attributes.XOR_PEER_ADDRESS).orElseThrow() + " "
                        + text(message.get(Attributes.DATA).orElseThrow()));
            }
        }
        return data;
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
