// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.memory;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Weighs what an operation allocates on the thread that performs it. */
public final class AllocatedBytes {

    private AllocatedBytes() {}

    /** Whether this platform counts what a thread allocates. */
    public static boolean areCounted() {
        return threads().isThreadAllocatedMemoryEnabled();
    }

    /** What an operation costs, in bytes of objects, after as many rounds as are then weighed. */
    public static double each(int rounds, Runnable operation) {
        ThreadMXBean threads = threads();
        perform(rounds, operation);
        long before = threads.getCurrentThreadAllocatedBytes();
        perform(rounds, operation);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        return (double) bytes / rounds;
    }

    private static ThreadMXBean threads() {
        return (ThreadMXBean) ManagementFactory.getThreadMXBean();
    }

    private static void perform(int rounds, Runnable operation) {
        for (int i = 0; i < rounds; i++) {
            operation.run();
        }
    }
}
