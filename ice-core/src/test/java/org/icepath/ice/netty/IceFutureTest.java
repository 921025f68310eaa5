// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.icepath.net.EventLoops;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IceFutureTest {

    private final EventLoops loops = EventLoops.start(1);
    private final EventLoop loop = loops.next();
    private final IceFuture<String> future = new IceFuture<>(loops);

    @AfterEach
    void endLoops() {
        loops.close();
    }

    // The loop that waits would be the one that has to complete it.
    @Test
    void waitingOnAnEventLoopThrowsInsteadOfStoppingTheSession() {
        assertThatThrownBy(() -> loop.submit(() -> future.join()).get(30, SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> loop.submit(() -> future.get()).get(30, SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> loop.submit(() -> future.get(1, SECONDS)).get(30, SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void derivedFuturesMayNotBeWaitedForThereEither() {
        CompletableFuture<Integer> derived = future.thenApply(String::length);

        assertThatThrownBy(() -> loop.submit(() -> derived.join()).get(30, SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> loop.submit(() -> future.copy().join()).get(30, SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void aCompletedFutureMayBeReadAnywhere() throws Exception {
        future.complete("done");

        assertThat(loop.submit(() -> future.join()).get(30, SECONDS)).isEqualTo("done");
    }

    @Test
    void otherThreadsMayWait() throws InterruptedException, ExecutionException {
        loop.execute(() -> future.complete("done"));

        assertThat(future.get()).isEqualTo("done");
    }
}
