// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.util.concurrent.locks.LockSupport;

/** Lets both phones speak at a steady rate, in a thread of its own, as a sound card would. */
final class MediaClock {

    private final Pace pace;
    private final Runnable beat;
    private final Thread thread = new Thread(this::run, "media-clock");
    private volatile boolean stopped;

    private MediaClock(int packetsPerSecond, Runnable beat) {
        this.pace = new Pace(packetsPerSecond, System.nanoTime());
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
        while (!stopped) {
            long left = pace.left(System.nanoTime());
            if (left > 0) {
                LockSupport.parkNanos(left);
            } else {
                beat.run();
            }
        }
    }
}
