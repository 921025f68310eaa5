// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.icepath.candidate.TcpType;
import org.icepath.candidate.TransportType;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.SendResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ICE over TCP (RFC 6544) on real sockets. */
class TcpCallTest {

    private final IceRuntime runtime = NettyIceRuntime.start();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        runtime.close();
    }

    @Test
    void twoSessionsOverTcpAloneConnectAndCarryMediaBothWays() throws Exception {
        try (Call call = Call.connect(runtime, audio(1, 2).tcpOnly())) {
            for (int component = 1; component <= 2; component++) {
                talk(call, component);
                CandidatePair pair = call.alicesPath(component).current().orElseThrow();
                assertThat(pair.local().transport().isTcp()).isTrue();
            }
            await(call.alicesPath(1).selected());
            await(call.bobsPath(2).selected());
        }
    }

    // RFC 6544 §6.2: only an active candidate opens connections, whichever side has it.
    @Test
    void oneActiveSideIsEnough() throws Exception {
        IceConfig active = audio(1).tcp(TcpType.ACTIVE).tcpOnly();
        IceConfig passive = audio(1).tcp(TcpType.PASSIVE).tcpOnly();
        try (Call call = Call.connect(runtime, passive, active)) {
            talk(call, 1);
            CandidatePair pair = call.alicesPath(1).current().orElseThrow();
            assertThat(pair.local().transport()).isEqualTo(TransportType.TCP_PASSIVE);
        }
        try (Call call = Call.connect(runtime, active, passive)) {
            talk(call, 1);
            CandidatePair pair = call.alicesPath(1).current().orElseThrow();
            assertThat(pair.local().transport()).isEqualTo(TransportType.TCP_ACTIVE);
        }
    }

    @ParameterizedTest
    @CsvSource({"ACTIVE, PASSIVE", "SIMULTANEOUS_OPEN, SIMULTANEOUS_OPEN"})
    void ipv6Connects(TcpType ours, TcpType theirs) throws Exception {
        InetAddress loopback = InetAddress.getByName("::1");
        assumeThat(NetworkInterface.getByInetAddress(loopback)).as("::1").isNotNull();
        IceConfig config = IceConfig.create().stream("audio", 1).localAddress(loopback);
        try (Call call = Call.connect(
                runtime, config.tcp(ours).tcpOnly(), config.tcp(theirs).tcpOnly())) {
            talk(call, 1);
            CandidatePair pair = call.alicesPath(1).current().orElseThrow();
            assertThat(pair.local().transport().tcpType()).isEqualTo(ours);
            assertThat(pair.remote().address().socketAddress().orElseThrow().getAddress())
                    .isEqualTo(loopback);
        }
    }

    // RFC 6544 §7.1: connections leave from the port that accepts, and may cross.
    @Test
    void simultaneousOpenConnects() throws Exception {
        IceConfig simultaneous = audio(1).tcp(TcpType.SIMULTANEOUS_OPEN).tcpOnly();
        try (Call call = Call.connect(runtime, simultaneous)) {
            talk(call, 1);
            CandidatePair pair = call.alicesPath(1).current().orElseThrow();
            assertThat(pair.local().transport()).isEqualTo(TransportType.TCP_SIMULTANEOUS_OPEN);
            assertThat(pair.remote().transport()).isEqualTo(TransportType.TCP_SIMULTANEOUS_OPEN);
        }
    }

    @Test
    void aStreamMayBeOfTcpAlone() throws Exception {
        try (Call call = Call.connect(runtime, audio(1).tcpOnly("audio"))) {
            talk(call, 1);
            assertThat(call.alicesPath(1)
                            .current()
                            .orElseThrow()
                            .local()
                            .transport()
                            .isTcp())
                    .isTrue();
        }
    }

    @Test
    void udpIsPreferredWhereBothWork() throws Exception {
        try (Call call = Call.connect(runtime, audio(1).tcp())) {
            await(call.alicesPath(1).selected());
            await(call.bobsPath(1).selected());

            assertThat(call.alicesPath(1).current().orElseThrow().local().transport())
                    .isEqualTo(TransportType.UDP);
        }
    }

    // RFC 5761 over TCP: RTCP travels on RTP's connection, and the other port is given up.
    @Test
    void rtcpTravelsOnTheConnectionOfRtp() throws Exception {
        try (Call call = Call.connect(runtime, audio(1, 2).rtcpMux("audio").tcpOnly())) {
            await(call.alicesPath(1).selected());
            await(call.bobsPath(1).selected());
            ByteBuffer report = ByteBuffer.allocate(8).put(0, (byte) 0x80).put(1, (byte) 200);
            call.bobsPath(2)
                    .onReceive(
                            packet -> heard.add("report of " + packet.payload().remaining()));

            assertThat(call.alicesPath(2).send(report)).isEqualTo(SendResult.SENT);

            assertThat(heard.poll(30, SECONDS)).isEqualTo("report of 8");
            assertThat(call.alicesPath(2).current())
                    .isPresent()
                    .isEqualTo(call.alicesPath(1).current());
        }
    }

    private void talk(Call call, int component) throws Exception {
        call.alicesPath(component).onReceive(packet -> heard.add("alice " + text(packet.copy())));
        call.bobsPath(component).onReceive(packet -> heard.add("bob " + text(packet.copy())));
        await(call.alicesPath(component).ready());
        await(call.bobsPath(component).ready());
        assertThat(call.alicesPath(component).send(bytes("hello"))).isEqualTo(SendResult.SENT);
        assertThat(heard.poll(30, SECONDS)).isEqualTo("bob hello");
        assertThat(call.bobsPath(component).send(bytes("hi"))).isEqualTo(SendResult.SENT);
        assertThat(heard.poll(30, SECONDS)).isEqualTo("alice hi");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes).toString();
    }
}
