// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The beat that all agents of one implementation share: new gathering and check transactions are at least 5 ms apart, however
 * many agents there are (RFC 8445 §14.2).
 *
 * <p>Thread-safe and lock-free. An agent reserves when it has something to send and its own Ta has passed, begins when that time
 * has come, and says when the request has left. A reservation that is not used is lost. Retransmissions, consent, refreshes, permissions
 * and channels are outside it.
 */
public sealed interface Pacer {

    /** The least time between two new transactions of all agents together, in nanoseconds: 5 ms (RFC 8445 §14.2). */
    long BEAT_NANOS = 5_000_000;

    /**
     * Reserves the next free beat.
     *
     * @param now the present, in nanoseconds; the same line of time for all that share the pacer
     * @return when the transaction may begin: {@code now} or later
     */
    long reserve(long now);

    /**
     * Begins a transaction whose time has come. Others may have begun theirs later than they were to: then this one waits.
     *
     * @param now no earlier than what {@link #reserve} said
     * @return {@code now} when it may begin; else when to ask again
     */
    long begin(long now);

    /** The request of a transaction that began had left by {@code now}: the next beat is counted from here. */
    void left(long now);

    /** One beat for all who share the answer: the default, one for each runtime. */
    static Pacer shared() {
        return new SharedPacer();
    }

    /** No beat but each agent's own Ta: the documented option for servers, outside RFC 8445 §14.2. */
    static Pacer perAgent() {
        return UnsharedPacer.INSTANCE;
    }

    /** The beat of a runtime. */
    final class SharedPacer implements Pacer {

        private final AtomicLong lastReserved = new AtomicLong(Long.MIN_VALUE);
        private final AtomicLong lastBegun = new AtomicLong(Long.MIN_VALUE);

        private SharedPacer() {}

        @Override
        public long reserve(long now) {
            while (true) {
                long last = lastReserved.get();
                long at = last == Long.MIN_VALUE ? now : Math.max(now, last + BEAT_NANOS);
                if (lastReserved.compareAndSet(last, at)) {
                    return at;
                }
            }
        }

        @Override
        public long begin(long now) {
            while (true) {
                long last = lastBegun.get();
                if (last != Long.MIN_VALUE && now - last < BEAT_NANOS) {
                    long free = last + BEAT_NANOS;
                    lastReserved.accumulateAndGet(free, Math::max);
                    return free;
                }
                if (lastBegun.compareAndSet(last, now)) {
                    return now;
                }
            }
        }

        @Override
        public void left(long now) {
            lastBegun.accumulateAndGet(now, Math::max);
        }
    }

    /** Grants everything at once. */
    final class UnsharedPacer implements Pacer {

        private static final UnsharedPacer INSTANCE = new UnsharedPacer();

        private UnsharedPacer() {}

        @Override
        public long reserve(long now) {
            return now;
        }

        @Override
        public long begin(long now) {
            return now;
        }

        @Override
        public void left(long now) {}
    }
}
