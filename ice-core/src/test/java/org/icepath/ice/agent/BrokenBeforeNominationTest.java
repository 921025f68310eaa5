// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.host;
import static org.icepath.ice.agent.Bench.of;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.IceRole;
import org.junit.jupiter.api.Test;

/** The peer loses an interface while many pairs are valid and none is nominated: all that led there have broken at once. */
class BrokenBeforeNominationTest {

    private static final String LOST = "198.51.100.1";
    private static final String LEFT = "203.0.113.9";
    private static final String DEAD = "198.51.100.77";
    private static final int ADDRESSES = 8;
    private static final int PATIENCE = 9;

    /** A host candidate that is never heard of, a better kind than the others, has the nomination wait for its patience. */
    private final Bench bench = new Bench(
            IceRole.CONTROLLING,
            settings ->
                    Tuned.timings(settings, settings.timings().withNominationPatience(Duration.ofSeconds(PATIENCE))),
            1);

    private void connect() {
        for (int i = 1; i <= ADDRESSES; i++) {
            bench.local(0, "192.0.2." + i, 5001, 1, "L" + i, 65535 - i);
        }
        List<Candidate> remote = new ArrayList<>();
        remote.add(host(DEAD, 6001, 1, "dead", 65535));
        remote.add(of(CandidateType.SERVER_REFLEXIVE, LOST, 6001, 1, "lost"));
        remote.add(of(CandidateType.RELAYED, LEFT, 7001, 1, "relay"));
        bench.remote(bench.description(remote));
        bench.advanceAnswering(Duration.ofSeconds(3), sent -> !sent.goesTo(DEAD));
        assertThat(bench.current().getHostString()).isEqualTo(LOST); // control
    }

    @Test
    void mediaMovesToTheOnePairThatWasHeardOfSince() {
        connect();

        bench.advanceAnswering(Duration.ofSeconds(9), sent -> sent.goesTo(LEFT));

        assertThat(bench.current().getHostString()).isEqualTo(LEFT);
    }

    // Otherwise each of the other broken pairs would be nominated, and waited for as long as a check may take
    @Test
    void noneOfThoseIsNominatedThatHaveBrokenToo() {
        connect();
        assertThat(bench.events(AgentEvent.Nominated.class)).isEmpty(); // control

        bench.advanceAnswering(Duration.ofSeconds(2 * PATIENCE), sent -> sent.goesTo(LEFT));

        assertThat(bench.events(AgentEvent.Nominated.class))
                .extracting(event -> event.pair().remote().getHostString())
                .containsExactly(LEFT);
        assertThat(bench.events(AgentEvent.Selected.class)).hasSize(1);
    }

    // Some may have been silent by chance, or be on another interface
    @Test
    void allValidPairsAreAskedOnceMediaHasLeftABrokenOne() {
        connect();
        bench.sent.clear();

        bench.advanceAnswering(Duration.ofSeconds(9), sent -> sent.goesTo(LEFT));

        assertThat(bench.requests().stream()
                        .filter(sent -> sent.goesTo(LOST))
                        .map(Bench.Sent::base)
                        .distinct())
                .hasSize(ADDRESSES);
    }
}
