// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;

/** Servers on loopback that do what no server should, each on threads of its own until it is closed. */
final class HostileServer implements Closeable {

    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final int LONG_NONCE = 700;
    private static final int CIRCLE = 20;

    private final int port;
    private final List<Closeable> open = new ArrayList<>();

    /** What a server says to a request; empty for nothing. */
    private interface Answer {
        Optional<ByteBuffer> to(StunMessage request, InetSocketAddress from);
    }

    private HostileServer(int port) {
        this.port = port;
    }

    int port() {
        return port;
    }

    /** Datagrams go in, and nothing comes out. */
    static HostileServer silent() throws IOException {
        return datagrams((request, from) -> Optional.empty());
    }

    /** Each request is answered by bytes without a meaning, or with half of one. */
    static HostileServer babbling() throws IOException {
        Random random = new Random(7);
        return datagrams((request, from) -> {
            byte[] bytes = new byte[20 + random.nextInt(200)];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                ByteBuffer.wrap(bytes).putShort(0, (short) 0x0113).putInt(4, 0x2112A442);
            }
            return Optional.of(ByteBuffer.wrap(bytes));
        });
    }

    /** Challenges, and then succeeds without proving that it knows the password. */
    static HostileServer unproven() throws IOException {
        return datagrams((request, from) -> Optional.of(
                request.has(Attributes.MESSAGE_INTEGRITY) ? success(request, from) : challenge(request, "nonce")));
    }

    /** Answers with what was the answer to somebody else. */
    static HostileServer confused() throws IOException {
        Random random = new Random(8);
        return datagrams((request, from) -> {
            ByteBuffer answer = success(request, from);
            byte[] other = new byte[12];
            random.nextBytes(other);
            answer.duplicate().position(8).put(other);
            return Optional.of(answer);
        });
    }

    /** Challenges whatever comes, each time with another nonce, as long as RFC 8489 lets readers expect. */
    static HostileServer challenging() throws IOException {
        Random random = new Random(9);
        return datagrams((request, from) -> {
            StringBuilder nonce = new StringBuilder();
            while (nonce.length() < LONG_NONCE) {
                nonce.append((char) ('a' + random.nextInt(26)));
            }
            return Optional.of(challenge(request, nonce.toString()));
        });
    }

    /** Many servers, each of which sends everybody on to the next one, in a circle. */
    static HostileServer redirecting() throws IOException {
        List<DatagramSocket> circle = new ArrayList<>();
        for (int i = 0; i < CIRCLE; i++) {
            circle.add(new DatagramSocket(0, HERE));
        }
        HostileServer first = new HostileServer(circle.get(0).getLocalPort());
        for (int i = 0; i < CIRCLE; i++) {
            InetSocketAddress next =
                    (InetSocketAddress) circle.get((i + 1) % CIRCLE).getLocalSocketAddress();
            HostileServer each = datagrams(
                    circle.get(i),
                    (request, from) -> Optional.of(error(request, ErrorCode.TRY_ALTERNATE)
                            .put(Attributes.ALTERNATE_SERVER, next)
                            .finish()));
            first.open.add(each);
        }
        return first;
    }

    /** Takes connections, says {@code first}, and no word more. */
    static HostileServer stalled(byte... first) throws IOException {
        ServerSocket listening = new ServerSocket(0, 50, HERE);
        HostileServer server = new HostileServer(listening.getLocalPort());
        server.open.add(listening);
        server.start(() -> {
            Socket connection = listening.accept();
            server.open.add(connection);
            OutputStream out = connection.getOutputStream();
            out.write(first);
            out.flush();
        });
        return server;
    }

    private static HostileServer datagrams(Answer answer) throws IOException {
        return datagrams(new DatagramSocket(0, HERE), answer);
    }

    private static HostileServer datagrams(DatagramSocket socket, Answer answer) {
        HostileServer server = new HostileServer(socket.getLocalPort());
        server.open.add(socket);
        server.start(() -> {
            DatagramPacket packet = new DatagramPacket(new byte[4_096], 4_096);
            socket.receive(packet);
            ByteBuffer datagram =
                    ByteBuffer.wrap(packet.getData(), 0, packet.getLength()).slice();
            boolean request = datagram.remaining() >= 20 && datagram.get(0) == 0;
            Optional<ByteBuffer> said = request
                    ? answer.to(new StunMessage().wrap(datagram), (InetSocketAddress) packet.getSocketAddress())
                    : Optional.empty();
            if (said.isPresent()) {
                byte[] bytes = new byte[said.get().remaining()];
                said.get().get(bytes);
                socket.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
            }
        });
        return server;
    }

    private interface Step {
        void take() throws IOException;
    }

    private void start(Step step) {
        Thread thread = new Thread(() -> {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    step.take();
                }
            } catch (IOException closed) {
                return; // nobody needs it any more
            }
        });
        thread.setDaemon(true);
        thread.start();
        open.add(thread::interrupt);
    }

    private static ByteBuffer success(StunMessage request, InetSocketAddress from) {
        return new StunWriter()
                .wrap(ByteBuffer.allocate(512))
                .respond(StunClass.SUCCESS, request)
                .put(Attributes.XOR_RELAYED_ADDRESS, new InetSocketAddress("203.0.113.66", 50_000))
                .put(Attributes.XOR_MAPPED_ADDRESS, from)
                .putUint32(Attributes.LIFETIME, 600)
                .finish();
    }

    private static ByteBuffer challenge(StunMessage request, String nonce) {
        return error(request, ErrorCode.UNAUTHENTICATED)
                .put(Attributes.REALM, "hostile.example")
                .putBytes(Attributes.NONCE, nonce.getBytes(UTF_8))
                .finish();
    }

    private static StunWriter error(StunMessage request, int code) {
        return new StunWriter()
                .wrap(ByteBuffer.allocate(2_048))
                .respond(StunClass.ERROR, request)
                .put(Attributes.ERROR_CODE, new ErrorCode(code, "No"));
    }

    @Override
    public void close() throws IOException {
        for (Closeable each : List.copyOf(open)) {
            each.close();
        }
    }
}
