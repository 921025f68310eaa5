// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.PairStatistics;
import org.icepath.ice.PathStatistics;
import org.icepath.ice.SendResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection whose other end does not read: what is sent waits, and the oldest makes room (RFC 4571 knows no loss, media does). */
class CongestedConnectionTest {

    private static final byte[] PAYLOAD = new byte[1_200];

    private final IceRuntime alices = NettyIceRuntime.start();
    private final IceRuntime bobs = NettyIceRuntime.start();
    private final CountDownLatch reading = new CountDownLatch(1);
    private Call call;

    @BeforeEach
    void connect() throws Exception {
        call = Call.connect(alices, audio(1).tcpOnly(), bobs, audio(1).tcpOnly());
        await(call.alicesPath(1).selected());
        await(call.bobsPath(1).selected());
        CountDownLatch blocked = new CountDownLatch(1);
        ((NettyIceSession) call.bob()).shell().execute(() -> {
            blocked.countDown();
            awaitReading();
        });
        blocked.await();
    }

    private void awaitReading() {
        try {
            reading.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void close() {
        reading.countDown();
        call.close();
        alices.close();
        bobs.close();
    }

    private <T> T onLoop(Supplier<T> task) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        ((NettyIceSession) call.alice()).shell().execute(() -> done.complete(task.get()));
        return await(done);
    }

    // Within one task of the loop nothing that waits can leave.
    private void congest() {
        for (int i = 0; i < 1_000_000; i++) {
            if (call.alicesPath(1).send(ByteBuffer.wrap(PAYLOAD)) == SendResult.FULL) {
                return;
            }
        }
        throw new AssertionError("a gigabyte was taken");
    }

    @Test
    void aBurstIsTakenWholeAndOlderPacketsAreDroppedForIt() throws Exception {
        int taken = onLoop(() -> {
            congest();
            return call.alicesPath(1).sendBurst(Collections.nCopies(10, ByteBuffer.wrap(PAYLOAD)));
        });

        assertThat(taken).isEqualTo(10);
        PathStatistics path = call.alicesPath(1).statistics();
        assertThat(path.packetsDiscardedOnSend()).isEqualTo(11);
        assertThat(path.bytesDiscardedOnSend()).isEqualTo(11 * 1_200);
        PairStatistics pair = await(call.toBob().statistics()).stream()
                .filter(PairStatistics::inUse)
                .findFirst()
                .orElseThrow();
        assertThat(pair.packetsSent()).isEqualTo(path.packetsSent());
        assertThat(pair.packetsDiscardedOnSend()).isEqualTo(11);
        assertThat(pair.bytesDiscardedOnSend()).isEqualTo(11 * 1_200);
    }

    @Test
    void aWriteToTheChannelSucceedsThoughAnOlderPacketIsDroppedForIt() throws Exception {
        Channel channel = call.alicesPath(1).channel();
        ChannelFuture written = onLoop(() -> {
            congest();
            return channel.writeAndFlush(Unpooled.wrappedBuffer(PAYLOAD));
        });

        assertThat(written.await().isSuccess())
                .as(String.valueOf(written.cause()))
                .isTrue();
    }
}
