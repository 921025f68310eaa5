// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.icepath.sansio.Cause;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bursts over the kernel's sockets. */
@Timeout(120)
class UdpBurstTest {

    /** SO_NO_CHECK (asm-generic/socket.h): datagrams without checksums, of which the kernel cuts none. */
    private static final ChannelOption<Integer> NO_CHECKSUM = new IntegerUnixChannelOption("SO_NO_CHECK", 1, 11);

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final EventLoops loops = EventLoops.start(1);
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final List<Object> written = new ArrayList<>();

    @AfterEach
    void tearDown() {
        loops.close();
    }

    private final class Ears implements UdpSocketListener {
        @Override
        public void received(UdpSocket socket, InetSocketAddress from, ByteBuffer payload) {
            received.add(US_ASCII.decode(payload).toString());
        }

        @Override
        public void sendFailed(UdpSocket socket, InetSocketAddress to, Cause cause) {
            received.add("failed: " + cause);
        }
    }

    /** Writes down what reaches the channel: each is a system call. */
    private final class Calls extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            written.add(message);
            context.write(message, promise);
        }
    }

    private UdpSocket open(EventLoops on) throws Exception {
        return UdpSocket.open(on, on.next(), 1, UdpSocketOptions.at(LOOPBACK), new Ears())
                .get(30, SECONDS);
    }

    private UdpSocket openWatched(ChannelOption<Integer> option, int value) throws Exception {
        DatagramChannel channel = loops.newDatagramChannel(LOOPBACK);
        channel.config().setOption(option, value);
        loops.next().register(channel).sync();
        channel.pipeline().addLast(new Calls());
        channel.bind(new InetSocketAddress(LOOPBACK, 0)).sync();
        return UdpSocket.adopt(loops.next(), 2, channel, new Ears()).get(30, SECONDS);
    }

    private static void burst(UdpSocket from, UdpSocket to, List<String> texts) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        from.eventLoop().execute(() -> {
            for (String text : texts) {
                ByteBuf datagram = from.allocate(text.length());
                datagram.writeCharSequence(text, US_ASCII);
                from.write(datagram, to.localAddress());
            }
            from.flush();
            done.complete(null);
        });
        done.get(30, SECONDS);
    }

    private List<String> heard(int count) throws InterruptedException {
        List<String> heard = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            heard.add(String.valueOf(received.poll(30, SECONDS)));
        }
        return heard;
    }

    private static List<String> texts(int count, int length) {
        return IntStream.range(0, count)
                .mapToObj(number -> ("%0" + length + "d").formatted(number))
                .toList();
    }

    @Test
    void aBurstLeavesByOneCallAndArrivesAsItsDatagrams() throws Exception {
        assumeTrue(EpollDatagramChannel.isSegmentedDatagramPacketSupported());
        UdpSocket from = openWatched(ChannelOption.SO_SNDBUF, 1 << 18);
        UdpSocket to = open(loops);
        List<String> texts = new ArrayList<>(texts(31, 172));
        texts.add("the last may be shorter");

        burst(from, to, texts);

        assertThat(heard(32)).isEqualTo(texts);
        assertThat(written).singleElement().isInstanceOf(SegmentedDatagramPacket.class);
    }

    @Test
    void longDatagramsArriveWhole() throws Exception {
        UdpSocket from = open(loops);
        UdpSocket to = open(loops);
        List<String> texts = texts(120, 1_400);

        burst(from, to, texts);

        assertThat(heard(120)).isEqualTo(texts);
    }

    @Test
    void aBurstOfAllLengthsArrivesInOrder() throws Exception {
        UdpSocket from = open(loops);
        UdpSocket to = open(loops);
        List<String> texts = new ArrayList<>();
        for (int length = 1; length <= 40; length++) {
            texts.addAll(texts(1 + length % 4, length));
        }

        burst(from, to, texts);

        assertThat(heard(texts.size())).isEqualTo(texts);
    }

    // The kernel cuts nothing of a socket that sends without checksums (EINVAL): as interfaces do that cannot.
    @Test
    void whatTheKernelRefusesJoinedLeavesOneByOne() throws Exception {
        assumeTrue(EpollDatagramChannel.isSegmentedDatagramPacketSupported());
        UdpSocket from = openWatched(NO_CHECKSUM, 1);
        UdpSocket to = open(loops);
        List<String> texts = texts(10, 100);

        burst(from, to, texts);
        burst(from, to, texts);

        assertThat(heard(10)).isEqualTo(texts);
        assertThat(heard(10)).isEqualTo(texts);
        assertThat(received).isEmpty();
        assertThat(written).hasSize(21);
        assertThat(written.stream().filter(SegmentedDatagramPacket.class::isInstance))
                .hasSize(1);
        assertThat(from.unattributedFailures()).isZero();
    }

    @Test
    void aBurstOverNioArrivesAsItsDatagrams() throws Exception {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            EventLoops nio = EventLoops.over(group);
            UdpSocket from = open(nio);
            UdpSocket to = open(nio);
            List<String> texts = texts(40, 172);

            burst(from, to, texts);

            assertThat(heard(40)).isEqualTo(texts);
        } finally {
            group.shutdownGracefully(0, 1, SECONDS);
        }
    }

    // The buffer of a read is used again for the next one: what was received must have been handed on by then.
    @Test
    void aSocketWithoutRoomTakesNothingOfABurstUntilThereIsSome() throws Exception {
        DatagramChannel channel = loops.newDatagramChannel(LOOPBACK);
        loops.next().register(channel).sync();
        channel.bind(new InetSocketAddress(LOOPBACK, 0)).sync();
        UdpSocket full = UdpSocket.adopt(loops.next(), 2, channel, new Ears()).get(30, SECONDS);
        UdpSocket to = open(loops);
        ByteBuffer packet = US_ASCII.encode("media");
        CompletableFuture<List<Boolean>> taken = new CompletableFuture<>();

        full.eventLoop().execute(() -> {
            channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
            boolean without = full.write(0, packet, to.localAddress());
            channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
            boolean with = full.write(0, packet, to.localAddress());
            full.flush();
            taken.complete(List.of(without, with));
        });

        assertThat(taken.get(30, SECONDS)).containsExactly(false, true);
        assertThat(heard(1)).containsExactly("media");
        assertThat(received).isEmpty();
    }

    @Test
    void burstsThatFollowEachOtherDoNotMix() throws Exception {
        UdpSocket from = open(loops);
        UdpSocket to = open(loops);
        for (int round = 0; round < 20; round++) {
            List<String> texts = texts(60, 20 + round);

            burst(from, to, texts);

            assertThat(heard(60)).isEqualTo(texts);
        }
    }
}
