// SPDX-License-Identifier: Apache-2.0
package org.icepath.sansio;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A protocol state machine: inputs with their time go in, datagrams and events come out by {@link #drainTo}.
 *
 * <p>Not thread-safe. Time is nanoseconds on one monotonic line of the driver's choosing; it never runs backwards between two
 * calls. After every input the driver calls {@link #drainTo} once and then asks {@link #nextTimeout}, unless the machine {@link #isQuiet}; one whose
 * time goes on meanwhile calls {@link #transmitted} in between.
 *
 * @param <E> the events that this machine reports
 */
public interface Machine<E> {

    /** The deadline of a machine that waits for nothing. */
    long NEVER = Long.MAX_VALUE;

    /**
     * Takes a datagram that arrived.
     *
     * @param now nanoseconds on the driver's line of time
     * @param base where it arrived
     * @param from who sent it, as the base saw it
     * @param payload the datagram from position to limit; borrowed for the call, position and limit are left as they were
     * @return false when the datagram is not for this machine, which is then unchanged
     */
    boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer payload);

    /**
     * Whether the last {@link #handle} has left nothing to hand over, and no deadline that is earlier than those before it: then the driver may
     * spare itself {@link #drainTo} and {@link #nextTimeout}. It is for media, which come a thousand times more often than all else; false is
     * never wrong.
     */
    default boolean isQuiet() {
        return false;
    }

    /** Lets deadlines that have come by {@code now} take effect. Early and late calls are harmless. */
    void handleTimeout(long now);

    /** When {@link #handleTimeout} should be called next, or {@link #NEVER}. */
    long nextTimeout();

    /** Hands over, in order, all that earlier inputs caused. Inputs must not be given from within. */
    void drainTo(Output<? super E> out);

    /**
     * Takes the fact that all datagrams of the last {@link #drainTo} have left by {@code now}. What must keep a distance in time
     * counts it from here: a step takes its time, and a machine that is stepped has none of its own.
     */
    default void transmitted(long now) {}

    /**
     * Takes the fact that something sent from {@code base} to {@code to} did not get out: an ICMP error, no route, no buffer.
     */
    default void sendFailed(long now, Base base, InetSocketAddress to, Cause cause) {}

    /** Takes the fact that {@code base} is gone for good: its interface vanished or its socket was closed. */
    default void baseLost(long now, Base base, Cause cause) {}

    /** Takes the fact that a stream base that was congested accepts data again. */
    default void writable(long now, Base base) {}

    /** Takes the answer to {@link Output#open}: the connection stands. */
    default void opened(long now, Base base) {}

    /** Takes the fact that a stream base could not be opened, or that it ended. */
    default void closed(long now, Base base, Cause cause) {}
}
