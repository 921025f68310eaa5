// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceException;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IcePath;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.IceState;
import org.icepath.ice.SendResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CloseTest {

    private final IceRuntime runtime = NettyIceRuntime.start();

    @AfterEach
    void close() {
        runtime.close();
    }

    @Test
    void closingTwiceIsClosingOnce() throws Exception {
        Call call = Call.connect(runtime, audio(1));

        call.close();
        call.close();

        assertThat(await(call.alice().report()).text()).isNotBlank();
    }

    @Test
    void whatIsAwaitedFailsWithTheReasonWhenTheSessionCloses() throws Exception {
        IceSession alice = runtime.open(audio(1));
        await(alice.offer());
        IceSession gone = runtime.open(audio(1));
        IceDescription description = await(gone.offer());
        gone.close();
        IcePath path = alice.accept(description).path("audio", 1);
        CompletableFuture<Void> ready = path.ready();
        CompletableFuture<Void> selected = path.selected();

        alice.close();

        assertFailsClosed(() -> await(ready));
        assertFailsClosed(() -> await(selected));
        assertThat(path.send(ByteBuffer.allocate(1))).isEqualTo(SendResult.NO_PATH);
    }

    @Test
    void aClosedSessionAnswersEveryVerbAtOnce() throws Exception {
        Call call = Call.connect(runtime, audio(1));
        call.close();

        assertFailsClosed(() -> await(call.alice().offer()));
        assertFailsClosed(() -> await(call.toBob().offer()));
        assertThatExceptionOfType(IceException.class)
                .isThrownBy(() -> call.alice().accept(IceDescription.builder().build()));
        assertThat(call.toBob().report()).succeedsWithin(Duration.ofSeconds(30));
    }

    // what nobody has described, nobody can answer: such a peer could never connect
    @Test
    void anAnswerBeforeAnyOfferIsRefused() throws Exception {
        try (IceSession alice = runtime.open(audio(1));
                IceSession bob = runtime.open(audio(1))) {
            IceDescription answer = await(bob.offer());

            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> alice.accept(answer))
                    .withMessageContaining("offer() was not called");
            await(alice.offer());
            assertThat(alice.accept(answer)).isNotNull();
        }
    }

    @Test
    void aSessionThatNeverGatheredCloses() throws Exception {
        IceSession idle = runtime.open(audio(1));

        idle.close();

        IceReport report = await(idle.report());
        assertThat(report.verdict()).isNotBlank();
    }

    @Test
    void closingOnePeerLeavesTheSessionOpen() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            await(call.alicesPath(1).ready());

            call.toBob().close();
            IceDescription again = await(call.alice().offer());

            assertThat(again.streams()).hasSize(1);
            assertThat(call.alicesPath(1).send(ByteBuffer.allocate(1))).isEqualTo(SendResult.NO_PATH);
            assertThat(call.toBob().state()).isEqualTo(IceState.CLOSED);
        }
    }

    @Test
    void closingTheRuntimeClosesItsSessions() throws Exception {
        Call call = Call.connect(runtime, audio(1));
        await(call.alicesPath(1).ready());

        runtime.close();

        assertThat(call.alicesPath(1).send(ByteBuffer.allocate(1))).isEqualTo(SendResult.NO_PATH);
        assertThat(await(call.alice().report()).verdict()).isNotBlank();
        assertThatIllegalStateException().isThrownBy(() -> runtime.open(audio(1)));
        runtime.close();
    }

    @Test
    void closingTheRuntimeFromACallbackDoesNotStopTheLoop() throws Exception {
        Call call = Call.connect(runtime, audio(1));

        CompletableFuture<Void> closed = call.alicesPath(1).ready().thenRun(runtime::close);

        await(closed);
    }

    // The application's event loops may end first: nobody is left to answer, and still nobody may wait for ever.
    @Test
    void anEventLoopThatEndsUnderASessionLeavesNothingHanging() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        IceRuntime onGroup = NettyIceRuntime.start(group);
        Call call = Call.connect(onGroup, audio(1));
        await(call.alicesPath(1).ready());

        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();

        assertThat(call.alicesPath(1).send(ByteBuffer.allocate(1))).isNotEqualTo(SendResult.SENT);
        assertFailsClosed(() -> await(call.toBob().offer()));
        call.close();
        assertThat(await(call.alice().report()).verdict()).isNotBlank();
        onGroup.close();
    }

    private static void assertFailsClosed(ThrowingCallable verb) {
        assertThatThrownBy(verb).cause().isInstanceOfSatisfying(IceException.class, thrown -> assertThat(
                        thrown.failure().kind())
                .isEqualTo(IceFailure.Kind.CLOSED));
    }
}
