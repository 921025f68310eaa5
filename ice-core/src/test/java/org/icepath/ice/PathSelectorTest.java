// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.icepath.candidate.InterfaceKind;
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
                0,
                -1,
                InterfaceKind.WIRED,
                PairView.NOT_YET,
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

    // Media goes back and forth with the round trip only where that is worth it
    @Test
    void aRoundTripThatGoesUpAndDownMovesMediaOnce() {
        PathSelector standard = PathSelector.best(PathRanking.standard());
        PairView preferred = FakePair.valid(9).rtt(40);
        PairView quick = FakePair.valid(5).rtt(10);

        Optional<CandidatePair> first =
                standard.select(0, FakeView.of(preferred, quick), Optional.of(preferred.pair()));
        Optional<CandidatePair> then =
                standard.select(0, FakeView.of(FakePair.valid(9).rtt(25), quick), Optional.of(quick.pair()));
        Optional<CandidatePair> last =
                standard.select(0, FakeView.of(FakePair.valid(9).rtt(15), quick), Optional.of(quick.pair()));

        assertThat(first).contains(quick.pair());
        assertThat(then).as("15 ms longer: neither a gain nor none").contains(quick.pair());
        assertThat(last).as("5 ms longer: as good as none").contains(preferred.pair());
    }
}
