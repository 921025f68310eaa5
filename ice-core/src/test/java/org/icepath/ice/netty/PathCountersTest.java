// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.assertj.core.api.Assertions.assertThat;

import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.TransportType;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.PairView;
import org.junit.jupiter.api.Test;

class PathCountersTest {

    private static final Candidate LOCAL = candidate("192.0.2.1", 5_000);

    private final PathCounters counters = new PathCounters();

    private static Candidate candidate(String host, int port) {
        return Candidate.of(
                new Foundation("1"), 1, TransportType.UDP, 1, CandidateAddress.of(host, port), CandidateType.HOST);
    }

    private static CandidatePair pair(int number) {
        return new CandidatePair(LOCAL, candidate("198.51.100.1", 5_000 + number), 0);
    }

    // A peer may have its packets sent to ever other addresses: what is counted of former ones is forgotten one day
    @Test
    void theLast256PairsAreCountedApart() {
        for (int i = 0; i < 300; i++) {
            counters.uses(pair(i), 0);
            counters.sent(10);
        }

        assertThat(counters.packetsSent()).isEqualTo(300);
        assertThat(on(299).packets()).isOne();
        assertThat(on(299).bytes()).isEqualTo(10);
        assertThat(on(44).packets()).isOne();
        assertThat(on(43).packets()).isZero();
    }

    private SentOnPair on(int number) {
        SentOnPair sum = new SentOnPair();
        counters.addTo(sum, pair(number), 0);
        return sum;
    }

    // W3C webrtc-stats §8.20: packetsDiscardedOnSend is of the pair; what nothing could be sent on is of no pair
    @Test
    void whatAPairRefusesIsCountedOnItAndOnThePath() {
        counters.refused(5);
        counters.uses(pair(1), 0);
        counters.overflowed(10);
        counters.overflowed(20);

        assertThat(counters.packetsRefused()).isEqualTo(3);
        assertThat(counters.bytesRefused()).isEqualTo(35);
        assertThat(on(1).packetsRefused()).isEqualTo(2);
        assertThat(on(1).bytesRefused()).isEqualTo(30);
    }

    @Test
    void whatNeverHappenedHasNoMoment() {
        assertThat(counters.lastSentAt()).isEqualTo(PairView.NOT_YET);
        assertThat(counters.lastReceivedAt()).isEqualTo(PairView.NOT_YET);
        counters.received(7, 100);

        assertThat(counters.lastReceivedAt()).isEqualTo(7);
        assertThat(counters.lastSentAt()).isEqualTo(PairView.NOT_YET);
    }
}
