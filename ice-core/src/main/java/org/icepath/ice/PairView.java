// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import org.icepath.candidate.InterfaceKind;

/** One pair as a strategy may see it: a snapshot for the duration of the call. Times are on the session's line of nanoseconds. */
public interface PairView {

    /** The value of {@link #validSince}, {@link #lastAnsweredAt}, {@link #checkedSince} and {@link #checkedByPeerAt} when it has not happened. */
    long NOT_YET = Long.MIN_VALUE;

    /** The candidates and the pair's priority. */
    CandidatePair pair();

    /** Where the pair stands in the check list. */
    PairState state();

    /** Whether the pair is on the valid list (RFC 8445 §7.2.5.3.2) and consent to send on it is fresh. */
    boolean valid();

    /** Whether the pair has been nominated and its nomination has succeeded (RFC 8445 §8.1.1). */
    boolean nominated();

    /** When the pair became valid, or {@link #NOT_YET}. */
    long validSince();

    /** When the check began that is unanswered so far, or {@link #NOT_YET} when none is on its way. */
    long checkedSince();

    /**
     * When the peer last checked the pair itself, or {@link #NOT_YET}. Only then may it follow a nomination of the pair (RFC 8445
     * §7.3.1.5).
     */
    long checkedByPeerAt();

    /** When the peer last answered a check on the pair, or {@link #NOT_YET}. */
    long lastAnsweredAt();

    /** The round-trip time of the last check that was answered without being sent again, in nanoseconds; -1 when unknown. */
    long rttNanos();

    /**
     * The smoothed round-trip time (RFC 6298 §2) of the checks that were answered without being sent again, in nanoseconds; -1 when
     * unknown. One slow answer moves it little.
     */
    long smoothedRttNanos();

    /** What the interface of ours is made of that packets on this pair leave by; the way to a relay counts for a relayed pair. */
    InterfaceKind localInterface();
}
