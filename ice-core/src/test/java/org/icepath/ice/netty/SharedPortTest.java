// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;
import static org.icepath.ice.netty.Call.carried;

import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceAnswer;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IcePath;
import org.icepath.ice.IcePeer;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many sessions on one UDP port of a server, real phones on sockets of their own. */
class SharedPortTest {

    private final InetAddress loopback = InetAddress.getLoopbackAddress();
    private final NettyIceRuntime server =
            NettyIceRuntime.start(RuntimeConfig.create().perAgentPacing().sharedPort(0, loopback));
    private final IceRuntime phones = NettyIceRuntime.start();

    @AfterEach
    void close() {
        phones.close();
        server.close();
    }

    /** One phone's call, from both sides. */
    private record Connected(
            IceSession phone, IceSession ours, IcePeer toServer, IcePeer toPhone, IceDescription answer) {

        IcePath phonePath() {
            return toServer.path("audio", 1);
        }

        IcePath serverPath() {
            return toPhone.path("audio", 1);
        }
    }

    private Connected call(IceConfig serverConfig) throws Exception {
        return call(audio(1), serverConfig);
    }

    private Connected call(IceConfig phoneConfig, IceConfig serverConfig) throws Exception {
        IceSession phone = phones.open(phoneConfig);
        IceSession ours = server.open(serverConfig);
        IceAnswer answer = await(ours.answer(carried(await(phone.offer()))));
        IcePeer toServer = phone.accept(carried(answer.description()));
        Connected call = new Connected(phone, ours, toServer, answer.peer(), answer.description());
        await(call.phonePath().selected());
        await(call.serverPath().selected());
        return call;
    }

    private static ByteBuffer media(String text) {
        return ByteBuffer.wrap(("\u0080 " + text).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static CompletableFuture<String> heard(IcePath path) {
        CompletableFuture<String> heard = new CompletableFuture<>();
        path.onReceive(packet -> heard.complete(
                StandardCharsets.ISO_8859_1.decode(packet.copy()).toString().substring(2)));
        return heard;
    }

    private int port() {
        return server.sharedPorts().get(0).addresses().get(0).getPort();
    }

    @ParameterizedTest(name = "lite {0}")
    @ValueSource(booleans = {true, false})
    void manyCallsShareOnePortAndEachHearsItsOwnPeer(boolean lite) throws Exception {
        List<Connected> calls = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            calls.add(call(lite ? audio(1).lite() : audio(1)));
        }

        for (int i = 0; i < calls.size(); i++) {
            Connected call = calls.get(i);
            CompletableFuture<String> atServer = heard(call.serverPath());
            CompletableFuture<String> atPhone = heard(call.phonePath());
            call.phonePath().send(media("to the server " + i));
            call.serverPath().send(media("to phone " + i));
            assertThat(await(atServer)).isEqualTo("to the server " + i);
            assertThat(await(atPhone)).isEqualTo("to phone " + i);
            assertThat(call.answer().streams().get(0).candidates()).allSatisfy(candidate -> assertThat(
                            candidate.address().socketAddress().orElseThrow())
                    .isEqualTo(new InetSocketAddress(loopback, port())));
        }
        assertThat(server.sharedPorts().get(0).strangers()).isZero();
    }

    @Test
    void aRestartStaysOnThePort() throws Exception {
        Connected call = call(audio(1).lite());

        call.toServer().restart();
        IceDescription answer =
                await(call.toPhone().answer(carried(await(call.toServer().offer()))));
        await(call.toServer().accept(carried(answer)));
        Eventually.holds(() -> call.toServer().generation().number() == 1);
        CompletableFuture<String> atServer = heard(call.serverPath());

        Eventually.holds(() -> {
            call.phonePath().send(media("again"));
            return atServer.isDone();
        });
        assertThat(await(atServer)).isEqualTo("again");
    }

    @Test
    void aCallThatEndsLeavesThePortToTheOthers() throws Exception {
        Connected first = call(audio(1).lite());
        Connected second = call(audio(1).lite());

        first.ours().close();
        await(((NettyIceSession) first.ours()).ended());
        CompletableFuture<String> atServer = heard(second.serverPath());
        second.phonePath().send(media("still here"));

        assertThat(await(atServer)).isEqualTo("still here");
    }

    // one answer would be one too many: the source may be forged
    @Test
    void strangersAreCountedAndGetNoAnswer() throws Exception {
        Connected call = call(audio(1).lite());
        try (DatagramSocket stranger = new DatagramSocket(0, loopback)) {
            for (int i = 0; i < 1_000; i++) {
                byte[] media = {(byte) 0x80, 0, 1, 2};
                stranger.send(new DatagramPacket(media, media.length, new InetSocketAddress(loopback, port())));
            }
            Eventually.holds(() -> server.sharedPorts().get(0).strangers() > 0);
            stranger.setSoTimeout(100);
            assertThatThrownBy(() -> stranger.receive(new DatagramPacket(new byte[100], 100)))
                    .isInstanceOf(SocketTimeoutException.class);
        }
        CompletableFuture<String> atServer = heard(call.serverPath());
        // what the strangers sent may still fill the socket's buffer
        Eventually.holds(() -> {
            call.phonePath().send(media("unmoved"));
            return atServer.isDone();
        });
        assertThat(await(atServer)).isEqualTo("unmoved");
    }

    @Test
    void furtherComponentsAndServersAreMissingForAReason() throws Exception {
        IceSession ours = server.open(audio(1, 2).rtcpMux("audio").stunServer("127.0.0.1"));

        IceDescription offer = await(ours.offer());

        assertThat(offer.streams().get(0).candidates()).hasSize(1);
        assertThat(await(ours.report()).text()).contains("the port that all sessions share");
    }

    @Test
    void sessionsTakeTurnsAtSeveralPorts() throws Exception {
        try (NettyIceRuntime two = NettyIceRuntime.start(
                RuntimeConfig.create().sharedPort(0, loopback).sharedPort(0, loopback))) {
            List<Integer> ports = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                ports.add(Call.addressIn(await(two.open(audio(1)).offer())).getPort());
            }

            assertThat(ports.get(0)).isEqualTo(ports.get(2)).isNotEqualTo(ports.get(1));
            assertThat(ports.get(1)).isEqualTo(ports.get(3));
        }
    }

    @Test
    void ipv6IsServedOnTheSamePort() throws Exception {
        InetAddress ipv6 = InetAddress.getByName("::1");
        try (NettyIceRuntime dual = NettyIceRuntime.start(RuntimeConfig.create().sharedPort(0, loopback, ipv6))) {
            IceConfig both =
                    IceConfig.create().stream("audio", 1).localAddress(loopback).localAddress(ipv6);
            IceSession ours = dual.open(both.lite());
            IceSession phone = phones.open(IceConfig.create().stream("audio", 1).localAddress(ipv6));
            IceAnswer answer = await(ours.answer(carried(await(phone.offer()))));

            IcePeer toServer = phone.accept(carried(answer.description()));
            await(toServer.path("audio", 1).selected());

            assertThat(toServer.path("audio", 1)
                            .current()
                            .orElseThrow()
                            .remote()
                            .type())
                    .isEqualTo(CandidateType.HOST);
            assertThat(answer.description().streams().get(0).candidates()).hasSize(2);
        }
    }

    @Test
    void aPortThatIsTakenIsRefusedAtTheStart() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, loopback)) {
            RuntimeConfig config = RuntimeConfig.create().sharedPort(taken.getLocalPort(), loopback);

            assertThatThrownBy(() -> NettyIceRuntime.start(config)).isInstanceOf(UncheckedIOException.class);
        }
    }
}
