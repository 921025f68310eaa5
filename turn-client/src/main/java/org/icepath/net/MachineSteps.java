// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Enters one machine a step at a time: an input, then all that the machine wants done, then its next deadline. Everything here on
 * the event loop.
 *
 * <p>{@link #step(long, LongConsumer)} is the one place that catches what a machine throws: what the network sends can neither kill
 * an event loop nor end a session. Errors are no exception: a session that is no longer told the time would look alive, and be dead.
 *
 * @param <E> the machine's events
 */
final class MachineSteps<E> {

    private static final Logger LOG = LoggerFactory.getLogger(MachineDriver.class);
    private static final long LOG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String name;
    private final Machine<E> machine;
    private final Effects<E> effects;
    private final MachineTimer timer;
    private final DatagramInput datagram;

    // The time of the last input, where that was a datagram that left nothing to do, and the system call it came by.
    private long quietAt = Machine.NEVER;
    private long quietRead;
    private long lastLogged = Long.MIN_VALUE;
    private long faults;
    private boolean stepping;
    private boolean ended;

    /** @param name names the session in the log */
    MachineSteps(String name, EventLoop loop, Machine<E> machine, Effects<E> effects) {
        this.name = name;
        this.machine = machine;
        this.effects = effects;
        this.timer = new MachineTimer(loop, machine, this);
        this.datagram = new DatagramInput(machine);
    }

    /** What the inputs are for. */
    Machine<E> machine() {
        return machine;
    }

    /** Whether the machine is being entered: no other input may come in between. */
    boolean stepping() {
        return stepping;
    }

    /** Whether the machine is not entered again. */
    boolean ended() {
        return ended;
    }

    /** The machine is not entered again, nor told the time. */
    void end() {
        ended = true;
        timer.end();
    }

    /** Gives the machine an input, with the time; of no effect at the end. */
    void step(LongConsumer input) {
        step(MonotonicClock.now(), input);
    }

    private void step(long now, LongConsumer input) {
        if (ended) {
            return;
        }
        quietAt = Machine.NEVER;
        stepping = true;
        try {
            input.accept(now);
            if (input == datagram && machine.isQuiet()) {
                quietAt = now;
                return;
            }
            machine.drainTo(effects);
            if (effects.takeTransmitted()) {
                machine.transmitted(MonotonicClock.now());
            }
        } catch (Throwable unexpected) {
            noteFault(unexpected);
        } finally {
            stepping = false;
        }
        timer.update();
    }

    /** Tells the machine the time. */
    void timeout() {
        step(machine::handleTimeout);
    }

    /** Gives the machine a datagram. */
    void receive(Base base, InetSocketAddress from, ByteBuffer payload) {
        receive(MonotonicClock.now(), base, from, payload);
    }

    /**
     * Gives the machine a datagram, and does not ask the clock again where nothing has happened since the one before, which came
     * with this one.
     *
     * @param read the system call that both came by, 0 when that is not known
     */
    void receive(Base base, InetSocketAddress from, ByteBuffer payload, long read) {
        boolean known = quietAt != Machine.NEVER && quietRead == read && read != 0;
        receive(known ? quietAt : MonotonicClock.now(), base, from, payload);
        quietRead = read;
    }

    private void receive(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
        datagram.is(base, from, payload);
        step(now, datagram);
    }

    /** Something was thrown where nothing should be: it is counted, and the first in ten seconds is logged. */
    void noteFault(Throwable fault) {
        faults++;
        long now = MonotonicClock.now();
        if (lastLogged == Long.MIN_VALUE || now - lastLogged > LOG_INTERVAL_NANOS) {
            lastLogged = now;
            LOG.atLevel(fault instanceof Error ? Level.WARN : Level.DEBUG)
                    .setCause(fault)
                    .log("{}: fault {} of this session, carried on", name, faults);
        }
    }

    /** What has happened so far. */
    DriverStatistics statistics() {
        return new DriverStatistics(datagram.received(), datagram.ignored(), effects.dropped(), faults);
    }

    @Override
    public String toString() {
        return name;
    }
}
