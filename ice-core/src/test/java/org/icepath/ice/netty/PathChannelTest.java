// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.SendResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A path as a channel of Netty; the leak detector of the test run watches the buffers. */
class PathChannelTest {

    private final IceRuntime runtime = NettyIceRuntime.start();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        runtime.close();
    }

    /** Keeps the text of what arrives. */
    private final class Ear extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            heard.add(packet.content().toString(UTF_8));
        }
    }

    /** Sends back what arrives, in the buffer that it came in. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.write(message, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }

    @Test
    void twoChannelsCarryACallBothWays() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            Channel alices = call.alicesPath(1).channel();
            alices.pipeline().addLast(new Ear());
            call.bobsPath(1).channel().pipeline().addLast(new Echo());
            await(call.alicesPath(1).selected());
            await(call.bobsPath(1).selected());

            for (int i = 0; i < 100; i++) {
                alices.writeAndFlush(text("packet " + i)).sync();
                assertThat(heard.poll(30, SECONDS)).isEqualTo("packet " + i);
            }

            assertThat(alices.isActive()).isTrue();
            assertThat(alices.isWritable()).isTrue();
            assertThat(alices.eventLoop()).isSameAs(call.alicesPath(1).channel().eventLoop());
            assertThat(alices.remoteAddress())
                    .isEqualTo(call.bobsPath(1).channel().localAddress());
        }
    }

    // RFC 8445 §12.1: where a packet goes is ICE's choice.
    @Test
    void theRecipientOfADatagramCountsForNothing() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            call.bobsPath(1).channel().pipeline().addLast(new Ear());
            await(call.alicesPath(1).ready());

            call.alicesPath(1)
                    .channel()
                    .writeAndFlush(new DatagramPacket(text("hello"), new InetSocketAddress("192.0.2.1", 9)));

            assertThat(heard.poll(30, SECONDS)).isEqualTo("hello");
        }
    }

    @Test
    void packetsThatComeBeforeAHandlerWaitForIt() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            Channel bobs = call.bobsPath(1).channel();
            await(call.alicesPath(1).ready());
            call.alicesPath(1).send(bytes("early"));
            Eventually.holds(() -> call.bobsPath(1).statistics().packetsReceived() == 1);

            bobs.pipeline().addLast(new Ear());
            call.alicesPath(1).send(bytes("late"));

            assertThat(heard.poll(30, SECONDS)).isEqualTo("early");
            assertThat(heard.poll(30, SECONDS)).isEqualTo("late");
        }
    }

    // A handler takes messages a task of the event loop later than it stands in the pipeline, and packets are read
    // before tasks run.
    @Test
    void packetsThatComeWhileAHandlerIsBeingAddedWaitForIt() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            NettyIcePath path = call.bobsPath(1);
            Channel bobs = path.channel();
            InetSocketAddress from = new InetSocketAddress("192.0.2.1", 9);

            bobs.eventLoop()
                    .submit(() -> {
                        CompletableFuture.runAsync(() -> bobs.pipeline().addLast(new Ear()))
                                .join();
                        path.received(0, from, bytes("first"));
                        CompletableFuture.runAsync(() -> bobs.pipeline().addLast(new Ear()))
                                .join();
                        path.received(0, from, bytes("second"));
                    })
                    .sync();

            assertThat(heard.poll(30, SECONDS)).isEqualTo("first");
            assertThat(heard.poll(30, SECONDS)).isEqualTo("second");
        }
    }

    @Test
    void ofPacketsThatNobodyHandlesTheLatestAreKept() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            Channel bobs = call.bobsPath(1).channel();
            receives(call, 0, 74);

            bobs.pipeline().addLast(new Ear());
            receives(call, 74, 75);

            for (int i = 11; i < 75; i++) {
                assertThat(heard.poll(30, SECONDS)).isEqualTo("" + i);
            }
        }
    }

    @Test
    void packetsThatNobodyHandlesGoWithTheChannel() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            Channel bobs = call.bobsPath(1).channel();
            UnpooledByteBufAllocator counting = new UnpooledByteBufAllocator(true);
            bobs.config().setAllocator(counting);
            receives(call, 0, 10);
            assertThat(counting.metric().usedDirectMemory()).as("control").isPositive();

            bobs.close().sync();

            assertThat(counting.metric().usedDirectMemory()).isZero();
        }
    }

    // A receiver that fails is its own affair: the event loop serves others, too
    @Test
    void aReceiverThatThrowsDisturbsNobody() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            call.bobsPath(1).channel().eventLoop().submit(() -> {}).sync(); // it is registered, and replaced
            call.bobsPath(1).onReceive(packet -> {
                heard.add("thrown");
                throw new IllegalStateException("out of order");
            });

            assertThatCode(() -> receives(call, 0, 2)).doesNotThrowAnyException();
            assertThat(heard).containsExactly("thrown", "thrown");
        }
    }

    private static void receives(Call call, int from, int to) throws Exception {
        InetSocketAddress sender = new InetSocketAddress("192.0.2.1", 9);
        NettyIcePath path = call.bobsPath(1);
        path.channel()
                .eventLoop()
                .submit(() -> {
                    for (int i = from; i < to; i++) {
                        path.received(0, sender, bytes("" + i));
                    }
                })
                .sync();
    }

    @Test
    void whoDoesNotReadGetsNothingUntilHeDoes() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            Channel bobs = call.bobsPath(1).channel();
            bobs.config().setAutoRead(false);
            bobs.pipeline().addLast(new Ear());
            bobs.eventLoop().submit(bobs::read).sync();
            await(call.alicesPath(1).ready());
            call.alicesPath(1).send(bytes("first"));
            assertThat(heard.poll(30, SECONDS))
                    .as("control: one read was asked for")
                    .isEqualTo("first");
            call.alicesPath(1).send(bytes("second"));
            Eventually.holds(() -> call.bobsPath(1).statistics().packetsReceived() == 2);
            assertThat(heard).isEmpty();

            bobs.read();

            assertThat(heard.poll(30, SECONDS)).isEqualTo("second");
        }
    }

    @Test
    void aWriteBeforeThereIsAPathFailsWithTheReason() throws Exception {
        try (IceSession alice = runtime.open(audio(1))) {
            Channel channel = Call.pathToNobody(runtime, alice).channel();
            ByteBuf packet = text("too early");

            ChannelFuture written = channel.writeAndFlush(packet).await();

            assertThat(written.cause())
                    .isInstanceOfSatisfying(UnsentPacketException.class, unsent -> assertThat(unsent.result())
                            .isEqualTo(SendResult.NO_PATH));
            assertThat(packet.refCnt()).isZero();
            assertThat(channel.isWritable()).isFalse();
            assertThat(channel.remoteAddress()).isNull();
        }
    }

    @Test
    void aStunMessageIsRefusedAndReleased() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            await(call.alicesPath(1).ready());
            ByteBuf stun = Unpooled.buffer(20)
                    .writeInt(0x00010000)
                    .writeInt(0x2112A442)
                    .writeZero(12);

            ChannelFuture written =
                    call.alicesPath(1).channel().writeAndFlush(stun).await();

            assertThat(written.cause()).isInstanceOf(IllegalArgumentException.class);
            assertThat(stun.refCnt()).isZero();
        }
    }

    @Test
    void theChannelEndsWithItsPath() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            Channel channel = call.alicesPath(1).channel();
            await(call.alicesPath(1).ready());

            call.toBob().close();

            assertThat(channel.closeFuture().await(30, SECONDS)).isTrue();
            assertThat(channel.isOpen()).isFalse();
            assertThat(call.alicesPath(1).channel().closeFuture().await(30, SECONDS))
                    .as("one that is asked for later is closed, too")
                    .isTrue();
        }
    }

    @Test
    void closingTheChannelLeavesThePathAsItIs() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            await(call.bobsPath(1).ready());
            Channel former = call.bobsPath(1).channel();
            former.close().sync();
            await(call.alicesPath(1).ready());

            call.alicesPath(1).send(bytes("hello"));
            call.bobsPath(1).channel().pipeline().addLast(new Ear());
            call.alicesPath(1).send(bytes("again"));

            assertThat(heard.poll(30, SECONDS)).isEqualTo("hello");
            assertThat(heard.poll(30, SECONDS)).isEqualTo("again");
            assertThat(call.bobsPath(1).channel()).isNotSameAs(former);
        }
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, UTF_8);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }
}
