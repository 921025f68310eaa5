// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.host;
import static org.icepath.ice.agent.Bench.of;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.Priority;
import org.icepath.candidate.TransportType;
import org.icepath.ice.IceRole;
import org.icepath.ice.PairState;
import org.icepath.sansio.Base;
import org.junit.jupiter.api.Test;

/** RFC 8445 §6.1.2 and §6.1.4: how pairs are formed, pruned, limited, frozen and picked. */
class CheckListSetTest {

    private static List<PairState> states(Bench bench) {
        return bench.pairs().stream().map(PairSnapshot::state).toList();
    }

    // §6.1.2.2: same component, same family; link-local IPv6 with its like only
    @Test
    void pairsJoinCandidatesOfOneComponentAndFamilyOnly() {
        Bench bench = new Bench(IceRole.CONTROLLING, 2);
        bench.local("192.0.2.1", 1);
        bench.local("192.0.2.1", 2);
        bench.local("2001:db8::1", 1);
        bench.local("fe80::1", 1);

        bench.remote(bench.description(List.of(
                host("198.51.100.1", 6001, 1, "1", 65535),
                host("2001:db8::2", 6001, 1, "2", 65534),
                host("fe80::2", 6001, 1, "3", 65533))));

        assertThat(bench.pairs())
                .extracting(PairSnapshot::what)
                .containsExactlyInAnyOrder(
                        "host 192.0.2.1:5001 udp -> host 198.51.100.1:6001",
                        "host [2001:db8::1]:5001 udp -> host [2001:db8::2]:6001",
                        "host [fe80::1]:5001 udp -> host [fe80::2]:6001");
    }

    // §6.1.2.4: a reflexive candidate is replaced by its base, and the pair is then redundant
    @Test
    void reflexiveCandidatesArePrunedInFavourOfTheirBase() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        Base base = bench.local("192.168.0.1", 1);
        Candidate reflexive = Candidate.serverReflexive(
                new Foundation("srflx"),
                1,
                TransportType.UDP,
                Priority.of(CandidateType.SERVER_REFLEXIVE, 65535, 1),
                new InetSocketAddress("203.0.113.1", 9000),
                base.address());
        bench.input(() -> bench.agent.addLocal(bench.now, 0, new LocalCandidate(reflexive, base)));

        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));

        assertThat(bench.pairs())
                .extracting(PairSnapshot::what)
                .containsExactly("host 192.168.0.1:5001 udp -> host 198.51.100.1:6001");
    }

    // A reflexive candidate whose host candidate was filtered away still has its pair, from its base.
    @Test
    void aReflexiveCandidateWithoutItsHostIsCheckedFromItsBase() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        Base base = Bench.base("192.168.0.1", 5001);
        bench.input(() -> bench.agent.addLocal(
                bench.now,
                0,
                new LocalCandidate(of(CandidateType.SERVER_REFLEXIVE, "203.0.113.1", 9000, 1, "s"), base)));

        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));

        assertThat(bench.lastRequest().base()).isEqualTo(base);
    }

    // §6.1.2.3: highest priority first, by unsigned comparison
    @Test
    void pairsAreOrderedByPriority() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        bench.local("192.0.2.1", 1);

        bench.remote(bench.description(List.of(
                of(CandidateType.RELAYED, "198.51.100.3", 6001, 1, "3"),
                host("198.51.100.1", 6001, 1, "1", 65535),
                of(CandidateType.SERVER_REFLEXIVE, "198.51.100.2", 6001, 1, "2"))));

        assertThat(bench.pairs())
                .extracting(pair -> pair.pair().remote().type())
                .containsExactly(CandidateType.HOST, CandidateType.SERVER_REFLEXIVE, CandidateType.RELAYED);
    }

    // §6.1.2.6: of each foundation one pair is Waiting, the first component's; the rest is Frozen, in all lists
    @Test
    void onePairOfEachFoundationIsUnfrozenAcrossAllLists() {
        Bench bench = new Bench(IceRole.CONTROLLING, 2, 2);
        for (int stream = 0; stream < 2; stream++) {
            for (int component = 1; component <= 2; component++) {
                bench.local(stream, "192.0.2.1", 5000 + 10 * stream + component, component, "L", 65535);
            }
        }

        bench.remote(bench.description(
                List.of(host("198.51.100.1", 6001, 1, "1", 65535), host("198.51.100.1", 6002, 2, "1", 65535)),
                List.of(
                        host("198.51.100.1", 6011, 1, "1", 65535),
                        host("198.51.100.1", 6012, 2, "1", 65535),
                        of(CandidateType.RELAYED, "198.51.100.9", 6012, 2, "9"))));

        assertThat(bench.pairs())
                .extracting(pair -> pair.stream() + "/" + pair.component() + " "
                        + pair.pair().remote().type() + " " + pair.state())
                .containsExactly(
                        "0/1 HOST IN_PROGRESS",
                        "0/2 HOST FROZEN",
                        "1/1 HOST FROZEN",
                        "1/2 HOST FROZEN",
                        "1/2 RELAYED WAITING");
    }

    // §7.2.5.3.3: success unfreezes the foundation in every list
    @Test
    void aSuccessUnfreezesItsFoundationInEveryList() {
        Bench bench = new Bench(IceRole.CONTROLLING, 2, 1);
        bench.local(0, "192.0.2.1", 5001, 1, "L", 65535);
        bench.local(0, "192.0.2.1", 5002, 2, "L", 65535);
        bench.local(1, "192.0.2.1", 5011, 1, "L", 65535);
        bench.remote(bench.description(
                List.of(host("198.51.100.1", 6001, 1, "1", 65535), host("198.51.100.1", 6002, 2, "1", 65535)),
                List.of(host("198.51.100.1", 6011, 1, "1", 65535))));

        bench.answer(bench.lastRequest());

        assertThat(states(bench)).containsExactly(PairState.SUCCEEDED, PairState.WAITING, PairState.WAITING);
    }

    // §7.2.5.2: failure leaves pairs of the same foundation Frozen; §6.1.4.2 step 2 thaws them when nothing else waits
    @Test
    void aFailureThawsTheNextPairOfTheFoundation() {
        Bench bench = new Bench(IceRole.CONTROLLING, 2);
        bench.local(0, "192.0.2.1", 5001, 1, "L", 65535);
        bench.local(0, "192.0.2.1", 5002, 2, "L", 65535);
        bench.remote(bench.description(
                List.of(host("198.51.100.1", 6001, 1, "1", 65535), host("198.51.100.1", 6002, 2, "1", 65535))));
        assertThat(states(bench)).containsExactly(PairState.IN_PROGRESS, PairState.FROZEN);

        bench.advance(Duration.ofMillis(400));
        assertThat(states(bench)).containsExactly(PairState.IN_PROGRESS, PairState.FROZEN);
        bench.refuse(bench.requests().get(0), 400);
        bench.advance(Duration.ofMillis(60));

        assertThat(states(bench)).containsExactly(PairState.FAILED, PairState.IN_PROGRESS);
    }

    // decisions.md: the first component may connect by a pair of
    // another foundation; the second is not held back until PAC
    @Test
    void aCheckThatGoesUnansweredHoldsItsFoundationBackNoLongerThanOneRto() {
        Bench bench = new Bench(IceRole.CONTROLLING, 2);
        bench.local(0, "192.0.2.1", 5001, 1, "L", 65535);
        bench.local(0, "192.0.2.1", 5002, 2, "L", 65535);
        bench.remote(bench.description(
                List.of(host("198.51.100.1", 6001, 1, "1", 65535), host("198.51.100.1", 6002, 2, "1", 65535))));

        bench.advance(Duration.ofMillis(499));
        assertThat(states(bench)).containsExactly(PairState.IN_PROGRESS, PairState.FROZEN);
        bench.advance(Duration.ofMillis(1));

        assertThat(states(bench)).containsExactly(PairState.IN_PROGRESS, PairState.IN_PROGRESS);
    }

    // RFC 8838 §12: a late pair whose foundation has succeeded is Waiting at once
    @Test
    void aLatePairOfASucceededFoundationIsNotFrozen() {
        Bench bench = new Bench(IceRole.CONTROLLED, 2);
        bench.local(0, "192.0.2.1", 5001, 1, "L", 65535);
        bench.local(0, "192.0.2.1", 5002, 2, "L", 65535);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        bench.answer(bench.lastRequest());

        bench.input(() -> bench.agent.addRemote(bench.now, 0, host("198.51.100.1", 6002, 2, "1", 65535)));

        assertThat(states(bench)).containsExactly(PairState.SUCCEEDED, PairState.WAITING);
    }

    // §6.1.4.2: the lists take turns
    @Test
    void checkListsTakeTurns() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1, 1);
        bench.local(0, "192.0.2.1", 5001, 1, "L", 65535);
        bench.local(1, "192.0.2.1", 5011, 1, "L", 65535);
        List<Candidate> first = new ArrayList<>();
        List<Candidate> second = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            first.add(host("198.51.100.1", 6001 + i, 1, "a" + i, 65535 - i));
            second.add(host("198.51.100.2", 6001 + i, 1, "b" + i, 65535 - i));
        }

        bench.remote(bench.description(first, second));
        bench.advance(Duration.ofMillis(251));

        assertThat(bench.requests())
                .extracting(sent -> sent.to().getAddress().getHostAddress())
                .containsExactly(
                        "198.51.100.1", "198.51.100.2", "198.51.100.1", "198.51.100.2", "198.51.100.1", "198.51.100.2");
    }

    // §6.1.2.5 and the house's rule: a crowded kind is cut, the last pair of a kind never
    @Test
    void theLastPairOfAKindSurvivesThePairLimit() {
        Bench bench = new Bench(IceRole.CONTROLLING, settings -> Tuned.maxPairs(settings, 10), 1);
        for (int i = 0; i < 4; i++) {
            bench.local(0, "192.0.2." + (i + 1), 5001, 1, "L" + i, 65535 - i);
        }
        bench.input(() -> bench.agent.addLocal(
                0,
                0,
                new LocalCandidate(
                        of(CandidateType.RELAYED, "203.0.113.9", 9001, 1, "R"), Bench.base("203.0.113.9", 9001))));
        List<Candidate> remote = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            remote.add(host("198.51.100." + (i + 1), 6001, 1, "r" + i, 65535 - i));
        }
        remote.add(of(CandidateType.RELAYED, "198.51.100.99", 6001, 1, "rr"));

        bench.remote(bench.description(remote));

        List<PairSnapshot> pairs = bench.pairs();
        Set<String> kinds = new HashSet<>();
        pairs.forEach(pair -> kinds.add(
                pair.pair().local().type() + "-" + pair.pair().remote().type()));
        assertThat(pairs).hasSize(10);
        assertThat(kinds).containsExactlyInAnyOrder("HOST-HOST", "HOST-RELAYED", "RELAYED-HOST", "RELAYED-RELAYED");
        assertThat(pairs.get(0).what()).isEqualTo("host 192.0.2.1:5001 udp -> host 198.51.100.1:6001");
    }

    @Test
    void aLimitBelowTheNumberOfKindsCutsNoKind() {
        Bench bench = new Bench(IceRole.CONTROLLING, settings -> Tuned.maxPairs(settings, 1), 1);
        bench.local("192.0.2.1", 1);

        bench.remote(bench.description(List.of(
                host("198.51.100.1", 6001, 1, "1", 65535),
                host("198.51.100.2", 6001, 1, "2", 65534),
                of(CandidateType.SERVER_REFLEXIVE, "198.51.100.3", 6001, 1, "3"),
                of(CandidateType.RELAYED, "198.51.100.4", 6001, 1, "4"))));

        assertThat(bench.pairs())
                .extracting(pair -> pair.pair().remote().type())
                .containsExactly(CandidateType.HOST, CandidateType.SERVER_REFLEXIVE, CandidateType.RELAYED);
    }

    // 20 candidates a component; the relay with the lowest priority is the last to go
    @Test
    void tooManyCandidatesLeaveRoomForTheLastOfAKind() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        bench.local("192.0.2.1", 1);
        List<Candidate> remote = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            remote.add(host("198.51.100." + (i + 1), 6001, 1, "r" + i, 65535 - i));
        }
        remote.add(of(CandidateType.RELAYED, "203.0.113.99", 6001, 1, "rr"));

        bench.remote(bench.description(remote));

        assertThat(bench.pairs()).hasSize(20);
        assertThat(bench.pairTo("203.0.113.99").pair().remote().type()).isEqualTo(CandidateType.RELAYED);
        assertThat(bench.events(AgentEvent.Ignored.class)).hasSize(11);
    }
}
