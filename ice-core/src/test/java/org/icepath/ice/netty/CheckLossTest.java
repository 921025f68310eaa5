// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.netty.Call.addressIn;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.icepath.Icepath;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.CheckLoss;
import org.icepath.ice.IceAnswer;
import org.icepath.ice.IcePath;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.NatMapping;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** RFC 7982 §5 in the statistics of a path: a check that gets lost on its way to a peer, who says so with the answer to the next. */
class CheckLossTest {

    @Test
    void aPathTellsHowManyChecksGotLost() throws Exception {
        InetAddress outside = InetAddress.getByName("127.0.0.5");
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        // a lite peer makes no checks: whatever is answered was asked by us
        try (IceRuntime runtime = Icepath.start();
                IceSession alice = runtime.open(audio(1));
                IceSession bob = runtime.open(
                        audio(1).lite().natMapping(NatMapping.host(InetAddress.getLoopbackAddress(), outside)))) {
            IceAnswer answer = await(bob.answer(Call.carried(await(alice.offer()))));
            IceDescription told = Call.carried(answer.description());
            new Bootstrap()
                    .group(loop)
                    .channel(NioDatagramChannel.class)
                    .handler(new LossyNat(addressIn(told).getPort()))
                    .bind(addressIn(told))
                    .sync();

            IcePath path = alice.accept(told).path("audio", 1);
            await(path.selected());

            assertThat(addressIn(told).getAddress()).isEqualTo(outside);
            Eventually.holds(() -> !path.statistics().checkLoss().equals(CheckLoss.NONE));
            assertThat(path.statistics().checkLoss().requestsLost()).isPositive();
        } finally {
            loop.shutdownGracefully();
        }
    }

    /** Maps an address to one of this machine's and loses the first datagram that comes from outside. */
    private static final class LossyNat extends SimpleChannelInboundHandler<DatagramPacket> {

        private final InetSocketAddress inside;
        private @Nullable InetSocketAddress peer;

        LossyNat(int port) {
            this.inside = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            boolean inbound = !packet.sender().equals(inside);
            if (inbound && peer == null) {
                peer = packet.sender();
                return;
            }
            InetSocketAddress to = inbound ? inside : Objects.requireNonNull(peer);
            context.writeAndFlush(new DatagramPacket(packet.content().retain(), to));
        }
    }
}
