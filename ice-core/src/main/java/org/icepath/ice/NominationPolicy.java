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

    /**
     * The default: no fixed wait. Nominates the best valid pair as soon as nothing that is unresolved can beat it, or when patience
     * ({@link Timings#nominationPatience}) has passed since the first valid pair.
     */
    static NominationPolicy best() {
        return (now, view) -> {
            PairView best = null;
            boolean betterPossible = false;
            for (PairView pair : view.pairs()) {
                if (pair.valid()) {
                    best = pair;
                    break;
                }
                betterPossible |= pair.state() != PairState.FAILED && pair.state() != PairState.SUCCEEDED;
            }
            if (best == null) {
                return new WaitUntil(Long.MAX_VALUE);
            }
            betterPossible |=
                    Long.compareUnsigned(view.bestPriorityToCome(), best.pair().priority()) > 0;
            long patienceEnds =
                    view.firstValidAt() + view.timings().nominationPatience().toNanos();
            return betterPossible && now < patienceEnds ? new WaitUntil(patienceEnds) : new Nominate(best.pair());
        };
    }
}
