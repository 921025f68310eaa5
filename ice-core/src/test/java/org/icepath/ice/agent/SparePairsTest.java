// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;
import static org.icepath.ice.agent.Bench.of;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.IceRole;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.junit.jupiter.api.Test;

/** What becomes of the pairs that a nomination leaves over (RFC 8445 §8.1.2 would forget them), when it turns out to be wanting. */
class SparePairsTest {

    private static final Cause GONE = new Cause(Cause.Kind.LOCAL_GONE, "eth0 went down");
    private static final String RELAY = "203.0.113.9";
    private static final int MANY = 9;

    /** The peer's addresses in many networks, the best first, and its relay. */
    private static List<Candidate> crowd() {
        List<Candidate> remote = new ArrayList<>();
        for (int i = 1; i <= MANY; i++) {
            remote.add(host("198.51.100." + i, 6001, 1, "r" + i, 65535 - i));
        }
        remote.add(of(CandidateType.RELAYED, RELAY, 7001, 1, "relay"));
        return remote;
    }

    // A hundred pairs less those that were checked: the one that is
    // left when an interface goes has the lowest priority of all
    @Test
    void theRelayIsRememberedBehindAsManyBetterPairsAsThereCanBe() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        List<Base> bases = new ArrayList<>();
        for (int i = 1; i <= MANY; i++) {
            bases.add(bench.local(0, "192.0.2." + i, 5001, 1, "L" + i, 65535 - i));
        }
        bench.remote(bench.description(crowd()));
        bench.check(bases.get(0), at("198.51.100.1", 6001), true);
        bench.advanceAnswering(Duration.ofMillis(200), sent -> sent.goesTo("198.51.100.1"));
        assertThat(bench.current().getHostString()).isEqualTo("198.51.100.1");
        assertThat(bench.events(AgentEvent.Selected.class)).hasSize(1);

        bench.input(() -> bench.agent.baseLost(bench.now, bases.get(0), GONE));
        bench.advanceAnswering(Duration.ofSeconds(10), sent -> sent.goesTo(RELAY));

        assertThat(bench.current().getHostString()).isEqualTo(RELAY);
    }

    // The interface of the selected pair goes, and a relay stands in: another direct pair, low in the list, still works
    @Test
    void whenMediaComesToAWorseKindOfPathAllBetterOnesAreTriedAgain() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        Base first = bench.local(0, "192.0.2.1", 5001, 1, "L1", 65535);
        bench.local(0, "192.0.2.2", 5001, 1, "L2", 65534);
        bench.remote(bench.description(crowd()));
        bench.advanceAnswering(
                Duration.ofSeconds(5),
                sent -> sent.goesTo(RELAY) || (sent.base().equals(first) && sent.goesTo("198.51.100.1")));
        bench.check(first, at("198.51.100.1", 6001), true);
        assertThat(bench.events(AgentEvent.Selected.class)).hasSize(1);
        bench.input(() -> bench.agent.baseLost(bench.now, first, GONE));
        assertThat(bench.current().getHostString()).isEqualTo(RELAY);
        bench.sent.clear();

        bench.advanceAnswering(Duration.ofSeconds(3), sent -> sent.goesTo(RELAY) || sent.goesTo("198.51.100." + MANY));

        assertThat(bench.requests().stream()
                        .filter(sent -> !sent.goesTo(RELAY))
                        .map(sent -> sent.to().getHostString())
                        .distinct())
                .hasSize(MANY);
        assertThat(bench.pairs())
                .filteredOn(pair -> pair.pair().remote().address().host().equals("198.51.100." + MANY))
                .extracting(PairSnapshot::checksAnswered)
                .contains(1);
    }

    // An interface that appears is tried, though dead pairs would be better still
    @Test
    void newPairsAreTriedBeforeThoseThatWereInVain() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        Base base = bench.local(0, "192.0.2.1", 5001, 1, "L1", 65534);
        bench.remote(bench.description(crowd()));
        bench.check(base, at(RELAY, 7001), true);
        bench.advanceAnswering(Duration.ofMinutes(2), sent -> sent.goesTo(RELAY));
        assertThat(bench.current().getHostString()).isEqualTo(RELAY);
        bench.sent.clear();

        Base appeared = bench.local(0, "192.0.2.77", 5001, 1, "L77", 1000);
        bench.advanceAnswering(Duration.ofSeconds(3), sent -> sent.goesTo(RELAY));

        assertThat(bench.requests().stream()
                        .filter(sent -> sent.base().equals(appeared))
                        .map(sent -> sent.to().getHostString())
                        .distinct())
                .contains("198.51.100.1", "198.51.100." + MANY);
    }

    // RFC 8445 §8.1.2: with its reserves at hand a concluded
    // component answers checks on further pairs, and does no more
    @Test
    void aCheckOfThePeerOnAWorsePairLeadsNowhereAfterTheNomination() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        Base first = bench.local(0, "192.0.2.1", 5001, 1, "L1", 65535);
        bench.local(0, "192.0.2.2", 5001, 1, "L2", 65534);
        bench.remote(bench.description(List.of(
                host("198.51.100.1", 6001, 1, "1", 65535), of(CandidateType.RELAYED, RELAY, 7001, 1, "relay"))));
        bench.check(first, at("198.51.100.1", 6001), true);
        bench.advanceAnswering(Duration.ofSeconds(5), sent -> true);
        bench.sent.clear();

        bench.check(first, at("198.51.100.66", 6001), false);
        bench.advanceAnswering(Duration.ofSeconds(3), sent -> true);

        assertThat(bench.sent).filteredOn(sent -> !sent.isRequest()).hasSize(1); // control: it was answered
        assertThat(bench.requests()).noneMatch(sent -> sent.goesTo("198.51.100.66"));
    }

    // IceConfig.limits allows for a thousand pairs: each of them is asked, though all are silent
    @Test
    void thereIsRoomForAsManyChecksAsPairsAreAllowed() {
        Bench bench = new Bench(IceRole.CONTROLLING, settings -> Tuned.maxPairs(settings, 1000), 2);
        List<Candidate> remote = new ArrayList<>();
        for (int component = 1; component <= 2; component++) {
            for (int i = 1; i <= 20; i++) {
                bench.local(0, "192.0.2." + i, 5000 + component, component, "L" + component + "x" + i, 65535 - i);
                remote.add(host("198.51.100." + i, 6000 + component, component, "r" + component + "x" + i, 65535 - i));
            }
        }

        bench.remote(bench.description(remote));
        bench.advance(Duration.ofSeconds(41));

        assertThat(bench.pairs()).hasSize(800).allMatch(pair -> pair.checksSent() > 0);
    }

    // The last pair of a kind is never cut, and there may be many streams
    @Test
    void whatFindsNoRoomFailsAndDisturbsNothing() {
        int[] streams = new int[90];
        Arrays.fill(streams, 1);
        Bench bench = new Bench(IceRole.CONTROLLING, settings -> Tuned.maxPairs(settings, 1), streams);
        List<List<Candidate>> remote = new ArrayList<>();
        for (int i = 0; i < streams.length; i++) {
            bench.local(i, "192.0.2.1", 5000 + i, 1, "L" + i, 65535);
            bench.local(i, "2001:db8::1", 5000 + i, 1, "M" + i, 65534);
            remote.add(List.of(
                    host("198.51.100.1", 6000 + i, 1, "h" + i, 65535),
                    of(CandidateType.SERVER_REFLEXIVE, "198.51.100.2", 6000 + i, 1, "s" + i),
                    of(CandidateType.RELAYED, "198.51.100.3", 6000 + i, 1, "r" + i),
                    host("2001:db8::2:1", 6000 + i, 1, "k" + i, 65534),
                    of(CandidateType.SERVER_REFLEXIVE, "2001:db8::2:2", 6000 + i, 1, "t" + i),
                    of(CandidateType.RELAYED, "2001:db8::2:3", 6000 + i, 1, "q" + i)));
        }

        bench.remote(bench.describeAll(builder -> {}, remote));
        bench.advance(Duration.ofSeconds(35));

        assertThat(bench.pairs()).hasSize(6 * streams.length);
        assertThat(bench.pairs())
                .filteredOn(pair -> pair.line().contains("not sent: 512 checks are on their way"))
                .isNotEmpty();
    }
}
