// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The beat that all agents of one implementation share: new gathering and check transactions are at least 5 ms apart, however
 * many agents there are (RFC 8445 §14.2).
 *
 * <p>Thread-safe and lock-free. An agent reserves when it has something to send and its own Ta has passed, and sends at the time
 * it was given. A reservation that is not used is lost. Retransmissions, consent, refreshes, permissions and channels are
 * outside it.
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

        private final AtomicLong lastBeat = new AtomicLong(Long.MIN_VALUE);

        private SharedPacer() {}

        @Override
        public long reserve(long now) {
            while (true) {
                long last = lastBeat.get();
                long at = last == Long.MIN_VALUE ? now : Math.max(now, last + BEAT_NANOS);
                if (lastBeat.compareAndSet(last, at)) {
                    return at;
                }
            }
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
    }
}
