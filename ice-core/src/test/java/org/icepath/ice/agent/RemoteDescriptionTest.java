// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;
import static org.icepath.ice.agent.Bench.of;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.candidate.TransportType;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PairState;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.stun.Attributes;
import org.junit.jupiter.api.Test;

/** What the peer may tell us, and when. */
class RemoteDescriptionTest {

    private static List<String> ignored(Bench bench) {
        return bench.events(AgentEvent.Ignored.class).stream()
                .map(AgentEvent.Ignored::reason)
                .toList();
    }

    @Test
    void nothingIsSentBeforeTheDescriptionOfThePeer() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        bench.local("192.0.2.1", 1);

        bench.advance(Duration.ofMinutes(5));

        assertThat(bench.sent).isEmpty();
        assertThat(bench.agent.state()).isEqualTo(IceState.WAITING);
        assertThat(bench.agent.nextTimeout()).isEqualTo(Machine.NEVER);
    }

    // RFC 8838 §11
    @Test
    void trickledCandidatesArePairedAsTheyCome() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.describe(builder -> builder.option(IceDescription.TRICKLE), List.of()));
        assertThat(bench.sent).isEmpty();

        bench.input(() -> bench.agent.addRemote(bench.now, 0, host("198.51.100.1", 6001, 1, "1", 65535)));

        assertThat(bench.lastRequest().to()).isEqualTo(at("198.51.100.1", 6001));
    }

    @Test
    void localCandidatesThatComeLateArePairedToo() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        Base relay = Bench.base("203.0.113.9", 9001);

        bench.input(() -> bench.agent.addLocal(
                bench.now, 0, new LocalCandidate(of(CandidateType.RELAYED, "203.0.113.9", 9001, 1, "R"), relay)));
        bench.advance(Duration.ofMillis(50));

        assertThat(bench.lastRequest().base()).isEqualTo(relay);
    }

    @Test
    void uselessCandidatesAreIgnoredWithAReasonAndHarmNobody() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        bench.local("192.0.2.1", 1);
        Candidate named = Candidate.of(
                new Foundation("n"),
                1,
                TransportType.UDP,
                100,
                CandidateAddress.of("a1b2.local", 5000),
                CandidateType.HOST);
        Candidate tcp = Candidate.of(
                new Foundation("t"),
                1,
                TransportType.TCP_PASSIVE,
                100,
                CandidateAddress.of("198.51.100.8", 5000),
                CandidateType.HOST);

        bench.remote(bench.description(List.of(
                named,
                tcp,
                host("0.0.0.0", 6000, 1, "z", 65535),
                host("224.0.0.1", 6000, 1, "m", 65535),
                host("198.51.100.1", 6003, 3, "c", 65535),
                host("198.51.100.1", 6001, 1, "1", 65535),
                host("198.51.100.1", 6001, 1, "1", 65535))));

        assertThat(bench.pairs()).hasSize(1);
        assertThat(ignored(bench))
                .hasSize(5)
                .anyMatch(reason -> reason.contains("a1b2.local") && reason.contains("name"))
                .anyMatch(reason -> reason.contains("TCP"))
                .anyMatch(reason -> reason.contains("component 3"))
                .anyMatch(reason -> reason.contains("224.0.0.1"))
                .anyMatch(reason -> reason.contains("0.0.0.0"));
    }

    // random network 7638: after twenty addresses the peer named the one that leads straight to it, of the other family
    @Test
    void theFirstCandidateOfAKindHasAPlaceThoughTheComponentIsFull() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        bench.local("192.0.2.1", 1);
        List<Candidate> twenty = new ArrayList<>();
        for (int i = 1; i <= AgentSettings.MAX_CANDIDATES; i++) {
            twenty.add(host("198.51.100." + i, 6001, 1, "r" + i, 65535 - i));
        }
        bench.remote(bench.describe(builder -> builder.option(IceDescription.TRICKLE), twenty));
        assertThat(ignored(bench)).isEmpty();

        trickle(bench, host("198.51.100.99", 6001, 1, "v4", 1000));
        trickle(bench, host("2001:db8::1", 6001, 1, "v6", 900));
        trickle(bench, host("2001:db8::2", 6001, 1, "v6b", 800));
        trickle(bench, of(CandidateType.SERVER_REFLEXIVE, "203.0.113.1", 6001, 1, "s"));
        trickle(bench, of(CandidateType.SERVER_REFLEXIVE, "203.0.113.2", 6001, 1, "s2"));
        trickle(bench, of(CandidateType.PEER_REFLEXIVE, "203.0.113.3", 6001, 1, "p"));

        assertThat(ignored(bench)).hasSize(4).allMatch(reason -> reason.endsWith("one too many"));
        assertThat(bench.events(AgentEvent.RemoteKnown.class))
                .hasSize(AgentSettings.MAX_CANDIDATES + 2)
                .extracting(known -> known.address().getAddress())
                .endsWith(
                        at("2001:db8::1", 6001).getAddress(),
                        at("203.0.113.1", 6001).getAddress());
    }

    @Test
    void ourFirstCandidateOfAKindHasAPlaceThoughTheComponentIsFull() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        for (int i = 1; i <= AgentSettings.MAX_CANDIDATES; i++) {
            bench.local(0, "192.0.2." + i, 5001, 1, "L" + i, 65535 - i);
        }
        bench.remote(bench.description(List.of(host("2001:db8::9", 6001, 1, "1", 65535))));
        assertThat(bench.pairs()).isEmpty();

        bench.local(0, "192.0.2.99", 5001, 1, "L99", 1000);
        bench.local(0, "2001:db8::1", 5001, 1, "L100", 900);
        bench.local(0, "2001:db8::2", 5001, 1, "L101", 800);

        assertThat(ignored(bench)).hasSize(2).allMatch(reason -> reason.endsWith("one too many"));
        assertThat(bench.pairs())
                .extracting(pair -> pair.pair().local().address().host())
                .containsExactly("2001:db8::1");
    }

    private static void trickle(Bench bench, Candidate candidate) {
        bench.input(() -> bench.agent.addRemote(bench.now, 0, candidate));
    }

    // A further description of the same generation adds candidates and begins nothing anew
    @Test
    void aFurtherDescriptionAddsItsNewCandidates() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        bench.local("192.0.2.1", 1);
        Candidate first = host("198.51.100.1", 6001, 1, "1", 65535);
        bench.remote(bench.description(List.of(first)));
        bench.answer(bench.lastRequest());

        bench.remote(bench.description(List.of(first, host("198.51.100.2", 6001, 1, "2", 65534))));

        assertThat(bench.pairs())
                .extracting(PairSnapshot::state)
                .containsExactly(PairState.SUCCEEDED, PairState.WAITING);
    }

    @Test
    void otherCredentialsBelongToAnotherAgent() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));

        bench.remote(
                IceDescription.builder()
                        .sessionCredentials(new IceCredentials("more", "anotherPassword22Chars"))
                        .stream(StreamDescription.builder(0).build())
                        .build());
        bench.advance(Duration.ofSeconds(1));

        assertThat(ignored(bench)).anyMatch(reason -> reason.contains("another generation"));
        assertThat(bench.lastRequest().message().get(Attributes.USERNAME)).contains("them:ours");
    }

    @Test
    void eachStreamMayHaveItsOwnCredentials() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1, 1);
        bench.local(0, "192.0.2.1", 5001, 1, "L", 65535);
        bench.local(1, "192.0.2.1", 5011, 1, "M", 65535);

        bench.remote(IceDescription.builder().sessionCredentials(bench.theirs).stream(StreamDescription.builder(0)
                        .candidate(host("198.51.100.1", 6001, 1, "1", 65535))
                        .build())
                .stream(StreamDescription.builder(1)
                        .credentials(new IceCredentials("two2", "anotherPassword22Chars"))
                        .candidate(host("198.51.100.1", 6011, 1, "2", 65535))
                        .build())
                .build());
        bench.advance(Duration.ofMillis(50));

        assertThat(bench.requests())
                .extracting(sent -> sent.message().get(Attributes.USERNAME).orElseThrow())
                .containsExactly("them:ours", "two2:ours");
    }

    // RFC 3264 §6: port 0
    @Test
    void aRejectedStreamStaysIdleAndTheOtherConnects() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1, 1);
        bench.local(0, "192.0.2.1", 5001, 1, "L", 65535);
        Base base = bench.local(1, "192.0.2.1", 5011, 1, "M", 65535);

        bench.remote(IceDescription.builder().sessionCredentials(bench.theirs).stream(StreamDescription.builder(0)
                        .destination(CandidateAddress.of("198.51.100.1", 0))
                        .build())
                .stream(StreamDescription.builder(1)
                        .candidate(host("198.51.100.1", 6011, 1, "2", 65535))
                        .build())
                .build());
        bench.answer(bench.lastRequest());
        bench.check(base, at("198.51.100.1", 6011), true);
        bench.advance(Duration.ofMinutes(1));

        assertThat(bench.events(AgentEvent.Failed.class)).isEmpty();
        assertThat(bench.events(AgentEvent.Selected.class)).containsExactly(new AgentEvent.Selected(1));
    }

    @Test
    void aStreamThatIsRemovedLaterStopsItsChecks() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));

        bench.remote(IceDescription.builder().sessionCredentials(bench.theirs).stream(StreamDescription.builder(0)
                        .destination(CandidateAddress.of("198.51.100.1", 0))
                        .build())
                .build());
        bench.sent.clear();
        bench.advance(Duration.ofMinutes(2));

        assertThat(bench.sent).isEmpty();
        assertThat(bench.events(AgentEvent.Failed.class)).isEmpty();
    }

    // RFC 8445 §12.1: without a pair for each component there is no selected stream
    @Test
    void aMissingComponentFailsItsStreamAfterPac() {
        Bench bench = new Bench(IceRole.CONTROLLING, 2);
        bench.local(0, "192.0.2.1", 5001, 1, "L", 65535);
        bench.local(0, "192.0.2.1", 5002, 2, "L", 65535);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        bench.answer(bench.lastRequest());
        assertThat(bench.agent.current(0, 1)).isPresent();

        for (int i = 0; i < 40; i++) {
            int before = bench.requests().size();
            bench.advance(Duration.ofSeconds(1));
            bench.requests().stream().skip(before).forEach(bench::answer);
        }

        IceFailure failure = bench.events(AgentEvent.Failed.class).get(0).failure();
        assertThat(failure.component()).isEqualTo(2);
        assertThat(failure.kind()).isEqualTo(IceFailure.Kind.NOTHING_TO_PAIR);
        assertThat(bench.agent.state()).isEqualTo(IceState.FAILED);
    }

    // RFC 5761: with rtcp-mux the stream needs its first component only
    @Test
    void aFreedComponentIsNotWaitedFor() {
        Bench bench = new Bench(IceRole.CONTROLLING, 2);
        bench.local(0, "192.0.2.1", 5001, 1, "L", 65535);
        Base second = bench.local(0, "192.0.2.1", 5002, 2, "L", 65535);
        bench.remote(bench.description(
                List.of(host("198.51.100.1", 6001, 1, "1", 65535), host("198.51.100.1", 6002, 2, "1", 65535))));

        bench.input(() -> bench.agent.freeComponent(bench.now, 0, 2));
        bench.answer(bench.lastRequest());
        bench.advance(Duration.ofMillis(50));
        bench.answer(bench.lastRequest());

        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
        assertThat(bench.pairs()).hasSize(1);
        assertThat(bench.agent.componentOf(second, at("198.51.100.1", 6002))).isEqualTo(IceAgent.NOBODY);
    }

    // CVE-2026-25994: a fragment of 256 characters on both sides makes a USERNAME of 513 bytes, 508 are allowed
    @Test
    void aFragmentThatMakesTooLongAUsernameIsRefusedAndNotSent() {
        IceCredentials longOnes = new IceCredentials("u".repeat(256), "p".repeat(256));
        Bench bench = new Bench(IceRole.CONTROLLED, settings -> Tuned.credentials(settings, longOnes), 1);
        bench.local("192.0.2.1", 1);

        bench.remote(IceDescription.builder().sessionCredentials(longOnes).stream(StreamDescription.builder(0)
                        .candidate(host("198.51.100.1", 6001, 1, "1", 65535))
                        .build())
                .build());
        bench.advance(Duration.ofSeconds(1));

        assertThat(bench.sent).isEmpty();
        assertThat(ignored(bench)).anyMatch(reason -> reason.contains("too long"));
    }

    @Test
    void anUnknownStreamOrComponentOfOursIsAnError() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        LocalCandidate second =
                new LocalCandidate(host("192.0.2.1", 5002, 2, "L", 65535), Bench.base("192.0.2.1", 5002));

        assertThatThrownBy(() -> bench.agent.addLocal(0, 0, second)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bench.agent.addLocal(0, 7, second)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aClosedAgentIsSilentAndTakesEverythingQuietly() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        Base base = bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        bench.sent.clear();

        bench.input(() -> bench.agent.close(bench.now));
        bench.input(() -> bench.agent.close(bench.now));

        assertThat(bench.check(base, at("198.51.100.1", 6001), false)).isFalse();
        bench.local("192.0.2.2", 1);
        bench.remote(bench.description(List.of()));
        bench.input(() -> bench.agent.endOfRemote(bench.now));
        bench.input(() -> bench.agent.localToCome(bench.now, 0));
        bench.input(() -> bench.agent.freeComponent(bench.now, 0, 1));
        bench.input(() -> bench.agent.baseLost(bench.now, base, new Cause(Cause.Kind.LOCAL_GONE, "")));
        bench.advance(Duration.ofMinutes(5));
        assertThat(bench.sent).isEmpty();
        assertThat(bench.agent.nextTimeout()).isEqualTo(Machine.NEVER);
        assertThat(bench.events(AgentEvent.StateChanged.class))
                .endsWith(new AgentEvent.StateChanged(IceState.CHECKING, IceState.CLOSED));
    }
}
