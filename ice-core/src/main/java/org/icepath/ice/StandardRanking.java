// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.concurrent.TimeUnit;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;

/** {@link PathRanking#standard}. */
final class StandardRanking implements PathRanking {

    static final PathRanking INSTANCE = new StandardRanking();

    /** A shorter round trip than this saves nothing that anybody hears. */
    private static final long LEAST_GAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** On a long way a gain counts only when it is this part of it: long ways vary more. */
    private static final int LEAST_SHARE = 4;

    private StandardRanking() {}

    @Override
    public boolean isBetter(PairView one, PairView other) {
        int order = compareKinds(one, other);
        if (order != 0) {
            return order < 0;
        }
        if (gains(one, other, 1)) {
            return true;
        }
        return !gains(other, one, 1) && hasHigherPriority(one, other);
    }

    @Override
    public boolean isOfBetterKind(PairView one, PairView other) {
        return compareKinds(one, other) < 0;
    }

    /** Between the gain that makes a pair better and the loss that keeps a better priority away nothing changes. */
    @Override
    public boolean replaces(PairView challenger, PairView inUse) {
        int order = compareKinds(challenger, inUse);
        if (order != 0) {
            return order < 0;
        }
        if (gains(challenger, inUse, 1)) {
            return true;
        }
        return !gains(inUse, challenger, 2) && hasHigherPriority(challenger, inUse);
    }

    /** Below 0 when {@code one} is of the better kind. */
    private static int compareKinds(PairView one, PairView other) {
        int order = Integer.compare(relays(one), relays(other));
        order = order != 0
                ? order
                : Integer.compare(
                        one.localInterface().rank(), other.localInterface().rank());
        order = order != 0 ? order : Boolean.compare(isTranslated(one), isTranslated(other));
        return order != 0 ? order : Boolean.compare(isTcp(one), isTcp(other));
    }

    private static int relays(PairView pair) {
        return (isRelayed(pair.pair().local()) ? 1 : 0) + (isRelayed(pair.pair().remote()) ? 1 : 0);
    }

    private static boolean isRelayed(Candidate candidate) {
        return candidate.type() == CandidateType.RELAYED;
    }

    private static boolean isTranslated(PairView pair) {
        return isReflexive(pair.pair().local()) || isReflexive(pair.pair().remote());
    }

    private static boolean isReflexive(Candidate candidate) {
        return candidate.type() == CandidateType.SERVER_REFLEXIVE || candidate.type() == CandidateType.PEER_REFLEXIVE;
    }

    private static boolean isTcp(PairView pair) {
        return !pair.pair().local().transport().isUdp();
    }

    /** Whether the round trip of {@code one} is shorter by what counts, or by a part of that. */
    private static boolean gains(PairView one, PairView other, int part) {
        long ours = one.smoothedRttNanos();
        long theirs = other.smoothedRttNanos();
        boolean known = ours >= 0 && theirs >= 0;
        return known && theirs - ours >= Math.max(LEAST_GAIN_NANOS, theirs / LEAST_SHARE) / part;
    }

    private static boolean hasHigherPriority(PairView one, PairView other) {
        return Long.compareUnsigned(one.pair().priority(), other.pair().priority()) > 0;
    }
}
