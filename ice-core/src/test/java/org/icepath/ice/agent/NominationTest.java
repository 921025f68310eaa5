// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.MS;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;
import static org.icepath.ice.agent.Bench.of;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.Decision;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PairState;
import org.icepath.ice.PathChange;
import org.icepath.ice.RemoteTraits;
import org.icepath.ice.SessionRules;
import org.icepath.sansio.Base;
import org.icepath.stun.StunWriter;
import org.junit.jupiter.api.Test;

/** RFC 8445 §8: which pair both sides agree on, and what that ends. */
class NominationTest {

    private static List<Candidate> candidates(int count) {
        List<Candidate> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(host("198.51.100." + (i + 1), 6001, 1, "r" + i, 65535 - i));
        }
        return made;
    }

    /** A host, and a relay for it. */
    private static List<Candidate> hostAndRelay() {
        return List.of(
                host("198.51.100.1", 6001, 1, "r0", 65535), of(CandidateType.RELAYED, "198.51.100.2", 6001, 1, "r1"));
    }

    // §8.1.1: the check is repeated with USE-CANDIDATE; §7.2.5.3.4: its success sets the flag
    @Test
    void theControllingSideRepeatsTheCheckWithUseCandidate() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(candidates(1)));
        bench.answer(bench.lastRequest());
        assertThat(bench.agent.state()).isEqualTo(IceState.CONNECTED);

        bench.advance(Duration.ofMillis(50));
        assertThat(bench.nominations()).hasSize(1);
        assertThat(bench.events(AgentEvent.Nominated.class)).isEmpty();
        bench.answer(bench.lastRequest());

        assertThat(bench.events(AgentEvent.Nominated.class)).hasSize(1);
        assertThat(bench.events(AgentEvent.Selected.class)).containsExactly(new AgentEvent.Selected(0));
        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
    }

    // No fixed wait, but what is unresolved and better is waited for, at most for the nomination patience
    @Test
    void anUnresolvedBetterPairIsWaitedForAtMostForTheNominationPatience() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(hostAndRelay()));
        bench.advance(Duration.ofMillis(50));
        bench.answer(bench.requestTo("198.51.100.2"));

        bench.advance(Duration.ofMillis(2999));
        assertThat(bench.nominations()).isEmpty();
        bench.advance(Duration.ofMillis(2));

        assertThat(bench.nominations()).hasSize(1);
        assertThat(bench.nominations().get(0).to()).isEqualTo(at("198.51.100.2", 6001));
    }

    // where only the addresses differ, 100 ms without an answer are enough
    @Test
    void anUnresolvedPairOfTheSameKindIsNotWaitedForLong() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        Base base = bench.local("192.0.2.1", 1);
        bench.remote(bench.description(candidates(2)));
        bench.advance(Duration.ofMillis(50));
        bench.answer(bench.requestTo("198.51.100.2"));
        bench.check(base, at("198.51.100.2", 6001), false);

        bench.advance(Duration.ofMillis(49));
        assertThat(bench.nominations()).isEmpty();
        bench.advance(Duration.ofMillis(1));

        assertThat(bench.nominations()).hasSize(1);
    }

    // the last check that is waited for leaves in the step in which the policy
    // is asked: its 100 ms begin then, and not when something is sent again
    @Test
    void theCheckThatLeavesLastIsNotWaitedForLonger() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        Base base = bench.local("192.0.2.1", 1);
        bench.remote(bench.description(candidates(3)));
        bench.check(base, at("198.51.100.3", 6001), false);
        bench.advance(Duration.ofMillis(50));
        bench.answer(bench.requestTo("198.51.100.3"));
        assertThat(bench.pairTo("198.51.100.3").valid()).isTrue();
        assertThat(bench.pairTo("198.51.100.2").state()).isEqualTo(PairState.WAITING);

        bench.advance(Duration.ofMillis(50));
        assertThat(bench.requestTo("198.51.100.2").at()).isEqualTo(100 * MS);
        bench.advance(Duration.ofMillis(99));
        assertThat(bench.nominations()).isEmpty();
        bench.advance(Duration.ofMillis(1));

        assertThat(bench.nominations()).extracting(Bench.Sent::to).containsExactly(at("198.51.100.3", 6001));
    }

    // §7.3.1.5: the peer follows where its own check succeeds. A browser that restarts ICE has given up whatever was
    // worse than the path in
    // use: it answers there and checks nothing, and before it has our answer it refuses our check of the better pair
    // (seen: Chromium 156).
    @Test
    void whereThePeerChecksAnotherPairThatOneIsWaitedFor() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        Base base = bench.local("192.0.2.1", 1);
        bench.remote(bench.description(candidates(2)));
        Bench.Sent early = bench.requestTo("198.51.100.1");
        bench.receive(base, early.to(), refusalWithoutIntegrity(early));
        bench.advance(Duration.ofMillis(50));
        bench.answer(bench.requestTo("198.51.100.2"));

        bench.advance(Duration.ofMillis(60));
        assertThat(bench.nominations()).isEmpty();
        bench.check(base, at("198.51.100.1", 6001), false);
        bench.answer(bench.lastRequest());
        bench.advance(Duration.ofMillis(50));

        assertThat(bench.nominations()).hasSize(1);
        assertThat(bench.nominations().get(0).to()).isEqualTo(at("198.51.100.1", 6001));
    }

    private static ByteBuffer refusalWithoutIntegrity(Bench.Sent request) {
        return StunWriter.into(ByteBuffer.allocate(500))
                .errorResponse(request.message(), 401, "Unauthorized")
                .fingerprint()
                .finish();
    }

    // §8.1.1: one and only one
    @Test
    void nothingElseIsNominatedAfterASuccess() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(hostAndRelay()));
        bench.advance(Duration.ofMillis(50));
        bench.answer(bench.requestTo("198.51.100.2"));
        bench.advance(Duration.ofMillis(3001));
        bench.answer(bench.lastRequest());

        // the better pair answers after all
        bench.answer(bench.requests().get(0));
        bench.advance(Duration.ofSeconds(4));

        assertThat(bench.nominations()).hasSize(1);
        assertThat(bench.current()).isEqualTo(at("198.51.100.2", 6001));
        assertThat(bench.pairTo("198.51.100.1").valid()).isTrue(); // a reserve
    }

    @Test
    void aNominationThatFailsIsFollowedByAnother() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(candidates(2)));
        bench.advance(Duration.ofMillis(50));
        bench.answer(bench.requestTo("198.51.100.1"));
        bench.answer(bench.requestTo("198.51.100.2"));
        bench.advance(Duration.ofMillis(50));
        assertThat(bench.nominations()).hasSize(1);

        bench.refuse(bench.lastRequest(), 400);
        bench.advance(Duration.ofMillis(50));

        // §7.2.5.3.4: the pair left the valid list
        assertThat(bench.pairTo("198.51.100.1").state()).isEqualTo(PairState.FAILED);
        assertThat(bench.pairTo("198.51.100.1").valid()).isFalse();
        assertThat(bench.nominations()).hasSize(2);
        assertThat(bench.lastRequest().to()).isEqualTo(at("198.51.100.2", 6001));
    }

    @Test
    void theComponentsOfAStreamAreNominatedTogether() {
        Bench bench = new Bench(IceRole.CONTROLLING, 2);
        bench.local(0, "192.0.2.1", 5001, 1, "L", 65535);
        bench.local(0, "192.0.2.1", 5002, 2, "L", 65535);
        bench.remote(bench.description(
                List.of(host("198.51.100.1", 6001, 1, "1", 65535), host("198.51.100.1", 6002, 2, "1", 65535))));
        bench.answer(bench.lastRequest());
        bench.advance(Duration.ofMillis(200));
        assertThat(bench.nominations()).isEmpty();

        bench.answer(bench.lastRequest());
        bench.advance(Duration.ofMillis(100));

        assertThat(bench.nominations()).extracting(sent -> sent.to().getPort()).containsExactlyInAnyOrder(6001, 6002);
        bench.answer(bench.nominations().get(0));
        assertThat(bench.events(AgentEvent.Selected.class)).isEmpty();
        bench.answer(bench.nominations().get(1));
        assertThat(bench.events(AgentEvent.Selected.class)).hasSize(1);
    }

    // §8.1.2: what a nomination makes needless is removed, and
    // its retransmissions end; two others are checked as reserves
    @Test
    void otherChecksEndWithTheNominationButForTwoReserves() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        Base base = bench.local("192.0.2.1", 1);
        bench.remote(bench.description(candidates(5)));
        bench.advance(Duration.ofMillis(100));
        bench.answer(bench.requestTo("198.51.100.1"));
        bench.check(base, at("198.51.100.1", 6001), true);
        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
        bench.sent.clear();

        bench.advance(Duration.ofMillis(3900));

        assertThat(bench.requests().stream().map(Bench.Sent::to).distinct())
                .containsExactly(at("198.51.100.2", 6001), at("198.51.100.3", 6001));
    }

    // §7.3.1.5, first case
    @Test
    void useCandidateOnAValidPairNominatesItAtOnce() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        Base base = bench.local("192.0.2.1", 1);
        bench.remote(bench.description(candidates(1)));
        bench.answer(bench.lastRequest());

        bench.check(base, at("198.51.100.1", 6001), true);

        assertThat(bench.events(AgentEvent.Nominated.class)).hasSize(1);
        assertThat(bench.events(AgentEvent.Selected.class)).hasSize(1);
    }

    // §7.3.1.5, second case
    @Test
    void useCandidateOnAPairThatIsNotValidYetNominatesItWhenItIs() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        Base base = bench.local("192.0.2.1", 1);
        bench.remote(bench.description(candidates(1)));

        bench.check(base, at("198.51.100.1", 6001), true);
        assertThat(bench.events(AgentEvent.Nominated.class)).isEmpty();
        bench.answer(bench.requests().get(0));

        assertThat(bench.events(AgentEvent.Nominated.class)).hasSize(1);
        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
    }

    // §8.1.1: a peer of RFC 5245 nominates every pair; the one of highest priority is used
    @Test
    void ofManyNominationsTheHighestPriorityWins() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        Base base = bench.local("192.0.2.1", 1);
        bench.remote(bench.description(candidates(3)));
        bench.advance(Duration.ofMillis(100));

        bench.answer(bench.requestTo("198.51.100.2"));
        bench.check(base, at("198.51.100.2", 6001), true);
        assertThat(bench.current()).isEqualTo(at("198.51.100.2", 6001));
        bench.check(base, at("198.51.100.3", 6001), true);
        bench.check(base, at("198.51.100.1", 6001), true);
        bench.advance(Duration.ofMillis(100));
        bench.answer(bench.requestTo("198.51.100.1"));

        assertThat(bench.current()).isEqualTo(at("198.51.100.1", 6001));
        assertThat(bench.events(AgentEvent.PathChanged.class))
                .extracting(AgentEvent.PathChanged::cause)
                .containsExactly(PathChange.EARLY_MEDIA, PathChange.NOMINATED);
        assertThat(bench.events(AgentEvent.Selected.class)).hasSize(1);
    }

    @Test
    void useCandidateMeansNothingWhileWeControl() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        Base base = bench.local("192.0.2.1", 1);
        bench.remote(bench.description(candidates(1)));
        bench.answer(bench.lastRequest());

        bench.check(base, at("198.51.100.1", 6001), true);

        assertThat(bench.events(AgentEvent.Nominated.class)).isEmpty();
    }

    // §6.1.1: towards a lite peer we control, and no checks come from it
    @Test
    void aLitePeerIsNominatedByUsWhoeverOffered() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.describe(builder -> builder.lite(true), candidates(1)));
        assertThat(bench.agent.role()).isEqualTo(IceRole.CONTROLLING);

        bench.answer(bench.lastRequest());
        bench.advance(Duration.ofMillis(50));
        bench.answer(bench.lastRequest());

        assertThat(bench.nominations()).hasSize(1);
        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
    }

    // "Nomination moves media; if the pair is in use already, Selected alone says it."
    @Test
    void nominationMovesMediaToTheNominatedPair() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        Base base = bench.local("192.0.2.1", 1);
        bench.remote(bench.description(candidates(2)));
        bench.answer(bench.requestTo("198.51.100.1"));
        bench.advance(Duration.ofMillis(50));
        bench.answer(bench.requestTo("198.51.100.2"));

        bench.check(base, at("198.51.100.2", 6001), true);

        AgentEvent.PathChanged last = bench.events(AgentEvent.PathChanged.class).get(1);
        assertThat(last.cause()).isEqualTo(PathChange.NOMINATED);
        assertThat(last.from().orElseThrow().remote()).isEqualTo(at("198.51.100.1", 6001));
        assertThat(last.to().remote()).isEqualTo(at("198.51.100.2", 6001));
        List<Class<?>> order = new ArrayList<>();
        bench.events.stream()
                .filter(event -> event instanceof AgentEvent.Selected || event == last)
                .forEach(event -> order.add(event.getClass()));
        assertThat(order).containsExactly(AgentEvent.PathChanged.class, AgentEvent.Selected.class);
    }

    // Candidates that may still come are waited for as unresolved pairs are
    @Test
    void candidatesToComeHoldTheNominationBackUntilTheyCannotBeBetter() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.describe(
                builder -> builder.option(IceDescription.TRICKLE), List.of(host("198.51.100.1", 6001, 1, "1", 60000))));
        bench.answer(bench.lastRequest());
        bench.advance(Duration.ofMillis(500));
        assertThat(bench.nominations()).isEmpty();

        bench.input(() -> bench.agent.endOfRemote(bench.now));

        assertThat(bench.nominations()).hasSize(1);
    }

    @Test
    void gatheringThatCanOnlyBringWorseCandidatesHoldsNothingBack() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        bench.local("192.0.2.1", 1);
        bench.input(() -> bench.agent.localToCome(bench.now, 100));
        bench.remote(bench.description(candidates(1)));
        bench.answer(bench.lastRequest());

        bench.advance(Duration.ofMillis(50));

        assertThat(bench.nominations()).hasSize(1);
    }

    // The promotion window bounds any policy
    @Test
    void aPolicyThatWaitsForEverIsOverruledWhenThePromotionWindowEnds() {
        Bench bench = new Bench(
                IceRole.CONTROLLING,
                settings -> Tuned.nomination(settings, (now, view) -> new Decision.WaitUntil(Long.MAX_VALUE)),
                1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(candidates(1)));
        bench.answer(bench.lastRequest());

        for (int i = 0; i < 99; i++) {
            bench.advance(Duration.ofMillis(101));
            bench.answer(bench.lastRequest());
        }
        assertThat(bench.nominations()).isEmpty();
        bench.advance(Duration.ofMillis(2));

        assertThat(bench.nominations()).hasSize(1);
    }

    @Test
    void aPolicyThatAsksForThePastIsNotAskedInATightLoop() {
        List<Long> asked = new ArrayList<>();
        Bench bench = new Bench(
                IceRole.CONTROLLING,
                settings -> Tuned.nomination(settings, (now, view) -> {
                    asked.add(now);
                    return new Decision.WaitUntil(0);
                }),
                1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(candidates(1)));
        bench.answer(bench.lastRequest());

        bench.advance(Duration.ofMillis(100));

        assertThat(asked).hasSizeLessThan(120);
    }

    // SessionRules decides whether there is a nomination at all
    @Test
    void rulesMayForbidTheNomination() {
        SessionRules never = new SessionRules() {
            @Override
            public boolean mayNominate(RemoteTraits traits) {
                return false;
            }
        };
        Bench bench = new Bench(IceRole.CONTROLLING, settings -> Tuned.rules(settings, never), 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(candidates(1)));
        bench.answer(bench.lastRequest());

        bench.advance(Duration.ofSeconds(15));

        assertThat(bench.nominations()).isEmpty();
        assertThat(bench.agent.state()).isEqualTo(IceState.CONNECTED);
    }

    @Test
    void rulesMayNominateWithTheFirstCheck() {
        SessionRules aggressive = new SessionRules() {
            @Override
            public boolean nominatesWithFirstCheck() {
                return true;
            }
        };
        Bench bench = new Bench(IceRole.CONTROLLING, settings -> Tuned.rules(settings, aggressive), 1);
        bench.local("192.0.2.1", 1);
        bench.remote(bench.description(candidates(1)));
        assertThat(bench.lastRequest().nominates()).isTrue();

        bench.now += 20 * MS;
        bench.answer(bench.lastRequest());

        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
    }
}
