// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.Future;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.icepath.connection.Proxy;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** RFC 8305 §5 for the addresses of a proxy. */
@Timeout(120)
class ProxyRaceTest {

    private static final Base ANYWHERE = new Base(1, Transport.TCP, new InetSocketAddress("0.0.0.0", 0));

    private final EventLoops loops = EventLoops.start(1);
    private final EventLoop loop = loops.next();
    private final ServerSocket server = listener();
    private final ServerSocket silent = listener();
    private final CompletableFuture<Channel> through = new CompletableFuture<>();
    private final CompletableFuture<String> heard = new CompletableFuture<>();

    ProxyRaceTest() throws Exception {}

    private static ServerSocket listener() throws Exception {
        return new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void tearDown() throws Exception {
        loops.close();
        server.close();
        silent.close();
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Where nobody listens. */
    private static InetSocketAddress closed() throws Exception {
        try (ServerSocket once = listener()) {
            return at(once.getLocalPort());
        }
    }

    private ProxyRace begin(InetSocketAddress... proxies) {
        ProxyRace race = new ProxyRace(
                loop,
                Proxy.http("proxy.test", 1),
                List.of(proxies),
                pipeline -> new Bootstrap()
                        .group(loop)
                        .channelFactory(loops::newSocketChannel)
                        .resolver(NoopAddressResolverGroup.INSTANCE)
                        .handler(pipeline),
                ANYWHERE,
                at(server.getLocalPort()),
                new Listener());
        loop.execute(race::run);
        return race;
    }

    private final class Listener implements ProxyRace.Outcome {

        @Override
        public void through(Channel channel, Future<Channel> whole) {
            channel.pipeline().addLast(new SimpleChannelInboundHandler<ByteBuf>() {
                @Override
                protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
                    heard.complete(bytes.toString(US_ASCII));
                }
            });
            whole.addListener(done -> through.complete(channel));
        }

        @Override
        public void failed(Throwable cause) {
            through.completeExceptionally(cause);
        }
    }

    private InetSocketAddress taken() throws Exception {
        return (InetSocketAddress) through.get(60, SECONDS).remoteAddress();
    }

    @Test
    void anAddressThatRefusesMakesWay() throws Exception {
        try (TestProxy good = new TestProxy()) {
            begin(closed(), at(good.port()));

            assertThat(taken()).isEqualTo(at(good.port()));
        }
    }

    @Test
    void anAddressThatIsSilentIsOvertakenAndLetGo() throws Exception {
        try (TestProxy good = new TestProxy()) {
            begin(at(silent.getLocalPort()), at(good.port()));

            assertThat(taken()).isEqualTo(at(good.port()));
            assertThat(askedAndClosed()).startsWith("CONNECT ");
        }
    }

    private Socket accept() throws Exception {
        Socket accepted = silent.accept();
        accepted.setSoTimeout(60_000);
        return accepted;
    }

    /** What the silent one was told until its connection was closed. */
    private String askedAndClosed() throws Exception {
        try (Socket connection = accept()) {
            return new String(connection.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    @Test
    void whenAllHaveFailedThatOfTheLastIsTold() throws Exception {
        begin(closed(), closed());

        assertThatThrownBy(() -> through.get(60, SECONDS)).hasRootCauseInstanceOf(ConnectException.class);
    }

    // a server that speaks first may be heard in one packet with the proxy's answer
    @Test
    void nothingIsLostOfWhatComesWithTheAnswer() throws Exception {
        try (TestProxy good = new TestProxy("", "", "220 ready")) {
            begin(at(good.port()));

            assertThat(heard.get(60, SECONDS)).isEqualTo("220 ready");
        }
    }

    @Test
    void aRaceThatIsCancelledLeavesNothingOpen() throws Exception {
        ProxyRace race = begin(at(silent.getLocalPort()));

        try (Socket connection = accept()) {
            loop.execute(race::cancel);
            connection.getInputStream().readAllBytes();
        }
        loop.submit(() -> {}).get(60, SECONDS);
        assertThat(through).isNotDone();
    }
}
