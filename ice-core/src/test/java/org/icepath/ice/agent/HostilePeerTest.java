// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.IceRole;
import org.icepath.ice.PairState;
import org.icepath.sansio.Base;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a peer that has our password, and means harm, cannot make an agent do. */
class HostilePeerTest {

    private final Bench bench = new Bench(IceRole.CONTROLLED, 1);
    private Base base = Bench.base("192.0.2.1", 5001);

    @BeforeEach
    void start() {
        base = bench.local("192.0.2.1", 1);
        bench.local("2001:db8::1", 1);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        bench.sent.clear();
        bench.events.clear();
    }

    // CVE-2020-26262, CVE-2026-27624: filters that look at the
    // text of an address and not at what the kernel makes of it
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "224.0.0.1",
                "239.255.255.250",
                "240.0.0.1",
                "255.255.255.255",
                "::ffff:255.255.255.255",
                "::ffff:0.0.0.0",
                "::",
                "ff02::1",
                "ff0e::1%eth0",
                "64:ff9b::e000:1",
                "64:ff9b::",
                "2002:ffff:ffff::1"
            })
    void nobodyIsAskedAtAnAddressOfNobodyOrOfACrowd(String address) {
        bench.input(() -> bench.agent.addRemote(bench.now, 0, host(address, 6002, 1, "2", 65534)));
        bench.advance(Duration.ofSeconds(60));

        assertThat(bench.requests()).extracting(Bench.Sent::to).containsOnly(at("198.51.100.1", 6001));
        assertThat(bench.events(AgentEvent.RemoteKnown.class)).isEmpty();
        assertThat(bench.events(AgentEvent.Ignored.class)).hasSize(1);
    }

    // CVE-2026-73212: a peer must not reach services of our own machine through us
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.9.9.9",
                "::ffff:127.0.0.1",
                "::1",
                "::127.0.0.1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::1"
            })
    void ourLoopbackAddressIsNotAskedFromOurOtherAddresses(String address) {
        bench.input(() -> bench.agent.addRemote(bench.now, 0, host(address, 6002, 1, "2", 65534)));
        bench.advance(Duration.ofSeconds(60));

        assertThat(bench.requests()).extracting(Bench.Sent::to).containsOnly(at("198.51.100.1", 6001));
        assertThat(bench.pairs()).hasSize(1);
    }

    @Test
    void twoAgentsOnTheLoopbackAddressStillMeet() {
        Bench local = new Bench(IceRole.CONTROLLED, 1);
        local.local("127.0.0.1", 1);

        local.remote(local.description(List.of(host("127.0.0.1", 6001, 1, "1", 65535))));

        assertThat(local.requests()).hasSize(1);
    }

    // A source port of 0 can be forged; sending there fails, and no candidate has it
    @Test
    void aCheckFromPortZeroIsNoFault() {
        boolean mine = bench.check(base, at("203.0.113.5", 0), true);

        assertThat(mine).isTrue();
        assertThat(bench.sent).isEmpty();
        assertThat(bench.pairs()).hasSize(1);
    }

    // RFC 8838 §11, bounded
    @Test
    void trickledCandidatesAreBounded() {
        for (int i = 0; i < 10_000; i++) {
            Candidate candidate = host("198.51.100." + (2 + i % 250), 7000 + i, 1, "f" + i, i % 65536);
            bench.input(() -> bench.agent.addRemote(bench.now, 0, candidate));
        }

        assertThat(bench.events(AgentEvent.RemoteKnown.class)).hasSize(AgentSettings.MAX_CANDIDATES - 1);
        assertThat(bench.pairs()).hasSizeLessThanOrEqualTo(AgentSettings.MAX_CANDIDATES);
        assertThat(bench.events(AgentEvent.Ignored.class)).hasSize(64);
    }

    // RFC 8445 §6.1.2.5: the limit holds for pairs that checks make, too; a check of another source still finds room
    @Test
    void checksFromEverywhereToEveryBaseMakeABoundedNumberOfPairs() {
        Bench wide = new Bench(IceRole.CONTROLLED, 2);
        List<Base> bases = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int component = 1 + i % 2;
            bases.add(wide.local(0, "192.0.2." + (1 + i / 2), 5000 + i, component, "L" + i, 65535 - i));
        }
        wide.remote(wide.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));

        for (int source = 0; source < 100; source++) {
            for (Base each : bases) {
                wide.check(each, at("203.0.113.5", 7000 + source), source % 2 == 0);
            }
        }

        assertThat(wide.pairs().size()).isBetween(AgentSettings.MAX_PAIRS, 2 * AgentSettings.MAX_PAIRS);
        wide.advance(Duration.ofSeconds(1));
        assertThat(wide.requests().stream()
                        .map(sent -> sent.message().transactionId())
                        .distinct())
                .hasSizeLessThanOrEqualTo(2 + 1000 / 50); // one for each Ta
    }

    // RFC 8445 §7.2.5.3.1: whatever the peer says it sees. What is beyond the limit is no candidate, but no direct path
    // either
    @Test
    void mappedAddressesOfAnswersAreBoundedAndLeaveRoomForOurOwnCandidates() {
        for (int i = 0; i < 40; i++) {
            InetSocketAddress source = at("203.0.113.5", 7000 + i);
            if (i < 20) {
                bench.check(base, source, false);
            } else {
                Candidate signalled = host("203.0.113.5", 7000 + i, 1, "f" + i, 1000 - i);
                bench.input(() -> bench.agent.addRemote(bench.now, 0, signalled));
            }
        }
        for (int i = 0; i < 60; i++) {
            bench.advance(Duration.ofMillis(50));
            bench.answer(bench.lastRequest(), at("203.0.113.9", 1000 + i));
        }
        int before = bench.pairs().size();

        bench.local(0, "192.0.2.77", 5077, 1, "L77", 10);

        assertThat(bench.events(AgentEvent.PeerReflexiveFound.class).stream().filter(found -> found.local()))
                .hasSize(AgentSettings.MAX_CANDIDATES);
        assertThat(bench.pairs()).hasSizeGreaterThan(before);
        assertThat(bench.pairs().stream().filter(PairSnapshot::valid))
                .hasSizeGreaterThan(AgentSettings.MAX_CANDIDATES)
                .allMatch(valid -> valid.pair().local().type() == CandidateType.PEER_REFLEXIVE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "224.0.0.1", "255.255.255.255"})
    void aMappedAddressOfNobodyIsNoCandidate(String mapped) {
        bench.advance(Duration.ofMillis(600));

        bench.answer(bench.lastRequest(), at(mapped, 4000));

        assertThat(bench.events(AgentEvent.PeerReflexiveFound.class)).isEmpty();
        assertThat(bench.events(AgentEvent.Ready.class)).hasSize(1);
        assertThat(bench.pairs().get(0).state()).isEqualTo(PairState.SUCCEEDED);
    }

    // RFC 8445 §7.3.1.1 repairs conflicts of two honest agents; when the pairs are selected there can be none
    @Test
    void theRoleDoesNotSwingOnceThePairIsSelected() {
        bench.check(base, at("198.51.100.1", 6001), true);
        bench.advance(Duration.ofMillis(600));
        bench.answer(bench.lastRequest());
        assertThat(bench.events(AgentEvent.Selected.class)).hasSize(1);

        for (long tieBreaker : new long[] {0, 1, 999, 1001, -1}) {
            bench.receive(base, at("198.51.100.1", 6001), bench.sealed(bench.check(IceRole.CONTROLLED, tieBreaker)));
            assertThat(bench.last().message().messageClass()).isEqualTo(StunClass.ERROR);
        }

        assertThat(bench.agent.role()).isEqualTo(IceRole.CONTROLLED);
        assertThat(bench.events(AgentEvent.RoleChanged.class)).isEmpty();
    }

    // A new id makes each request a new one; what they trigger is still no more than we would send ourselves
    @Test
    void aFloodOfChecksTriggersNoFlood() {
        for (int i = 0; i < 5_000; i++) {
            bench.check(base, at("198.51.100.1", 6001), i % 2 == 0);
            bench.advance(Duration.ofMillis(1));
        }

        assertThat(bench.requests().size()).isLessThanOrEqualTo(2 * 10 + 2); // one and its last request for each RTO
        assertThat(bench.sent.stream().filter(sent -> !sent.isRequest())).hasSize(5_000);
        assertThat(bench.sent.stream().filter(Bench.Sent::isRequest))
                .noneMatch(sent -> sent.message().has(Attributes.USE_CANDIDATE));
    }

    // A server that maps each request to another address, or a machine with a hundred interfaces
    @Test
    void ourOwnCandidatesAreBounded() {
        Bench one = new Bench(IceRole.CONTROLLED, 1);
        one.remote(one.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));

        for (int i = 0; i < 100; i++) {
            one.local(0, "192.0.2." + (1 + i), 5_001, 1, "L" + i, 60_000 - i);
        }

        assertThat(one.pairs()).hasSize(20);
    }
}
