// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import org.icepath.ice.Decision.Nominate;
import org.icepath.ice.Decision.WaitUntil;

/**
 * What the controlling side nominates, and when (RFC 8445 §8.1.1): a pure function of the time and the view.
 *
 * <p>Asked for each component after every change and at the time it named. A stream's components are nominated together, once
 * the policy has named a pair for each.
 */
@FunctionalInterface
public interface NominationPolicy {

    /** Decides for the component that {@code view} shows. */
    Decision decide(long now, CheckListView view);

    /** As {@link #best(PathRanking)} with {@link PathRanking#standard}. */
    static NominationPolicy best() {
        return best(PathRanking.standard());
    }

    /**
     * The default: no fixed wait. Nominates the valid pair that {@code ranking} puts first as soon as nothing that is unresolved, and
     * no candidate still to come, can beat it, or when patience ({@link Timings#nominationPatience}) has passed since the first valid
     * pair.
     */
    static NominationPolicy best(PathRanking ranking) {
        return (now, view) -> {
            PairView best = null;
            for (PairView pair : view.pairs()) {
                best = pair.valid() && (best == null || ranking.isBetter(pair, best)) ? pair : best;
            }
            if (best == null) {
                return new WaitUntil(Long.MAX_VALUE);
            }
            long patienceEnds =
                    view.firstValidAt() + view.timings().nominationPatience().toNanos();
            return now < patienceEnds && mayBeBeaten(best, view, ranking)
                    ? new WaitUntil(patienceEnds)
                    : new Nominate(best.pair());
        };
    }

    private static boolean mayBeBeaten(PairView best, CheckListView view, PathRanking ranking) {
        boolean beaten =
                Long.compareUnsigned(view.bestPriorityToCome(), best.pair().priority()) > 0;
        for (PairView pair : view.pairs()) {
            boolean unresolved = pair.state() != PairState.FAILED && pair.state() != PairState.SUCCEEDED;
            beaten |= unresolved && ranking.isBetter(pair, best);
        }
        return beaten;
    }
}
