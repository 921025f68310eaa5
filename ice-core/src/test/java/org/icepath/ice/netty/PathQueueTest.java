// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IcePath;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.SendResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of packets that other threads send faster than the session's event loop takes them. */
class PathQueueTest {

    private static final int FAR_TOO_MANY = 3_000;

    private final IceRuntime runtime = NettyIceRuntime.start();
    private final BlockingQueue<IceEvent> turns = new LinkedBlockingQueue<>();
    private final CountDownLatch loopIsFree = new CountDownLatch(1);

    @AfterEach
    void close() {
        loopIsFree.countDown();
        runtime.close();
    }

    @Test
    void aPathThatWasFullTakesPacketsAgainOnceItIsDrained() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            NettyIcePath path = call.alicesPath(1);
            await(path.selected());
            occupyTheLoopOf(call);
            int full = 0;
            for (int i = 0; i < FAR_TOO_MANY; i++) {
                full += path.send(bytes()) == SendResult.FULL ? 1 : 0;
            }
            assertThat(full).as("control: the queue has an end").isPositive();

            loopIsFree.countDown();

            Eventually.holds(() -> path.send(bytes()) == SendResult.SENT);
        }
    }

    @Test
    void writabilityIsTrueOncePacketsMayFlowAndIsToldOnceForEachTurn() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            NettyIcePath path = call.alicesPath(1);
            await(path.selected());
            assertThat(path.isWritable()).isTrue();
            call.toBob().onEvent(this::keep);
            occupyTheLoopOf(call);
            for (int i = 0; i < FAR_TOO_MANY; i++) {
                path.send(bytes());
            }
            assertThat(path.isWritable()).isFalse();

            loopIsFree.countDown();

            assertThat(turns.poll(30, SECONDS)).isEqualTo(new IceEvent.WritabilityChanged("audio", 1, false));
            assertThat(turns.poll(30, SECONDS)).isEqualTo(new IceEvent.WritabilityChanged("audio", 1, true));
            assertThat(path.isWritable()).isTrue();
        }
    }

    @Test
    void aPathThatNobodyAnsweredIsNotWritable() throws Exception {
        try (IceSession alice = runtime.open(audio(1))) {
            IcePath path = Call.pathToNobody(runtime, alice);

            assertThat(path.isWritable()).isFalse();
        }
    }

    private void keep(IceEvent event) {
        if (event instanceof IceEvent.WritabilityChanged) {
            turns.add(event);
        }
    }

    private void occupyTheLoopOf(Call call) throws InterruptedException {
        CountDownLatch occupied = new CountDownLatch(1);
        ((NettyIceSession) call.alice()).shell().execute(() -> {
            occupied.countDown();
            try {
                loopIsFree.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        occupied.await();
    }

    private static ByteBuffer bytes() {
        return ByteBuffer.wrap("packet".getBytes(UTF_8));
    }
}
