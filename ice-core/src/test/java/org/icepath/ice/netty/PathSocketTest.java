// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.icepath.ice.IceRuntime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A path as a socket of java.net, for stacks that block. */
class PathSocketTest {

    private static final int MOST_HELD = 256;

    private final IceRuntime runtime = NettyIceRuntime.start();

    @AfterEach
    void close() {
        runtime.close();
    }

    @Test
    void twoSocketsCarryACallBothWays() throws Exception {
        try (Call call = Call.connect(runtime, audio(1));
                DatagramSocket alices = call.alicesPath(1).datagramSocket();
                DatagramSocket bobs = call.bobsPath(1).datagramSocket()) {
            await(call.alicesPath(1).selected());
            await(call.bobsPath(1).selected());
            alices.setSoTimeout(30_000);
            bobs.setSoTimeout(30_000);
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);

            for (int i = 0; i < 100; i++) {
                alices.send(packet("ping " + i, new InetSocketAddress("192.0.2.1", 9)));
                bobs.receive(packet);
                assertThat(text(packet)).isEqualTo("ping " + i);
                assertThat(packet.getSocketAddress()).isEqualTo(alices.getLocalSocketAddress());
                bobs.send(packet);
                alices.receive(packet);
                assertThat(text(packet)).isEqualTo("ping " + i);
            }
            assertThat(alices.getRemoteSocketAddress()).isEqualTo(bobs.getLocalSocketAddress());
            assertThat(alices.getPort()).isEqualTo(bobs.getLocalPort());
            assertThat(alices.isConnected()).isTrue();
            assertThat(alices.isBound()).isTrue();
        }
    }

    // The JDK's sockets do so, and every RTP stack relies on it: its room is not what came last.
    @Test
    void aPacketThatReceivedLittleReceivesMuchAfterwards() throws Exception {
        try (Call call = Call.connect(runtime, audio(1));
                DatagramSocket bobs = call.bobsPath(1).datagramSocket()) {
            await(call.alicesPath(1).ready());
            bobs.setSoTimeout(30_000);
            DatagramPacket packet = new DatagramPacket(new byte[100], 10, 20);

            call.alicesPath(1).send(bytes("a"));
            bobs.receive(packet);
            call.alicesPath(1).send(bytes("a long one"));
            bobs.receive(packet);
            assertThat(text(packet)).isEqualTo("a long one");

            call.alicesPath(1).send(bytes("far more than the room it has"));
            bobs.receive(packet);
            assertThat(text(packet)).as("cut to its room").isEqualTo("far more than the ro");
            packet.setLength(3);
            call.alicesPath(1).send(bytes("less room"));
            bobs.receive(packet);
            assertThat(text(packet)).isEqualTo("les");
        }
    }

    @Test
    void receiveEndsAfterItsTimeout() throws Exception {
        try (Call call = Call.connect(runtime, audio(1));
                DatagramSocket socket = call.bobsPath(1).datagramSocket()) {
            socket.setSoTimeout(20);

            assertThat(socket.getSoTimeout()).isEqualTo(20);
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> socket.receive(new DatagramPacket(new byte[1], 1)));
        }
    }

    @Test
    void closeWakesWhoWaits() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            DatagramSocket socket = call.bobsPath(1).datagramSocket();
            CompletableFuture<Void> waiting = receiveElsewhere(socket);

            socket.close();

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> waiting.get(30, SECONDS))
                    .withCauseInstanceOf(SocketException.class);
            assertThat(socket.isClosed()).isTrue();
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> socket.send(packet("late", new InetSocketAddress(9))));
        }
    }

    @Test
    void theEndOfThePeerWakesWhoWaits() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            CompletableFuture<Void> waiting = receiveElsewhere(call.bobsPath(1).datagramSocket());

            call.toAlice().close();

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> waiting.get(30, SECONDS))
                    .withCauseInstanceOf(SocketException.class);
        }
    }

    @Test
    void ofPacketsThatNobodyFetchesTheLatestAreKept() throws Exception {
        try (Call call = Call.connect(runtime, audio(1));
                DatagramSocket bobs = call.bobsPath(1).datagramSocket()) {
            await(call.alicesPath(1).ready());
            int sent = MOST_HELD + 10;
            for (int i = 0; i < sent; i++) {
                int soFar = i;
                call.alicesPath(1).send(bytes("" + i));
                Eventually.holds(() -> call.bobsPath(1).statistics().packetsReceived() > soFar);
            }

            DatagramPacket packet = new DatagramPacket(new byte[10], 10);
            bobs.receive(packet);

            assertThat(text(packet)).isEqualTo("10");
        }
    }

    @Test
    void aTimeoutIsNeverNegative() throws Exception {
        try (Call call = Call.connect(runtime, audio(1));
                DatagramSocket socket = call.bobsPath(1).datagramSocket()) {
            assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> socket.setSoTimeout(-1));
            assertThat(socket.getSoTimeout()).isZero();
        }
    }

    @Test
    void closingTheSocketLeavesThePathAsItIs() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            call.bobsPath(1).datagramSocket().close();
            await(call.alicesPath(1).ready());
            call.alicesPath(1).send(bytes("hello"));
            Eventually.holds(() -> call.bobsPath(1).statistics().packetsReceived() == 1);

            DatagramSocket another = call.bobsPath(1).datagramSocket();
            another.setSoTimeout(30_000);
            DatagramPacket packet = new DatagramPacket(new byte[10], 10);
            another.receive(packet);

            assertThat(text(packet)).isEqualTo("hello");
        }
    }

    @Test
    void aClosedQueueKeepsNothing() {
        ReceiveQueue queue = new ReceiveQueue();
        queue.close();

        queue.add(new InetSocketAddress("192.0.2.1", 9), bytes("late"));

        assertThat(queue.isEmpty()).isTrue();
    }

    // What RTP stacks do to every socket, and must not fail here.
    @Test
    void theUsualCallsAreTakenAsHints() throws Exception {
        try (Call call = Call.connect(runtime, audio(1));
                DatagramSocket socket = call.bobsPath(1).datagramSocket()) {
            socket.setReceiveBufferSize(100_000);
            socket.setSendBufferSize(100_000);
            socket.setTrafficClass(0xB8);
            socket.setReuseAddress(true);
            socket.connect(InetAddress.getLoopbackAddress(), 9);
            socket.disconnect();

            assertThat(socket.getReceiveBufferSize()).isEqualTo(100_000);
            assertThat(socket.getTrafficClass()).isEqualTo(0xB8);
            assertThat(socket.getReuseAddress()).isTrue();
            assertThat(socket.getBroadcast()).isFalse();
            assertThatExceptionOfType(SocketException.class).isThrownBy(() -> socket.bind(new InetSocketAddress(0)));
        }
    }

    @Test
    void anEventLoopDoesNotWait() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            DatagramSocket socket = call.bobsPath(1).datagramSocket();

            CompletableFuture<Void> onTheLoop = call.bobsPath(1)
                    .ready()
                    .thenRunAsync(
                            () -> receive(socket), call.bobsPath(1).channel().eventLoop());

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> onTheLoop.get(30, SECONDS))
                    .withCauseInstanceOf(IllegalStateException.class);
        }
    }

    private static CompletableFuture<Void> receiveElsewhere(DatagramSocket socket) {
        return CompletableFuture.runAsync(() -> receive(socket));
    }

    private static void receive(DatagramSocket socket) {
        try {
            socket.receive(new DatagramPacket(new byte[1], 1));
        } catch (IOException failure) {
            throw new java.util.concurrent.CompletionException(failure);
        }
    }

    private static DatagramPacket packet(String text, InetSocketAddress to) {
        byte[] bytes = text.getBytes(UTF_8);
        return new DatagramPacket(bytes, bytes.length, to);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), packet.getOffset(), packet.getLength(), UTF_8);
    }
}
