// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.Optional;

/**
 * Which pair carries our media now, as long as no nomination decides it: a pure function of the time and the view.
 *
 * <p>Any valid pair may carry media before nomination (RFC 8445 §12.1).
 */
@FunctionalInterface
public interface PathSelector {

    /**
     * Chooses among the valid pairs of the component that {@code view} shows.
     *
     * @param current the pair that carries media now, if any
     * @return empty only when no pair is valid
     */
    Optional<CandidatePair> select(long now, CheckListView view, Optional<CandidatePair> current);

    /** The default: the valid pair that {@code ranking} puts first; the current one stays when none is strictly better. */
    static PathSelector best(PathRanking ranking) {
        return (now, view, current) -> {
            PairView best = null;
            for (PairView pair : view.pairs()) {
                if (!pair.valid()) {
                    continue;
                }
                boolean better = best == null || ranking.isBetter(pair, best);
                boolean keepsCurrent = best != null
                        && !ranking.isBetter(best, pair)
                        && current.isPresent()
                        && current.get().equals(pair.pair());
                if (better || keepsCurrent) {
                    best = pair;
                }
            }
            return best == null ? Optional.empty() : Optional.of(best.pair());
        };
    }
}
