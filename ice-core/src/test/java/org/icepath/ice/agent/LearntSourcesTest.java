// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.icepath.ice.IceRole;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.stun.StunClass;
import org.junit.jupiter.api.Test;

/**
 * Sources that nobody signalled: behind a NAT that maps by destination each of the peer's candidates comes to each of our bases from
 * another one. Whoever gets a success takes the path for good, sends data over it and nominates it (RFC 8445 §7.3.1.5, §12.1).
 */
class LearntSourcesTest {

    private static final int ROOM = 20;

    private final Bench bench = new Bench(IceRole.CONTROLLED, 1);
    private final Base first = bench.local("192.0.2.1", 1);
    private final Base second = bench.local("192.0.2.2", 1);

    private void start(Bench on) {
        on.remote(on.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
    }

    private static InetSocketAddress source(int number) {
        return at("203.0.113.5", 7000 + number);
    }

    private static boolean isAnswered(Bench on, InetSocketAddress source) {
        return on.sent.stream()
                .anyMatch(sent -> sent.to().equals(source) && sent.message().messageClass() == StunClass.SUCCESS);
    }

    // random network 16242: the peer moved to a path that had been answered, and what it sent there was nobody's
    @Test
    void whoeverGetsASuccessIsHeard() {
        start(bench);

        for (int i = 0; i < 3 * ROOM; i++) {
            bench.check(first, source(i), i % 3 == 0);
        }

        for (int i = 0; i < 3 * ROOM; i++) {
            assertThat(isAnswered(bench, source(i)))
                    .as("source " + i)
                    .isEqualTo(i < ROOM)
                    .isEqualTo(bench.agent.componentOf(first, source(i)) != IceAgent.NOBODY);
        }
    }

    // random network 19881: sources that lead nowhere came first, and the relay's was one too many
    @Test
    void sourcesAtOneBaseTakeNoRoomFromAnother() {
        start(bench);
        for (int i = 0; i < 2 * ROOM; i++) {
            bench.check(first, source(i), false);
        }

        bench.check(second, source(100), false);

        assertThat(isAnswered(bench, source(100))).isTrue();
        assertThat(bench.agent.componentOf(second, source(100))).isNotEqualTo(IceAgent.NOBODY);
    }

    /** Has as many sources check as there is room for pairs. */
    private Base fill(Bench small) {
        Base base = small.local("192.0.2.1", 1);
        start(small);
        for (int i = 0; i < 9; i++) {
            small.check(base, source(i), false);
        }
        return base;
    }

    // random network 19881: a hundred such pairs had failed when the relay's source came
    @Test
    void aFailedPairMakesRoomForOneThatACheckMakes() {
        Bench small = new Bench(IceRole.CONTROLLED, settings -> Tuned.maxPairs(settings, 5), 1);
        Base base = fill(small);
        failAll(small);

        small.check(base, source(9), true);

        assertThat(isAnswered(small, source(9))).isTrue();
        assertThat(small.pairs()).hasSize(10);
        small.advance(Duration.ofMillis(100));
        assertThat(small.lastRequest().to()).isEqualTo(source(9));
    }

    @Test
    void noPairThatMayStillWorkMakesRoom() {
        Bench small = new Bench(IceRole.CONTROLLED, settings -> Tuned.maxPairs(settings, 5), 1);
        Base base = fill(small);
        small.advance(Duration.ofMillis(700));

        small.check(base, source(9), true);

        assertThat(isAnswered(small, source(9))).isFalse();
        assertThat(small.pairs()).hasSize(10);
    }

    // random network 1874: a NAT that filters by address has been opened for all of our sockets behind one NAT of ours
    @Test
    void sourcesOfALostSocketAreTriedFromOthers() {
        start(bench);
        bench.check(first, source(0), false);
        bench.sent.clear();

        lose(bench, first);
        bench.advance(Duration.ofMillis(700));

        assertThat(bench.requests())
                .anyMatch(sent -> sent.base().equals(second) && sent.to().equals(source(0)));
    }

    // a socket may come and go all day, and the peer come from twenty sources each time
    @Test
    void sourcesOfLostSocketsAreForgottenInTheEnd() {
        Bench small = new Bench(IceRole.CONTROLLED, settings -> Tuned.maxPairs(settings, 5), 1);
        Base base = small.local("192.0.2.1", 1);
        start(small);

        for (int i = 0; i < 30 * ROOM; i += ROOM) {
            Base passing = small.local(0, "192.0.2.2", 10_000 + i, 1, "P", 60_000);
            for (int j = 0; j < ROOM; j++) {
                small.check(passing, source(i + j), false);
            }
            lose(small, passing);
        }

        assertThat(IntStream.range(0, 30 * ROOM)
                        .filter(i -> small.agent.componentOf(base, source(i)) != IceAgent.NOBODY)
                        .count())
                .isLessThanOrEqualTo(2 * 5);
    }

    private static void lose(Bench on, Base base) {
        on.input(() -> on.agent.baseLost(on.now, base, new Cause(Cause.Kind.LOCAL_GONE, "gone")));
    }

    /** The peer's answers to what goes to its sources come from elsewhere, as through a NAT that maps by destination (RFC 8445 §7.2.5.2.1). */
    private static void failAll(Bench on) {
        on.advance(Duration.ofMillis(700));
        List.copyOf(on.requests()).stream()
                .filter(request -> request.to().getPort() >= 7000)
                .forEach(request -> on.receive(
                        request.base(),
                        at("203.0.113.6", request.to().getPort()),
                        on.success(request, request.base().address())));
    }
}
