// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.Objects;
import java.util.Optional;

/**
 * Which pair carries our media now, as long as no nomination decides it: a pure function of the time and the view.
 *
 * <p>Any valid pair may carry media before nomination (RFC 8445 §12.1). A selector that throws, or chooses what is not valid, is
 * overruled: {@link #best} chooses in its place, and {@link IceEvent.Overruled} says so. To name {@code current} has it stay, even where
 * it is no longer shown.
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

    /**
     * The default: the valid pair that {@code ranking} puts first; the current one stays while it is valid and {@link
     * PathRanking#replaces} says so.
     */
    static PathSelector best(PathRanking ranking) {
        Objects.requireNonNull(ranking, "ranking");
        return (now, view, current) -> {
            PairView best = null;
            PairView inUse = null;
            for (PairView pair : view.pairs()) {
                if (!pair.valid()) {
                    continue;
                }
                best = best == null || ranking.isBetter(pair, best) ? pair : best;
                inUse = current.isPresent() && current.get().equals(pair.pair()) ? pair : inUse;
            }
            if (best == null) {
                return Optional.empty();
            }
            return Optional.of(inUse == null || ranking.replaces(best, inUse) ? best.pair() : inUse.pair());
        };
    }
}
