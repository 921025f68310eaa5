// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Says when the addresses of this machine may have changed: an interface that vanishes is left by media at once, on one that appears
 * candidates are gathered. One for each runtime; it is asked to watch only while sessions live.
 *
 * <p>An application that learns of changes from its platform, from netlink, a connectivity service or a route socket, implements
 * this and calls back; the runtime then looks for itself what has changed. To call back when nothing has changed is harmless.
 */
@FunctionalInterface
public interface NetworkMonitor {

    /**
     * How often {@link #polling()} looks. Both sides of a call leave a lost interface within a second: the one whose interface it was
     * after a look, the other when data has come another way for 300 ms.
     */
    Duration POLLING_INTERVAL = Duration.ofMillis(250);

    /**
     * Begins to watch. Must not block.
     *
     * @param executor may be used for what has to be done periodically; its tasks must be short, packets wait for them
     * @param changed to be called when something may have changed, on any thread; returns at once, or takes as long as it takes to
     *     list the interfaces
     * @return what ends the watch
     */
    Watch watch(ScheduledExecutorService executor, Runnable changed);

    /** A watch that goes on. */
    @FunctionalInterface
    interface Watch {

        /** Ends it; a last call of what it has begun may still come. Idempotent. */
        void end();
    }

    /** The default: looks every 250 ms. */
    static NetworkMonitor polling() {
        return polling(POLLING_INTERVAL);
    }

    /**
     * Looks at intervals. Where listing the interfaces is slow, it is done less often: it takes no more than a hundredth of a thread.
     *
     * @param interval 10 ms to 1 h
     * @throws IllegalArgumentException outside that range
     */
    static NetworkMonitor polling(Duration interval) {
        Objects.requireNonNull(interval, "interval");
        if (interval.compareTo(Duration.ofMillis(10)) < 0 || interval.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("interval " + interval + ", expected 10 ms to 1 h");
        }
        return (executor, changed) -> {
            ScheduledFuture<?> task = executor.scheduleWithFixedDelay(
                    changed, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
            return () -> task.cancel(false);
        };
    }

    /** Never looks: sessions keep the sockets that they began with. */
    static NetworkMonitor none() {
        return (executor, changed) -> () -> {};
    }
}
