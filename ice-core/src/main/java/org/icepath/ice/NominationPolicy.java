// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.Objects;
import org.icepath.ice.Decision.Nominate;
import org.icepath.ice.Decision.WaitUntil;

/**
 * What the controlling side nominates, and when (RFC 8445 §8.1.1): a pure function of the time and the view.
 *
 * <p>Asked for each component after every change and at the time it named. A stream's components are nominated together, once
 * the policy has named a pair for each.
 *
 * <p>A policy that throws, or names a pair that is not valid, is overruled: {@link #best(PathRanking)} decides in its place, and {@link
 * IceEvent.Overruled} says so.
 */
@FunctionalInterface
public interface NominationPolicy {

    /** A pair between other addresses, of the same kind as one that works, is given this time to answer at least: 100 ms. */
    long LEAST_GRACE_NANOS = 100_000_000;

    /** Decides for the component that {@code view} shows. */
    Decision decide(long now, CheckListView view);

    /** As {@link #best(PathRanking)} with {@link PathRanking#standard}. */
    static NominationPolicy best() {
        return best(PathRanking.standard());
    }

    /**
     * The default: no fixed wait. Nominates the valid pair that {@code ranking} puts first as soon as nothing that is unresolved, and
     * no candidate still to come, can beat it, or when patience ({@link Timings#nominationPatience}) has passed since the first valid
     * pair. A pair of no better kind ({@link PathRanking#isOfBetterKind}) that leaves a check unanswered for 100 ms, and for two round
     * trips of the valid pair, is not waited for once the peer has checked the valid pair, too.
     */
    static NominationPolicy best(PathRanking ranking) {
        Objects.requireNonNull(ranking, "ranking");
        return (now, view) -> {
            PairView best = null;
            for (PairView pair : view.pairs()) {
                best = pair.valid() && (best == null || ranking.isBetter(pair, best)) ? pair : best;
            }
            if (best == null) {
                return new WaitUntil(Long.MAX_VALUE);
            }
            long patienceFrom = view.patienceFrom();
            long patienceEnds = patienceFrom == PairView.NOT_YET
                    ? Long.MAX_VALUE
                    : patienceFrom + view.timings().nominationPatience().toNanos();
            long until = Math.min(patienceEnds, beatableUntil(now, best, view, ranking));
            return now < until ? new WaitUntil(until) : new Nominate(best.pair());
        };
    }

    /** Until when something may still turn out to be better; the past when nothing can. */
    private static long beatableUntil(long now, PairView best, CheckListView view, PathRanking ranking) {
        if (Long.compareUnsigned(view.bestPriorityToCome(), best.pair().priority()) > 0) {
            return Long.MAX_VALUE;
        }
        // a peer that checks other pairs alone may have given this one up, and would not follow
        boolean shared = best.checkedByPeerAt() != PairView.NOT_YET || !view.peerChecks();
        long until = now;
        for (PairView pair : view.pairs()) {
            boolean unresolved = pair.state() != PairState.FAILED && pair.state() != PairState.SUCCEEDED;
            if (unresolved && ranking.isBetter(pair, best)) {
                boolean waits =
                        !shared || pair.checkedSince() == PairView.NOT_YET || ranking.isOfBetterKind(pair, best);
                until = Math.max(until, waits ? Long.MAX_VALUE : pair.checkedSince() + graceNanos(best));
            }
        }
        return until;
    }

    /** How long a pair may stay silent that would take no other kind of way than {@code best} does. */
    private static long graceNanos(PairView best) {
        return Math.max(LEAST_GRACE_NANOS, 2 * best.smoothedRttNanos());
    }
}
