// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.peer;

/** Time since the remote description arrived. Thread-safe. */
final class Stopwatch {

    private volatile long startedAt;
    private volatile boolean running;

    /** Starts; later calls change nothing. */
    synchronized void start() {
        if (!running) {
            startedAt = System.nanoTime();
            running = true;
        }
    }

    /** Milliseconds with three decimals; 0 before the start. */
    double milliseconds() {
        return running ? Math.round((System.nanoTime() - startedAt) / 1e3) / 1e3 : 0;
    }
}
