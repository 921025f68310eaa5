// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.transaction;

import java.time.Duration;

/**
 * When a request is sent again and when it is given up (RFC 8489 §6.2).
 *
 * <p>Over an unreliable transport it is sent {@code rc} times, at 0, RTO, 3 RTO, 7 RTO and so on, and has failed {@code rm} RTO
 * after the last time. Over a reliable one it is sent once and has failed after {@code reliableTimeoutNanos}.
 *
 * @param rtoNanos RTO, the first retransmission interval, in nanoseconds; doubles with every transmission (RFC 8489 §6.2.1). Whose path is
 *     known may have a shorter one than the 500 ms that {@link #withRto} demands
 * @param rc Rc, how often the request is sent in all, 1 to 16 (RFC 8489 §6.2.1)
 * @param rm Rm, how many RTO the answer is waited for after the last transmission, 1 to 64 (RFC 8489 §6.2.1)
 * @param reliableTimeoutNanos Ti, how long the answer is waited for over a reliable transport (RFC 8489 §6.2.2)
 */
public record RetransmitSchedule(long rtoNanos, int rc, int rm, long reliableTimeoutNanos) {

    private static final long MAX_NANOS = Duration.ofHours(1).toNanos();

    /** The defaults: RTO 500 ms, Rc 7, Rm 16, Ti 39.5 s (RFC 8489 §6.2). */
    public static final RetransmitSchedule RFC8489 = new RetransmitSchedule(
            Duration.ofMillis(500).toNanos(), 7, 16, Duration.ofMillis(39_500).toNanos());

    /** @throws IllegalArgumentException when a parameter is out of its range, or a time is not in (0, 1 h] */
    public RetransmitSchedule {
        checkTime("RTO", rtoNanos);
        checkTime("Ti", reliableTimeoutNanos);
        if (rc < 1 || rc > 16) {
            throw new IllegalArgumentException("Rc " + rc);
        }
        if (rm < 1 || rm > 64) {
            throw new IllegalArgumentException("Rm " + rm);
        }
    }

    private static void checkTime(String name, long nanos) {
        if (nanos <= 0 || nanos > MAX_NANOS) {
            throw new IllegalArgumentException(name + " " + nanos + " ns");
        }
    }

    /**
     * The same schedule with another RTO.
     *
     * @param rto at least 500 ms (RFC 8489 §6.2.1, RFC 8445 §14.3)
     * @throws IllegalArgumentException when it is shorter, or longer than an hour
     */
    public RetransmitSchedule withRto(Duration rto) {
        if (rto.compareTo(Duration.ofMillis(500)) < 0) {
            throw new IllegalArgumentException("RTO " + rto + " is below 500 ms");
        }
        return new RetransmitSchedule(rto.toNanos(), rc, rm, reliableTimeoutNanos);
    }

    /**
     * How long after a transmission the next step is due: another transmission, or after the last one the end.
     *
     * @param transmissions how often the request was sent until now, at least 1
     * @param reliable whether the transport retransmits by itself
     */
    long intervalAfter(int transmissions, boolean reliable) {
        if (reliable) {
            return reliableTimeoutNanos;
        }
        return isLast(transmissions, false) ? rm * rtoNanos : rtoNanos << (transmissions - 1);
    }

    /** Whether a request that was sent {@code transmissions} times is not sent again. */
    boolean isLast(int transmissions, boolean reliable) {
        return reliable || transmissions >= rc;
    }

    /** From the first transmission to the failure, in nanoseconds: with the defaults 39.5 s. */
    public long timeoutNanos(boolean reliable) {
        return reliable ? reliableTimeoutNanos : ((1L << (rc - 1)) - 1 + rm) * rtoNanos;
    }
}
