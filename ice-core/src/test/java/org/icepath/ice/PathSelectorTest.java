// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** RFC 8445 §12.1: media may use any valid pair before one is selected. */
class PathSelectorTest {

    private final PathSelector selector = PathSelector.best(PathRanking.byPriority());

    @Test
    void choosesNothingWhileNothingIsValid() {
        FakeView view = FakeView.of(FakePair.of(9, PairState.IN_PROGRESS, false));

        assertThat(selector.select(0, view, Optional.empty())).isEmpty();
    }

    @Test
    void movesToAStrictlyBetterPair() {
        PairView better = FakePair.of(9, PairState.SUCCEEDED, true);
        PairView current = FakePair.of(5, PairState.SUCCEEDED, true);

        assertThat(selector.select(0, FakeView.of(better, current), Optional.of(current.pair())))
                .contains(better.pair());
    }

    @Test
    void staysWhereNoneIsBetter() {
        PairView first = FakePair.of(7, PairState.SUCCEEDED, true);
        PairView current = new FakePair(
                new CandidatePair(
                        first.pair().remote(),
                        first.pair().local(),
                        first.pair().priority()),
                PairState.SUCCEEDED,
                true,
                false,
                0);

        assertThat(selector.select(0, FakeView.of(first, current), Optional.of(current.pair())))
                .contains(current.pair());
    }

    @Test
    void leavesAPairThatIsNoLongerValid() {
        PairView lost = FakePair.of(9, PairState.SUCCEEDED, false);
        PairView left = FakePair.of(5, PairState.SUCCEEDED, true);

        assertThat(selector.select(0, FakeView.of(lost, left), Optional.of(lost.pair())))
                .contains(left.pair());
    }
}
