// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.InterfaceKind;
import org.icepath.ice.Decision.Nominate;
import org.icepath.ice.Decision.WaitUntil;
import org.junit.jupiter.api.Test;

/** RFC 8445 §8.1.1: the criterion of the default policy. */
class NominationPolicyTest {

    private static final long PATIENCE = Timings.RFC8445.nominationPatience().toNanos();

    private final NominationPolicy policy = NominationPolicy.best();

    @Test
    void waitsForAChangeWhileNothingIsValid() {
        FakeView view = FakeView.of(FakePair.of(9, PairState.IN_PROGRESS, false));

        assertThat(policy.decide(0, view)).isEqualTo(new WaitUntil(Long.MAX_VALUE));
    }

    @Test
    void nominatesAtOnceWhenNothingUnresolvedCanBeatTheBestValidPair() {
        PairView best = FakePair.of(9, PairState.SUCCEEDED, true);
        FakeView view = FakeView.of(best, FakePair.of(5, PairState.WAITING, false));

        assertThat(policy.decide(0, view)).isEqualTo(new Nominate(best.pair()));
    }

    @Test
    void aFailedPairOfHigherPriorityHoldsNothingBack() {
        PairView best = FakePair.of(5, PairState.SUCCEEDED, true);
        FakeView view = FakeView.of(FakePair.of(9, PairState.FAILED, false), best);

        assertThat(policy.decide(0, view)).isEqualTo(new Nominate(best.pair()));
    }

    @Test
    void waitsWhileABetterPairIsUnresolvedAndNoLongerThanPatience() {
        PairView valid = FakePair.of(5, PairState.SUCCEEDED, true);
        FakeView view = FakeView.of(FakePair.of(9, PairState.FROZEN, false), valid);

        assertThat(policy.decide(PATIENCE - 1, view)).isEqualTo(new WaitUntil(PATIENCE));
        assertThat(policy.decide(PATIENCE, view)).isEqualTo(new Nominate(valid.pair()));
    }

    @Test
    void waitsForCandidatesToComeOnlyWhereTheyCouldWin() {
        PairView valid = FakePair.of(5, PairState.SUCCEEDED, true);

        assertThat(policy.decide(0, new FakeView(List.of(valid), 0, 6))).isInstanceOf(WaitUntil.class);
        assertThat(policy.decide(0, new FakeView(List.of(valid), 0, 5))).isInstanceOf(Nominate.class);
    }

    // Pair priorities are unsigned 64-bit numbers: the highest bit is set for pairs of two host candidates.
    @Test
    void comparesPrioritiesWithoutSign() {
        PairView valid = FakePair.of(-1, PairState.SUCCEEDED, true);

        assertThat(policy.decide(0, new FakeView(List.of(valid), 0, Long.MAX_VALUE)))
                .isInstanceOf(Nominate.class);
    }

    // The ranking decides, not the order of the check list: a VPN's host candidate has the higher priority
    @Test
    void aVpnIsNotNominatedWhileAnotherInterfaceMayStillAnswer() {
        FakePair vpn = FakePair.valid(9).over(InterfaceKind.VPN);
        FakePair unresolved = FakePair.of(5, PairState.IN_PROGRESS, false);

        assertThat(policy.decide(0, FakeView.of(vpn, unresolved))).isEqualTo(new WaitUntil(PATIENCE));
        assertThat(policy.decide(0, FakeView.of(vpn, FakePair.valid(5)))).isEqualTo(new Nominate(FakePair.pair(5)));
    }

    // 63 addresses that are dead must not cost three seconds where the 64th works.
    @Test
    void aPairOfTheSameKindThatStaysSilentIsGivenAHundredMilliseconds() {
        PairView valid = FakePair.of(5, PairState.SUCCEEDED, true).rtt(1);
        FakeView view = FakeView.of(FakePair.of(9, PairState.IN_PROGRESS, false).checkedSince(300), valid);

        assertThat(policy.decide(millis(310), view)).isEqualTo(new WaitUntil(millis(400)));
        assertThat(policy.decide(millis(400), view)).isEqualTo(new Nominate(valid.pair()));
    }

    @Test
    void aPairOfTheSameKindIsGivenTwoRoundTripsOfTheValidOne() {
        PairView valid = FakePair.of(5, PairState.SUCCEEDED, true).rtt(80);
        FakeView view = FakeView.of(FakePair.of(9, PairState.IN_PROGRESS, false).checkedSince(300), valid);

        assertThat(policy.decide(millis(400), view)).isEqualTo(new WaitUntil(millis(460)));
        assertThat(policy.decide(millis(460), view)).isEqualTo(new Nominate(valid.pair()));
    }

    // RFC 8445 §7.3.1.5: the peer follows once its own check has
    // succeeded, and one that never checks the pair never does.
    @Test
    void aPairThatThePeerHasNotCheckedEndsNoWait() {
        FakePair valid = FakePair.of(5, PairState.SUCCEEDED, true).rtt(1);
        PairView silent = FakePair.of(9, PairState.IN_PROGRESS, false).checkedSince(0);

        assertThat(policy.decide(millis(100), FakeView.of(silent, valid))).isEqualTo(new Nominate(valid.pair()));
        assertThat(policy.decide(millis(100), FakeView.of(silent, valid.uncheckedByPeer())))
                .isEqualTo(new WaitUntil(PATIENCE));
        assertThat(policy.decide(PATIENCE, FakeView.of(silent, valid.uncheckedByPeer())))
                .isEqualTo(new Nominate(valid.pair()));
    }

    // RFC 8445 §2.5: a lite agent checks nothing
    @Test
    void fromALitePeerNoCheckIsWaitedFor() {
        FakePair valid = FakePair.of(5, PairState.SUCCEEDED, true).rtt(1);
        PairView silent = FakePair.of(9, PairState.IN_PROGRESS, false).checkedSince(0);

        assertThat(policy.decide(
                        millis(100),
                        FakeView.of(silent, valid.uncheckedByPeer()).ofLitePeer()))
                .isEqualTo(new Nominate(valid.pair()));
    }

    // The first check to a peer behind a NAT is often lost; the relay answers sooner, and is no substitute.
    @Test
    void aPairOfABetterKindIsWaitedForThoughItStaysSilent() {
        PairView relayed =
                FakePair.valid(CandidateType.RELAYED, CandidateType.HOST, 5).rtt(1);
        FakeView view = FakeView.of(FakePair.of(9, PairState.IN_PROGRESS, false).checkedSince(0), relayed);

        assertThat(policy.decide(millis(2_000), view)).isEqualTo(new WaitUntil(PATIENCE));
    }

    private static long millis(long millis) {
        return millis * 1_000_000;
    }
}
