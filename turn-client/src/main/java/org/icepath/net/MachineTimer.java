// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.icepath.sansio.Machine;
import org.jspecify.annotations.Nullable;

/** Tells one machine the time when it is due. Everything here on the event loop. */
final class MachineTimer {

    // A machine whose deadline stays in the past after it was told the time must not turn the event loop into a spin.
    private static final long LEAST_REARM_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final EventLoop loop;
    private final Machine<?> machine;
    private final MachineSteps<?> steps;

    private @Nullable ScheduledFuture<?> timer;
    private long armedFor = Machine.NEVER;
    private boolean ended;

    /** @param steps has the machine told the time */
    MachineTimer(EventLoop loop, Machine<?> machine, MachineSteps<?> steps) {
        this.loop = loop;
        this.machine = machine;
        this.steps = steps;
    }

    /** The machine may have come by an earlier deadline. */
    void update() {
        armIfEarlier(machine.nextTimeout(), 0);
    }

    /** Nothing is due any more. */
    void end() {
        ended = true;
        ScheduledFuture<?> armed = timer;
        if (armed != null) {
            armed.cancel(false);
        }
    }

    // Only an earlier deadline re-arms: scheduling allocates, and a timer that fires early is harmless.
    private void armIfEarlier(long deadline, long leastDelay) {
        if (deadline >= armedFor || ended) {
            return;
        }
        ScheduledFuture<?> previous = timer;
        if (previous != null) {
            previous.cancel(false);
        }
        long delay = Math.max(leastDelay, deadline - MonotonicClock.now());
        armedFor = deadline;
        timer = loop.schedule(this::fire, Math.max(0, delay), TimeUnit.NANOSECONDS);
    }

    private void fire() {
        armedFor = Long.MIN_VALUE; // keeps the step from arming; the least delay is decided here
        timer = null;
        steps.timeout();
        armedFor = Machine.NEVER;
        long deadline = machine.nextTimeout();
        armIfEarlier(deadline, deadline <= MonotonicClock.now() ? LEAST_REARM_NANOS : 0);
    }
}
