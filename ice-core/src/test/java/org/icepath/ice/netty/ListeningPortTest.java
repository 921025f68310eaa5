// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.TcpType;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.SendResult;
import org.icepath.sansio.Transport;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One TCP port for all sessions of a runtime (RFC 6544 §7.2). */
class ListeningPortTest {

    private static final IceConfig SERVED = audio(1).tcp(TcpType.PASSIVE).tcpOnly();
    private static final IceConfig CALLER = audio(1).tcp(TcpType.ACTIVE).tcpOnly();

    private final NettyIceRuntime server =
            NettyIceRuntime.start(RuntimeConfig.create().listeningPort(0, InetAddress.getLoopbackAddress()));
    private final IceRuntime callers = NettyIceRuntime.start();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        server.close();
        callers.close();
    }

    private InetSocketAddress port() {
        return server.listeningPorts().get(0).addresses().get(0);
    }

    @Test
    void allSessionsAcceptAtOnePortAndAreToldApart() throws Exception {
        try (Call one = Call.connect(callers, CALLER, server, SERVED);
                Call other = Call.connect(callers, CALLER, server, SERVED)) {
            hears(one, "one");
            hears(other, "other");

            assertThat(say(one, "a")).isEqualTo("one a");
            assertThat(say(other, "b")).isEqualTo("other b");
            for (Call call : new Call[] {one, other}) {
                Candidate theirs = call.alicesPath(1).current().orElseThrow().remote();
                assertThat(theirs.address().port()).isEqualTo(port().getPort());
            }
        }
    }

    // Connections of two sessions from one port to one server could not be told apart.
    @Test
    void noServerIsAskedFromThePortOfAllSessions() throws Exception {
        try (EdgeServer edge = EdgeServer.start(EdgeConfig.create())) {
            edge.listen(Transport.TCP, edge.address().getPort());
            try (IceSession session =
                    server.open(SERVED.stunServer("127.0.0.1:" + edge.address().getPort()))) {
                await(session.offer());

                assertThat(await(session.report()).text()).contains("from a port that other sessions use");
            }
            assertThat(edge.events()).isEmpty();
        }
    }

    private void hears(Call call, String name) {
        call.bobsPath(1).onReceive(packet -> heard.add(name + " " + UTF_8.decode(packet.copy())));
    }

    private String say(Call call, String text) throws Exception {
        await(call.alicesPath(1).ready());
        await(call.bobsPath(1).ready());
        assertThat(call.alicesPath(1).send(ByteBuffer.wrap(text.getBytes(UTF_8))))
                .isEqualTo(SendResult.SENT);
        return heard.poll(30, SECONDS);
    }

    // Who names nobody gets nothing, not even an error to reflect.
    @Test
    void strangersAreCutOffWithoutAWord() throws Exception {
        try (IceSession session = server.open(SERVED)) {
            await(session.offer());
            for (byte[] rubbish : new byte[][] {
                {0, 4, 1, 2, 3, 4},
                {0, 0},
                "GET / HTTP/1.1\r\n\r\n".repeat(2_000).getBytes(UTF_8)
            }) {
                try (Socket socket = new Socket(port().getAddress(), port().getPort())) {
                    socket.setSoTimeout(30_000);
                    try {
                        socket.getOutputStream().write(rubbish);
                        assertThat(socket.getInputStream().read()).isEqualTo(-1);
                    } catch (java.net.SocketException cutOff) {
                        // "Broken pipe" where it happens between two parts of what is written
                        assertThat(cutOff.getMessage()).containsPattern("reset|Broken pipe");
                    }
                }
            }

            assertThat(server.listeningPorts().get(0).strangers()).isEqualTo(3);
        }
    }

    @Test
    void aPortOutlivesItsSessionsAndEndsWithTheRuntime() throws Exception {
        try (Call call = Call.connect(callers, CALLER, server, SERVED)) {
            hears(call, "first");
            assertThat(say(call, "a")).isEqualTo("first a");
        }
        try (Call call = Call.connect(callers, CALLER, server, SERVED)) {
            hears(call, "second");
            assertThat(say(call, "b")).isEqualTo("second b");
        }
        InetSocketAddress port = port();

        server.close();

        Eventually.holds(() -> !accepts(port));
    }

    private static boolean accepts(InetSocketAddress port) {
        try (Socket socket = new Socket(port.getAddress(), port.getPort())) {
            return socket.isConnected();
        } catch (java.io.IOException refused) {
            return false;
        }
    }
}
