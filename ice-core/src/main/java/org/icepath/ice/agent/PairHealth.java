// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import org.icepath.ice.CheckLoss;
import org.icepath.ice.PairView;
import org.icepath.sansio.Machine;

/** Whether a valid pair still works: what was heard on it, what was lost, and what is done to keep it alive. */
final class PairHealth {

    /** What keeps a valid pair alive. */
    enum Duty {
        /** Nothing: the pair is not valid. */
        NONE,
        /** Data may flow on it: consent is renewed (RFC 7675 §5.1). */
        CONSENT,
        /** A reserve that is checked now and then. */
        PROBE,
        /** A valid pair that may still be chosen: its bindings are kept (RFC 8445 §11). */
        KEEPALIVE,
        /** A pair of a lite agent: the bindings of the one in use are kept, and the peer is listened for. */
        LISTEN,
        /** The pair of two lite agents: its bindings are kept, and nobody checks whether it works. */
        HOLD
    }

    /** Each round trip moves the mean by an eighth of the difference: alpha (RFC 6298 §2). */
    private static final int SMOOTHING = 8;

    private long lastAnsweredAt = PairView.NOT_YET;
    private long rttNanos = -1;
    private CheckLoss loss = CheckLoss.NONE;
    private long smoothedRttNanos = -1;
    private long heardAt = PairView.NOT_YET;
    private int unanswered;
    private boolean suspect;
    private boolean unreachable;
    private long doubtedSince = PairView.NOT_YET;
    private long askedAt = PairView.NOT_YET;
    private Duty duty = Duty.NONE;
    private long dutyAt = Machine.NEVER;

    /**
     * The peer answered.
     *
     * @param roundTripNanos -1 when unknown
     */
    void answeredAt(long now, long roundTripNanos) {
        lastAnsweredAt = now;
        acquit();
        if (roundTripNanos >= 0) {
            rttNanos = roundTripNanos;
            smoothedRttNanos = smoothedRttNanos < 0
                    ? roundTripNanos
                    : smoothedRttNanos + (roundTripNanos - smoothedRttNanos) / SMOOTHING;
        }
    }

    /** What was lost of the checks that were answered. */
    CheckLoss loss() {
        return loss;
    }

    void countLoss(CheckLoss more) {
        loss = loss.plus(more);
    }

    long lastAnsweredAt() {
        return lastAnsweredAt;
    }

    long rttNanos() {
        return rttNanos;
    }

    /** As {@link PairView#smoothedRttNanos}. */
    long smoothedRttNanos() {
        return smoothedRttNanos;
    }

    /** When data or a keepalive last came, or {@link PairView#NOT_YET}. */
    long heardAt() {
        return heardAt;
    }

    void heardAt(long now) {
        heardAt = now;
    }

    /**
     * Counts a consent check whose answer is late.
     *
     * @return how many in a row that makes
     */
    int countLate(long now) {
        doubtedSince = inDoubt() ? doubtedSince : now;
        return ++unanswered;
    }

    /** Whether something hints that the path is broken, and no answer has come since. */
    boolean suspect() {
        return suspect;
    }

    /** Too many of its checks were lost. */
    void suspectAt(long now) {
        doubtedSince = inDoubt() ? doubtedSince : now;
        suspect = true;
    }

    /** The network refused to send on it. */
    void unreachableAt(long now) {
        suspectAt(now);
        unreachable = true;
    }

    /** Whether it is suspect because the network refused to send on it, which is a reason to leave it at once. */
    boolean unreachable() {
        return unreachable;
    }

    /** Whether the answer to a consent check is late, or more is known against the pair. */
    boolean inDoubt() {
        return unanswered > 0 || suspect;
    }

    /** Since when it is in doubt; means something only while it is. */
    long doubtedSince() {
        return doubtedSince;
    }

    /** Nothing speaks against it any more. */
    void acquit() {
        unanswered = 0;
        suspect = false;
        unreachable = false;
    }

    /** It is not asked any more: what was measured says nothing about later. */
    void forget() {
        acquit();
        smoothedRttNanos = -1;
    }

    /** When its duty was last performed, or {@link PairView#NOT_YET}. */
    long askedAt() {
        return askedAt;
    }

    void askedAt(long now) {
        askedAt = now;
    }

    Duty duty() {
        return duty;
    }

    /** When the duty is due next, or {@link Machine#NEVER}. */
    long dutyAt() {
        return dutyAt;
    }

    void duty(Duty next, long at) {
        duty = next;
        dutyAt = at;
    }
}
