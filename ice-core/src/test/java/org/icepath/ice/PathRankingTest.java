// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.candidate.CandidateType.HOST;
import static org.icepath.candidate.CandidateType.RELAYED;
import static org.icepath.candidate.CandidateType.SERVER_REFLEXIVE;

import java.util.List;
import org.icepath.candidate.InterfaceKind;
import org.junit.jupiter.api.Test;

/** Which path is better, from kind to number. */
class PathRankingTest {

    private final PathRanking ranking = PathRanking.standard();

    private void assertOrder(PairView... bestFirst) {
        for (int i = 0; i < bestFirst.length; i++) {
            for (int j = 0; j < bestFirst.length; j++) {
                assertThat(ranking.isBetter(bestFirst[i], bestFirst[j]))
                        .as("%s before %s", bestFirst[i], bestFirst[j])
                        .isEqualTo(i < j);
            }
        }
    }

    // "No relay while on the intranet": neither its priority nor its round trip puts a relay before a direct path
    @Test
    void aRelayNeverComesBeforeADirectPath() {
        assertOrder(
                FakePair.valid(HOST, HOST, 1).rtt(500),
                FakePair.valid(HOST, RELAYED, 9).rtt(1),
                FakePair.valid(RELAYED, RELAYED, 99).rtt(1));
    }

    @Test
    void aVpnComesAfterOtherInterfacesButBeforeRelays() {
        assertOrder(
                FakePair.valid(SERVER_REFLEXIVE, HOST, 1),
                FakePair.valid(HOST, HOST, 9).over(InterfaceKind.CELLULAR),
                FakePair.valid(HOST, HOST, 99).over(InterfaceKind.VPN),
                FakePair.valid(RELAYED, HOST, 999));
    }

    @Test
    void aPathWithoutTranslationComesBeforeATranslatedOne() {
        assertOrder(
                FakePair.valid(HOST, HOST, 1).rtt(300),
                FakePair.valid(SERVER_REFLEXIVE, HOST, 9).rtt(5));
    }

    @Test
    void udpComesBeforeTcp() {
        assertOrder(FakePair.valid(1), FakePair.valid(9).tcp());
    }

    @Test
    void amongPathsOfOneKindAMuchShorterRoundTripDecidesAndElseThePriority() {
        assertOrder(FakePair.valid(1).rtt(10), FakePair.valid(9).rtt(30));
        assertOrder(FakePair.valid(9).rtt(29), FakePair.valid(1).rtt(10));
        // a quarter of the longer one where that is more than 20 ms
        assertOrder(FakePair.valid(9).rtt(200), FakePair.valid(1).rtt(151));
        assertOrder(FakePair.valid(1).rtt(150), FakePair.valid(9).rtt(200));
        assertOrder(FakePair.valid(9), FakePair.valid(1).rtt(1));
    }

    // Pair priorities are unsigned 64-bit numbers
    @Test
    void prioritiesAreComparedWithoutSign() {
        assertOrder(FakePair.valid(-1), FakePair.valid(Long.MAX_VALUE));
    }

    // Hysteresis: for whatever two round trips, media that has moved does not move back
    @Test
    void noTwoPairsReplaceEachOther() {
        List<Long> roundTrips = List.of(0L, 1L, 9L, 10L, 11L, 19L, 20L, 21L, 25L, 30L, 40L, 80L, 100L, 200L, 400L);
        for (long one : roundTrips) {
            for (long other : roundTrips) {
                PairView high = FakePair.valid(9).rtt(one);
                PairView low = FakePair.valid(1).rtt(other);
                assertThat(ranking.replaces(high, low) && ranking.replaces(low, high))
                        .as("%d ms and %d ms", one, other)
                        .isFalse();
                assertThat(ranking.replaces(high, high)).isFalse();
            }
        }
    }
}
