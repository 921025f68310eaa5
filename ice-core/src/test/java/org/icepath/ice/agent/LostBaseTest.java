// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;

import java.time.Duration;
import java.util.List;
import org.icepath.ice.IceRole;
import org.icepath.ice.PairState;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.junit.jupiter.api.Test;

/** A socket is gone, with all the pairs that were checked from it. */
class LostBaseTest {

    private static final Cause GONE = new Cause(Cause.Kind.LOCAL_GONE, "eth0 went down");

    private static void lose(Bench bench, Base base) {
        bench.sent.clear();
        bench.input(() -> bench.agent.baseLost(bench.now, base, GONE));
    }

    // A path that is lost has everything checked again that may still be used: what has no socket may not
    @Test
    void nothingIsCheckedAgainFromASocketThatIsGone() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        Base base = bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        bench.advance(Duration.ofMillis(50));
        bench.answer(bench.lastRequest());
        bench.check(base, at("198.51.100.1", 6001), true);

        lose(bench, base);
        bench.advance(Duration.ofSeconds(30));

        assertThat(bench.requests()).isEmpty();
        assertThat(bench.pairs()).extracting(PairSnapshot::state).containsExactly(PairState.FAILED);
    }

    // RFC 8445 §6.1.2.6: one pair of each foundation is tried; with
    // its socket gone, the next one of the foundation is that pair
    @Test
    void theNextPairOfTheFoundationIsNoLongerFrozen() {
        Bench bench = new Bench(IceRole.CONTROLLING, 2);
        Base rtp = bench.local("192.0.2.1", 1);
        bench.local("192.0.2.1", 2);
        bench.remote(bench.description(
                List.of(host("198.51.100.1", 6001, 1, "1", 65535), host("198.51.100.1", 6002, 2, "1", 65535))));
        assertThat(bench.pairs()).extracting(PairSnapshot::state).contains(PairState.FROZEN);

        lose(bench, rtp);

        assertThat(bench.pairs()).extracting(PairSnapshot::state).doesNotContain(PairState.FROZEN);
    }

    // Nor does it wait until all that is Waiting was tried
    @Test
    void theNextPairOfTheFoundationKeepsItsPlaceBeforeWaitingPairs() {
        Bench bench = new Bench(IceRole.CONTROLLING, 2);
        Base rtp = bench.local("192.0.2.1", 1);
        bench.local("192.0.2.1", 2);
        bench.remote(bench.description(List.of(
                host("198.51.100.1", 6001, 1, "1", 65535),
                host("198.51.100.1", 6002, 2, "1", 65535),
                host("198.51.100.2", 6002, 2, "2", 60000),
                host("198.51.100.3", 6002, 2, "3", 50000))));
        assertThat(bench.pairTo("198.51.100.3").state()).isEqualTo(PairState.WAITING);

        lose(bench, rtp);
        bench.advance(Duration.ofMillis(60));

        assertThat(bench.requests()).extracting(Bench.Sent::to).containsExactly(at("198.51.100.1", 6002));
    }

    // The pair in use is lost: its revival must not stand before the pair that could take its place
    @Test
    void aPairOfTheSameFoundationTakesThePlaceOfTheOneInUse() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1, 1);
        Base audio = bench.local(0, "192.0.2.1", 5001, 1, "L", 65535);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535)), List.of()));
        bench.advance(Duration.ofMillis(50));
        bench.answer(bench.lastRequest());
        lose(bench, audio);
        bench.advance(Duration.ofMillis(100));

        bench.local(1, "192.0.2.1", 5002, 1, "L", 65535);
        bench.remote(bench.description(
                List.of(host("198.51.100.1", 6001, 1, "1", 65535)),
                List.of(host("198.51.100.1", 6002, 1, "1", 65535))));
        bench.advance(Duration.ofMillis(100));

        assertThat(bench.requests()).extracting(Bench.Sent::to).containsExactly(at("198.51.100.1", 6002));
    }

    // An interface may come and go all day: what is kept of its pairs for reports is bounded
    @Test
    void anInterfaceThatComesAndGoesLeavesABoundedTrace() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));

        for (int i = 0; i < 200; i++) {
            lose(bench, bench.local(0, "192.0.2.2", 5_100 + i, 1, "M", 60_000));
        }

        assertThat(bench.pairs()).hasSizeBetween(2, 1 + 32);
    }
}
