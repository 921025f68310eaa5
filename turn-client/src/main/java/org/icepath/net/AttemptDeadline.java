// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.icepath.sansio.Cause;
import org.jspecify.annotations.Nullable;

/** When one attempt to connect is given up, all of its handshakes included. Confined to the event loop. */
final class AttemptDeadline {

    private final InetSocketAddress remote;
    private final long millis;
    private @Nullable ScheduledFuture<?> timer;

    AttemptDeadline(InetSocketAddress remote, Duration time) {
        this.remote = remote;
        this.millis = time.toMillis();
    }

    void start(EventLoop loop, Consumer<Cause> end) {
        timer = loop.schedule(
                () -> end.accept(
                        new Cause(Cause.Kind.TIMED_OUT, "no connection to " + remote + " within " + millis + " ms")),
                millis,
                TimeUnit.MILLISECONDS);
    }

    void cancel() {
        ScheduledFuture<?> armed = timer;
        if (armed != null) {
            armed.cancel(false);
        }
    }
}
