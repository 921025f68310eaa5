// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;
import static org.icepath.ice.netty.Call.carried;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.icepath.ice.IceAnswer;
import org.icepath.ice.IcePeer;
import org.icepath.ice.IceSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions on sockets that the application has bound. */
class BoundSocketTest {

    private final InetAddress loopback = InetAddress.getLoopbackAddress();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final NettyIceRuntime runtime = NettyIceRuntime.start(group);

    @AfterEach
    void close() {
        runtime.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private java.nio.channels.DatagramChannel bound() throws Exception {
        return java.nio.channels.DatagramChannel.open(java.net.StandardProtocolFamily.INET)
                .bind(new InetSocketAddress(loopback, 0));
    }

    private void connects(IceSession session, int port) throws Exception {
        IceSession other = runtime.open(audio(1));
        IceAnswer answer = await(session.answer(carried(await(other.offer()))));

        IcePeer peer = other.accept(carried(answer.description()));
        await(peer.path("audio", 1).selected());

        assertThat(peer.path("audio", 1)
                        .current()
                        .orElseThrow()
                        .remote()
                        .address()
                        .port())
                .isEqualTo(port);
    }

    @Test
    void aSocketOfTheJdkIsTakenOverAndClosedWithTheSession() throws Exception {
        java.nio.channels.DatagramChannel socket = bound();
        int port = ((InetSocketAddress) socket.getLocalAddress()).getPort();
        IceSession session = runtime.open(audio(1), List.of(BoundSocket.of("audio", 1, socket)));

        connects(session, port);
        session.close();
        await(((NettyIceSession) session).ended());

        Eventually.holds(() -> !socket.isOpen());
    }

    @Test
    void aChannelOfNettyStaysOnItsEventLoop() throws Exception {
        DatagramChannel channel = (DatagramChannel) new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .bind(loopback, 0)
                .sync()
                .channel();
        IceSession session = runtime.open(audio(1), List.of(new BoundSocket("audio", 1, channel)));

        connects(session, channel.localAddress().getPort());

        assertThat(((NettyIceSession) session).shell().driver().eventLoop()).isSameAs(channel.eventLoop());
    }

    @Test
    void whatCannotBeUsedStaysTheApplications() throws Exception {
        try (java.nio.channels.DatagramChannel socket = bound();
                NettyIceRuntime epoll = NettyIceRuntime.start()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> runtime.open(audio(1), List.of(BoundSocket.of("video", 1, socket))));
            if (epoll.transport().equals("epoll")) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> epoll.open(audio(1), List.of(BoundSocket.of("audio", 1, socket))));
            }
            assertThat(socket.isOpen()).isTrue();
        }
    }
}
