// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.host;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.icepath.candidate.Candidate;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.Decision;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PairView;
import org.icepath.ice.PathSelector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application decides about pairs is its own code, and may be wrong: the call goes on all the same. */
class StrategiesTest {

    private static final String FAULTY = "no idea";

    /** An agent with two pairs and five seconds; the peer answers on the second one alone. */
    private static Bench call(UnaryOperator<AgentSettings> tuning) {
        Bench bench = new Bench(IceRole.CONTROLLING, tuning, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(remote(1), remote(2))));
        bench.advanceAnswering(Duration.ofSeconds(5), sent -> sent.goesTo("198.51.100.2"));
        return bench;
    }

    private static Candidate remote(int number) {
        return host("198.51.100." + number, 6001, 1, "r" + number, 65536 - number);
    }

    private static List<String> complaints(Bench bench) {
        return bench.events(AgentEvent.Overruled.class).stream()
                .map(AgentEvent.Overruled::why)
                .toList();
    }

    /** Settings with a nomination policy that throws. */
    private static AgentSettings thatThrows(AgentSettings from) {
        return Tuned.nomination(from, (now, view) -> {
            throw new IllegalStateException(FAULTY);
        });
    }

    @Test
    void aPolicyThatNamesAPairThatIsNotValidIsOverruledAndSaidToBeOnce() {
        Bench bench = call(settings -> Tuned.nomination(
                settings,
                (now, view) -> new Decision.Nominate(view.pairs().get(0).pair())));

        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
        assertThat(complaints(bench))
                .singleElement()
                .asString()
                .startsWith("the nomination policy chose ")
                .endsWith(", which is not valid");
    }

    @Test
    void aPolicyThatNamesAPairOfNobodyIsOverruled() {
        Bench other = new Bench(IceRole.CONTROLLED, 1);
        other.local("192.0.2.77", 1);
        other.remote(other.description(List.of(remote(1))));
        CandidatePair strange = other.agent.snapshot(other.now).pairs().get(0).pair();

        Bench bench = call(settings -> Tuned.nomination(settings, (now, view) -> new Decision.Nominate(strange)));

        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
        assertThat(complaints(bench)).hasSize(1);
    }

    @Test
    void aPolicyThatThrowsIsOverruledAndSaidToHaveThrownWhere() {
        Bench bench = call(StrategiesTest::thatThrows);

        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
        assertThat(complaints(bench))
                .singleElement()
                .asString()
                .contains("threw java.lang.IllegalStateException: no idea at ", "StrategiesTest.java");
    }

    // What hangs on the conclusions behind it, patience first of all, must not hang on the policy.
    @Test
    void aPolicyThatThrowsDoesNotKeepAStreamFromFailing() {
        Bench bench = new Bench(IceRole.CONTROLLING, StrategiesTest::thatThrows, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(remote(1))));

        bench.advance(Duration.ofMinutes(2));

        assertThat(bench.agent.state()).isEqualTo(IceState.FAILED);
    }

    @Test
    void eachStreamIsComplainedOfOnItsOwn() {
        Bench bench = new Bench(IceRole.CONTROLLING, StrategiesTest::thatThrows, 1, 1);
        bench.local("192.0.2.1", 1);
        bench.local(1, "192.0.2.1", 5101, 1, "L2", 65535);
        bench.remote(bench.description(List.of(remote(1)), List.of(remote(2))));

        assertThat(bench.events(AgentEvent.Overruled.class))
                .extracting(AgentEvent.Overruled::stream)
                .containsExactly(0, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"throws", "invalid", "none"})
    void aSelectorThatChoosesNothingUsableIsOverruled(String fault) {
        Bench bench = call(settings -> Tuned.selector(settings, faulty(fault)));

        assertThat(bench.current()).isEqualTo(Bench.at("198.51.100.2", 6001));
        assertThat(bench.events(AgentEvent.NoPath.class)).isEmpty();
        assertThat(complaints(bench)).singleElement().asString().startsWith("the path selector ");
    }

    private static PathSelector faulty(String fault) {
        return (now, view, current) -> switch (fault) {
            case "invalid" ->
                view.pairs().stream()
                        .filter(pair -> !pair.valid())
                        .map(PairView::pair)
                        .findFirst();
            case "none" -> Optional.empty();
            default -> throw new IllegalStateException(FAULTY);
        };
    }

    @Test
    void aRankingThatThrowsIsReplacedByTheDefaultOne() {
        Bench bench = call(settings -> Tuned.ranking(settings, (one, other) -> {
            throw new IllegalStateException(FAULTY);
        }));

        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
        assertThat(bench.events(AgentEvent.Overruled.class)).singleElement().satisfies(told -> {
            assertThat(told.stream()).isEqualTo(AgentEvent.ALL_STREAMS);
            assertThat(told.why()).startsWith("the path ranking threw ");
        });
    }
}
