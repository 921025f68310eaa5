// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import java.lang.reflect.Field;
import java.util.Collection;

/** How many timers an event loop has: Netty tells nobody, and what is left of them is a leak. */
final class ScheduledTasks {

    private ScheduledTasks() {}

    /** To be called on the event loop. */
    static int of(EventLoop loop) {
        try {
            Field queue = AbstractScheduledEventExecutor.class.getDeclaredField("scheduledTaskQueue");
            queue.setAccessible(true);
            return queue.get(loop) instanceof Collection<?> tasks ? tasks.size() : 0;
        } catch (ReflectiveOperationException anotherNetty) {
            throw new IllegalStateException(anotherNetty);
        }
    }
}
