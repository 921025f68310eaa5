// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;

import java.time.Duration;
import java.util.List;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.sansio.Base;
import org.icepath.stun.StunClass;
import org.junit.jupiter.api.Test;

/** RFC 8863: when a stream may fail, and what is said then. */
class PatienceTest {

    private static IceFailure failure(Bench bench) {
        return bench.events(AgentEvent.Failed.class).get(0).failure();
    }

    // RFC 8863 §4: not before PAC, even if every pair has failed long ago
    @Test
    void aStreamWhosePairsHaveAllFailedWaitsForPac() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        bench.refuse(bench.lastRequest(), 400);

        bench.advance(Duration.ofMillis(39_499));
        assertThat(bench.agent.state()).isEqualTo(IceState.CHECKING);
        bench.advance(Duration.ofMillis(1));

        assertThat(bench.agent.state()).isEqualTo(IceState.FAILED);
        assertThat(failure(bench).kind()).isEqualTo(IceFailure.Kind.NO_PATH);
        assertThat(failure(bench).stunError()).hasValue(400);
        assertThat(failure(bench).tried())
                .containsExactly("host 192.0.2.1:5001 udp -> host 198.51.100.1:6001: sent 1 check, refused with"
                        + " 400 played by the test");
    }

    // RFC 8445 §7.2.5.1: a role conflict is repaired, and has nothing to do with the silence that follows
    @Test
    void aRefusalThatWasGotOverIsNotTheReasonOfALaterFailure() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        bench.refuse(bench.lastRequest(), 487);
        assertThat(bench.agent.role()).isEqualTo(IceRole.CONTROLLED);

        bench.advance(Duration.ofMinutes(2));

        assertThat(bench.agent.state()).isEqualTo(IceState.FAILED);
        assertThat(failure(bench).stunError()).isEmpty();
    }

    @Test
    void aRefusalIsNotTheReasonWhereTheNextCheckWasNotAnswered() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        Base base = bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        bench.refuse(bench.lastRequest(), 400);

        bench.check(base, at("198.51.100.1", 6001), false);
        bench.advance(Duration.ofMinutes(2));

        assertThat(bench.agent.state()).isEqualTo(IceState.FAILED);
        assertThat(failure(bench).stunError()).isEmpty();
        assertThat(failure(bench).tried()).singleElement().asString().contains("no answer");
    }

    // RFC 7675 §5.2: a peer that is answered goes on sending, and calls that connected
    @Test
    void aStreamThatHasFailedAnswersNoChecksUnlessItBeginsAnew() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        Base base = bench.local("192.0.2.1", 1);
        bench.remote(bench.describe(builder -> builder.option(IceDescription.TRICKLE), List.of()));
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.agent.state()).isEqualTo(IceState.FAILED);
        bench.sent.clear();

        assertThat(bench.check(base, at("198.51.100.1", 6001), true))
                .as("it is ours")
                .isTrue();
        bench.advance(Duration.ofSeconds(5));
        assertThat(bench.sent).isEmpty();

        bench.input(() -> bench.agent.addRemote(bench.now, 0, host("198.51.100.1", 6001, 1, "1", 65535)));
        bench.check(base, at("198.51.100.1", 6001), true);
        assertThat(bench.sent).anyMatch(sent -> bench.isOurs(sent, StunClass.SUCCESS));
    }

    @Test
    void aStreamWithoutAnyPairWaitsForPacToo() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(host("2001:db8::1", 6001, 1, "1", 65535))));

        bench.advance(Duration.ofMillis(39_499));
        assertThat(bench.events(AgentEvent.Failed.class)).isEmpty();
        bench.advance(Duration.ofMillis(1));

        assertThat(failure(bench).kind()).isEqualTo(IceFailure.Kind.NOTHING_TO_PAIR);
        assertThat(failure(bench).explanation()).contains("1 of our candidates and 1 of the peer's");
        assertThat(failure(bench).stream()).isEqualTo("stream0");
    }

    // RFC 8863 §3: a check of the peer may come late and be the only way
    @Test
    void aLateCheckOfThePeerSavesTheStream() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        Base base = bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of()));
        bench.advance(Duration.ofSeconds(39));

        bench.check(base, at("203.0.113.5", 7000), true);
        bench.answer(bench.lastRequest());
        bench.advance(Duration.ofSeconds(2));

        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
        assertThat(bench.events(AgentEvent.Failed.class)).isEmpty();
    }

    // After PAC, a check that is on its way is waited for as long as patience lasts
    @Test
    void checksOnTheirWayAreWaitedForAfterPac() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of()));
        bench.advance(Duration.ofSeconds(30));
        bench.input(() -> bench.agent.addRemote(bench.now, 0, host("198.51.100.1", 6001, 1, "1", 65535)));

        bench.advance(Duration.ofMillis(39_400));
        assertThat(bench.agent.state()).isEqualTo(IceState.CHECKING);
        bench.advance(Duration.ofMillis(200));

        assertThat(bench.agent.state()).isEqualTo(IceState.FAILED);
        assertThat(failure(bench).tried().get(0)).contains("no answer to 7 requests");
    }

    @Test
    void aShorterPatienceEndsSooner() {
        Bench bench = new Bench(
                IceRole.CONTROLLING,
                settings -> Tuned.timings(settings, settings.timings().withPatience(Duration.ofSeconds(5))),
                1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(
                List.of(host("198.51.100.1", 6001, 1, "1", 65535), host("198.51.100.2", 6001, 1, "2", 65534))));

        bench.advance(Duration.ofMillis(5_051));

        assertThat(bench.agent.state()).isEqualTo(IceState.FAILED);
        assertThat(failure(bench).tried()).hasSize(2).allMatch(line -> line.contains("no answer to 4 requests"));
    }

    // RFC 8445 §8.1.2: one stream fails, the other goes on
    @Test
    void oneStreamFailsAloneAndItsDataStops() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1, 2);
        bench.local(0, "192.0.2.1", 5001, 1, "L", 65535);
        bench.local(1, "192.0.2.1", 5011, 1, "L", 65535);
        bench.local(1, "192.0.2.1", 5012, 2, "L", 65535);
        bench.remote(bench.description(
                List.of(host("198.51.100.1", 6001, 1, "1", 65535)),
                List.of(host("198.51.100.1", 6011, 1, "1", 65535))));
        long end = Duration.ofMillis(39_600).toNanos();
        while (bench.now < end) {
            int before = bench.sent.size();
            bench.advance(Duration.ofMillis(10));
            List.copyOf(bench.sent.subList(before, bench.sent.size())).stream()
                    .filter(Bench.Sent::isRequest)
                    .forEach(bench::answer);
            if (before == 0) {
                bench.answer(bench.sent.get(0));
            }
        }

        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
        assertThat(failure(bench).stream()).isEqualTo("stream1");
        assertThat(failure(bench).component()).isEqualTo(2);
        assertThat(bench.agent.current(0, 1)).isPresent();
        // §12.1: data of no component of that stream goes on
        assertThat(bench.agent.current(1, 1)).isEmpty();
        assertThat(bench.events(AgentEvent.NoPath.class)).contains(new AgentEvent.NoPath(1, 1));
    }

    // RFC 8838 §8: a candidate that comes after the failure gives the stream another chance
    @Test
    void aCandidateThatComesAfterTheFailureRevivesTheStream() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of()));
        bench.advance(Duration.ofSeconds(40));
        assertThat(bench.agent.state()).isEqualTo(IceState.FAILED);

        bench.input(() -> bench.agent.addRemote(bench.now, 0, host("198.51.100.1", 6001, 1, "1", 65535)));
        bench.answer(bench.lastRequest());

        assertThat(bench.agent.state()).isEqualTo(IceState.CONNECTED);
    }

    // A peer that triggers checks and answers none is not borne with for ever
    @Test
    void aPeerThatOnlyAsksAndNeverAnswersIsGivenUp() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        Base base = bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));

        for (int i = 0; i < 120; i++) {
            bench.check(base, at("198.51.100.1", 6001), true);
            bench.advance(Duration.ofSeconds(1));
        }

        assertThat(bench.agent.state()).isEqualTo(IceState.FAILED);
    }
}
