// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.icepath.ice.NetworkMonitor;
import org.icepath.net.EventLoops;
import org.icepath.net.LocalAddress;
import org.icepath.net.MonotonicClock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the addresses of this machine for all sessions of a runtime, while there are any: one watch, and one scan for all.
 * Thread-safe; scans run on one event loop.
 */
final class HostWatch {

    private static final Logger LOG = LoggerFactory.getLogger(HostWatch.class);

    /** A scan that takes a while is followed by this many times as long without one: packets wait for it. */
    private static final int REST = 99;

    /** What a scan is thought to take grows no faster than this: one that was merely interrupted says nothing. */
    private static final long MOST_GROWTH_NANOS = 50_000;

    private final EventLoops loops;
    private final NetworkMonitor monitor;
    private final HostScan scan;
    private final Runnable first;
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean due = new AtomicBoolean();
    private NetworkMonitor.@Nullable Watch watch;
    private @Nullable EventLoop loop;
    private @Nullable ScheduledFuture<?> later;
    private List<LocalAddress> known = List.of();
    private long cost;
    private long restUntil = MonotonicClock.now();

    /** What a session does about it; called on the event loop of the watch. */
    @FunctionalInterface
    interface Listener {
        void changed(List<LocalAddress> present);
    }

    /** @param first is told of each change before the sessions are, and once for all of them */
    HostWatch(EventLoops loops, NetworkMonitor monitor, HostScan scan, Runnable first) {
        this.loops = loops;
        this.monitor = monitor;
        this.scan = scan;
        this.first = first;
    }

    /** What lists the addresses. */
    HostScan scan() {
        return scan;
    }

    /**
     * A session wants to know.
     *
     * @param present what it has begun with
     */
    synchronized void join(Listener listener, List<LocalAddress> present) {
        listeners.add(listener);
        if (watch == null) {
            EventLoop chosen = loops.next();
            loop = chosen;
            known = present;
            watch = monitor.watch(chosen, this::look);
            chosen.execute(this::look);
        } else if (!known.equals(present) && loop != null) {
            // one of the two is out of date: all are told what a scan of now says
            known = List.of();
            loop.execute(this::look);
        }
    }

    /** A session has ended; with the last one the watch ends. */
    synchronized void leave(Listener listener) {
        listeners.remove(listener);
        if (listeners.isEmpty() && watch != null) {
            watch.end();
            watch = null;
            forgetLater();
        }
    }

    // If it runs already, it says itself that nothing is due any more.
    private void forgetLater() {
        ScheduledFuture<?> waiting = later;
        if (waiting != null && waiting.cancel(false)) {
            due.set(false);
        }
        later = null;
    }

    private void look() {
        EventLoop chosen = current();
        if (chosen == null || !due.compareAndSet(false, true)) {
            return;
        }
        long wait = Math.max(0, rest() - MonotonicClock.now());
        try {
            if (wait == 0 && chosen.inEventLoop()) {
                compare();
            } else {
                lookLater(chosen, wait);
            }
        } catch (RejectedExecutionException loopHasEnded) {
            due.set(false);
        }
    }

    private synchronized void lookLater(EventLoop chosen, long wait) {
        if (watch == null) {
            due.set(false);
        } else {
            later = chosen.schedule(this::compare, wait, TimeUnit.NANOSECONDS);
        }
    }

    private synchronized @Nullable EventLoop current() {
        return watch == null ? null : loop;
    }

    private synchronized long rest() {
        return restUntil;
    }

    private void compare() {
        due.set(false);
        long begun = MonotonicClock.now();
        try {
            List<LocalAddress> present = scan.present();
            if (replace(present)) {
                first.run();
                listeners.forEach(listener -> listener.changed(present));
            }
        } catch (IOException failure) {
            LOG.debug("the interfaces of this machine cannot be listed: {}", failure.getMessage());
        }
        rest(begun);
    }

    private synchronized boolean replace(List<LocalAddress> present) {
        boolean changed = !known.equals(present);
        known = present;
        return changed;
    }

    private synchronized void rest(long begun) {
        long now = MonotonicClock.now();
        cost = Math.min(now - begun, cost + cost / 4 + MOST_GROWTH_NANOS);
        restUntil = now + REST * cost;
    }
}
