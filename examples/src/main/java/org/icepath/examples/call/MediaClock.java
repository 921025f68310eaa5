// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.util.concurrent.locks.LockSupport;

/** Lets both phones speak at a steady rate, in a thread of its own, as a sound card would. */
final class MediaClock {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    // A machine that stood still drops what it would have said, as a sound card does: a burst would test socket
    // buffers.
    private static final long MOST_BEHIND_NANOS = 20_000_000;

    private final long interval;
    private final Runnable beat;
    private final Thread thread = new Thread(this::run, "media-clock");
    private volatile boolean stopped;

    private MediaClock(int packetsPerSecond, Runnable beat) {
        this.interval = NANOS_PER_SECOND / packetsPerSecond;
        this.beat = beat;
    }

    static MediaClock start(int packetsPerSecond, Runnable beat) {
        MediaClock clock = new MediaClock(packetsPerSecond, beat);
        clock.thread.setDaemon(true);
        clock.thread.start();
        return clock;
    }

    /** Stops; the last beat is over when it returns. */
    void stop() throws InterruptedException {
        stopped = true;
        LockSupport.unpark(thread);
        thread.join();
    }

    private void run() {
        long next = System.nanoTime();
        while (!stopped) {
            long now = System.nanoTime();
            if (now < next) {
                LockSupport.parkNanos(next - now);
            } else {
                beat.run();
                // a beat that came a little late is made up for, so that the rate holds
                next = Math.max(next + interval, now - MOST_BEHIND_NANOS);
            }
        }
    }
}
