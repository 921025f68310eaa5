// SPDX-License-Identifier: Apache-2.0
package org.icepath.sansio;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * The named deadlines of one machine, at most one for each name.
 *
 * <p>Not thread-safe. Setting, clearing and asking allocate nothing. A dump of it says what the machine is waiting for.
 *
 * @param <T> the names
 */
public final class Timers<T extends Enum<T>> {

    private final T[] names;
    private final long[] deadlines;

    public Timers(Class<T> names) {
        this.names = names.getEnumConstants();
        this.deadlines = new long[this.names.length];
        Arrays.fill(deadlines, Machine.NEVER);
    }

    /** Sets the deadline of {@code timer}, in place of the one it had. */
    public void set(T timer, long deadline) {
        deadlines[timer.ordinal()] = deadline;
    }

    /** Sets the deadline of {@code timer} unless it has an earlier one. */
    public void setIfEarlier(T timer, long deadline) {
        if (deadline < deadlines[timer.ordinal()]) {
            deadlines[timer.ordinal()] = deadline;
        }
    }

    /** Forgets the deadline of {@code timer}, if it has one. */
    public void clear(T timer) {
        deadlines[timer.ordinal()] = Machine.NEVER;
    }

    /** Forgets all deadlines. */
    public void clear() {
        Arrays.fill(deadlines, Machine.NEVER);
    }

    /** The deadline of {@code timer}, or {@link Machine#NEVER}. */
    public long deadline(T timer) {
        return deadlines[timer.ordinal()];
    }

    /** Whether {@code timer} has a deadline. */
    public boolean isSet(T timer) {
        return deadlines[timer.ordinal()] != Machine.NEVER;
    }

    /**
     * Takes {@code timer} if its deadline has come.
     *
     * @return true when it had come; the timer is then cleared
     */
    public boolean takeExpired(T timer, long now) {
        if (deadlines[timer.ordinal()] > now) {
            return false;
        }
        clear(timer);
        return true;
    }

    /** The earliest deadline, or {@link Machine#NEVER}. */
    public long next() {
        long next = Machine.NEVER;
        for (long deadline : deadlines) {
            next = Math.min(next, deadline);
        }
        return next;
    }

    /** All deadlines that are set, for a dump. */
    public Map<T, Long> pending() {
        Map<T, Long> pending = new EnumMap<>(names[0].getDeclaringClass());
        for (T name : names) {
            if (isSet(name)) {
                pending.put(name, deadline(name));
            }
        }
        return pending;
    }
}
