// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IcePath;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeServer;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Packets that are sent together. */
class PathBurstTest {

    private final IceRuntime runtime = NettyIceRuntime.start();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        runtime.close();
    }

    private Call connect(IceConfig caller) throws Exception {
        Call call = Call.connect(runtime, caller, audio(1));
        call.bobsPath(1).onReceive(packet -> heard.add(text(packet.payload())));
        await(call.alicesPath(1).selected());
        await(call.bobsPath(1).selected());
        return call;
    }

    private static String text(ByteBuffer packet) {
        return US_ASCII.decode(packet.duplicate()).toString();
    }

    /** As many packets, long ones and a short one at the end. */
    private static List<String> texts(int count) {
        List<String> texts = new ArrayList<>(
                IntStream.range(1, count).mapToObj("rtp%0170d"::formatted).toList());
        texts.add("the last");
        return texts;
    }

    private static List<ByteBuffer> packets(List<String> texts) {
        return texts.stream()
                .map(text -> ByteBuffer.wrap(text.getBytes(US_ASCII)))
                .toList();
    }

    private List<String> hear(int count) throws InterruptedException {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(String.valueOf(heard.poll(30, SECONDS)));
        }
        return all;
    }

    private static int burstOnLoop(Call call, List<ByteBuffer> packets) throws Exception {
        CompletableFuture<Integer> taken = new CompletableFuture<>();
        ((NettyIceSession) call.alice())
                .shell()
                .execute(() -> taken.complete(call.alicesPath(1).sendBurst(packets)));
        return await(taken);
    }

    @Test
    void aBurstOfTheEventLoopArrivesInOrder() throws Exception {
        try (Call call = connect(audio(1))) {
            List<String> texts = texts(40);
            List<ByteBuffer> packets = packets(texts);

            assertThat(burstOnLoop(call, packets)).isEqualTo(40);

            assertThat(hear(40)).isEqualTo(texts);
            assertThat(packets)
                    .allSatisfy(packet -> assertThat(packet.position()).isZero());
            assertThat(call.alicesPath(1).statistics().packetsSent()).isEqualTo(40);
            assertThat(call.bobsPath(1).statistics().bytesReceived()).isEqualTo(39 * 173 + 8);
        }
    }

    @Test
    void aBurstOfAnotherThreadArrivesInOrder() throws Exception {
        try (Call call = connect(audio(1))) {
            List<String> texts = texts(40);

            assertThat(call.alicesPath(1).sendBurst(packets(texts))).isEqualTo(40);

            assertThat(hear(40)).isEqualTo(texts);
        }
    }

    @Test
    void whatIsWrittenToTheChannelArrivesInOrder() throws Exception {
        try (Call call = connect(audio(1))) {
            List<String> texts = texts(40);
            Channel channel = call.alicesPath(1).channel();

            for (String text : texts) {
                ByteBuf packet = Unpooled.copiedBuffer(text, US_ASCII);
                channel.write(packet);
            }
            channel.flush();

            assertThat(hear(40)).isEqualTo(texts);
        }
    }

    @Test
    void aBurstOverAChannelOfARelayArrivesInOrder() throws Exception {
        try (EdgeServer server = EdgeServer.start(EdgeConfig.create().user("alice", "secret"));
                Call call = connect(audio(1).relayOnly()
                        .gatherDeadline(Duration.ofSeconds(20)) // it answers, though the machine may stand still
                        .turnServer(TurnServer.parse(
                                        "turn:127.0.0.1:" + server.address().getPort())
                                .credentials("alice", "secret")))) {
            Eventually.holds(() -> call.alicesPath(1).usesChannel());
            List<String> texts = texts(40);

            assertThat(burstOnLoop(call, packets(texts))).isEqualTo(40);

            assertThat(hear(40)).isEqualTo(texts);
        }
    }

    @Test
    void nothingOfABurstWithAStunMessageIsSent() throws Exception {
        try (Call call = connect(audio(1))) {
            ByteBuffer stun = ByteBuffer.allocate(20).putInt(4, 0x2112A442);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> call.alicesPath(1).sendBurst(List.of(ByteBuffer.allocate(8), stun)));

            assertThat(call.alicesPath(1).statistics().packetsSent()).isZero();
        }
    }

    @Test
    void withoutAPathNoneIsTaken() throws Exception {
        try (IceSession alice = runtime.open(audio(1))) {
            IcePath path = Call.pathToNobody(runtime, alice);

            assertThat(path.sendBurst(packets(texts(3)))).isZero();
        }
    }
}
