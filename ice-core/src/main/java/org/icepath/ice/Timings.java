// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.time.Duration;
import java.util.Objects;

/**
 * The intervals of an ICE session. Immutable; {@code with…} methods return a copy, and refuse what the constructor refuses.
 *
 * @param ta Ta, the least time between two new transactions of one agent (RFC 8445 §14.2), 5 ms to 1 s; both sides must propose less
 *     than 50 ms for less to be used (RFC 8839 §5.9)
 * @param rto the first retransmission timeout of a check (RFC 8445 §14.3), 500 ms to 1 min
 * @param keepalive Tr, the idle time after which a keepalive is due (RFC 8445 §11), 15 s to 1 h
 * @param consentInterval the mean time between consent checks, randomised by ±20 %; 4 s (RFC 7675 §5.1) to 15 s, half of what
 *     consent can last
 * @param consentExpiry how long consent lasts without an answer, at most 30 s (RFC 7675 §5.1) and at least twice {@code
 *     consentInterval}, so that one answer may be lost
 * @param patience how long a session tries before it may fail (RFC 8863 §4), PAC; 0 to 1 h, where less than 39.5 s is for
 *     demonstrations and tests
 * @param nominationPatience how long the controlling side waits for something better after the first valid pair, 0 to {@code
 *     promotionWindow}
 * @param promotionWindow the longest time that a nomination may be held back from its first valid pair, 0 to 10 min
 */
public record Timings(
        Duration ta,
        Duration rto,
        Duration keepalive,
        Duration consentInterval,
        Duration consentExpiry,
        Duration patience,
        Duration nominationPatience,
        Duration promotionWindow) {

    /** RFC 7675 §5.1: who has heard no answer for this long must not go on sending. */
    private static final Duration LONGEST_CONSENT = Duration.ofSeconds(30);

    /** The values of RFC 8445, 7675 and 8863, and a nomination patience of 3 s. */
    public static final Timings RFC8445 = new Timings(
            Duration.ofMillis(50),
            Duration.ofMillis(500),
            Duration.ofSeconds(15),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMillis(39_500),
            Duration.ofSeconds(3),
            Duration.ofSeconds(10));

    /**
     * Checks them all.
     *
     * @throws IllegalArgumentException when one is out of its range; the message names it, its value and the range
     * @throws NullPointerException when one is null; the message names it
     */
    public Timings {
        requireBetween("ta", ta, Duration.ofMillis(5), Duration.ofSeconds(1));
        requireBetween("rto", rto, Duration.ofMillis(500), Duration.ofMinutes(1));
        requireBetween("keepalive", keepalive, Duration.ofSeconds(15), Duration.ofHours(1));
        requireBetween("consentInterval", consentInterval, Duration.ofSeconds(4), LONGEST_CONSENT.dividedBy(2));
        requireBetween("consentExpiry", consentExpiry, consentInterval.multipliedBy(2), LONGEST_CONSENT);
        requireBetween("patience", patience, Duration.ZERO, Duration.ofHours(1));
        requireBetween("promotionWindow", promotionWindow, Duration.ZERO, Duration.ofMinutes(10));
        requireBetween("nominationPatience", nominationPatience, Duration.ZERO, promotionWindow);
    }

    private static void requireBetween(String name, Duration value, Duration least, Duration most) {
        Objects.requireNonNull(value, name);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " " + value + ", expected " + least + " to " + most);
        }
    }

    /** The same with another Ta, 5 ms to 1 s. */
    public Timings withTa(Duration other) {
        return new Timings(
                other, rto, keepalive, consentInterval, consentExpiry, patience, nominationPatience, promotionWindow);
    }

    /** The same with another PAC, 0 to 1 h. */
    public Timings withPatience(Duration other) {
        return new Timings(
                ta, rto, keepalive, consentInterval, consentExpiry, other, nominationPatience, promotionWindow);
    }

    /** The same with another nomination patience, 0 to {@link #promotionWindow}. */
    public Timings withNominationPatience(Duration other) {
        return new Timings(ta, rto, keepalive, consentInterval, consentExpiry, patience, other, promotionWindow);
    }
}
