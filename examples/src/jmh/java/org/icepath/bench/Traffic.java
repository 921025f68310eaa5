// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Packets over a lane, the next ones when all before have arrived. */
final class Traffic {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Lane lane;
    private final long loopThread;
    private CountDownLatch done = new CountDownLatch(0);
    private int left;
    private int underWay;

    Traffic(Lane lane) {
        this.lane = lane;
        CompletableFuture<Long> thread = new CompletableFuture<>();
        lane.loop().execute(() -> thread.complete(Thread.currentThread().getId()));
        this.loopThread = thread.join();
        lane.onArrival(this::arrived);
    }

    private void arrived() {
        underWay--;
        left--;
        if (left <= 0) {
            done.countDown();
        } else if (underWay == 0) {
            send();
        }
    }

    private void send() {
        underWay = lane.packets();
        lane.send();
    }

    /** What a packet costs over so many of them, in processor time of the event loop: others on the machine do not count. */
    Score round(int packets) throws InterruptedException {
        done = new CountDownLatch(1);
        left = packets / lane.packets() * lane.packets();
        int sent = left;
        long allocated = THREADS.getThreadAllocatedBytes(loopThread);
        long began = THREADS.getThreadCpuTime(loopThread);
        lane.loop().execute(this::send);
        if (!done.await(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("a packet was lost on loopback, " + left + " left to go");
        }
        long nanos = THREADS.getThreadCpuTime(loopThread) - began;
        allocated = THREADS.getThreadAllocatedBytes(loopThread) - allocated;
        return new Score((double) nanos / sent, (double) allocated / sent);
    }
}
