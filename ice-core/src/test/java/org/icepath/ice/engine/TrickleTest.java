// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withStun;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.sdp.IceFragment;
import org.icepath.sdp.IceSdp;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.NatBehaviour;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Candidates that follow the description (RFC 8838), as SIP carries them in the bodies of INFO requests (RFC 8840). */
class TrickleTest {

    private final CallScene scene = new CallScene(41);

    private VirtualPhone home(int number, IceConfig config) {
        return scene.behind(
                scene.nat("203.0.113." + number, NatBehaviour.PORT_RESTRICTED),
                "home" + number,
                "192.168." + number + ".10",
                config);
    }

    private static IceFragment fragment(VirtualPhone from, int peer) {
        IceFragment whole = from.perform(now -> from.engine().trickle().fragment(now, peer));
        return IceSdp.parseFragment(IceSdp.formatFragment(whole));
    }

    private static void add(VirtualPhone to, int peer, IceFragment fragment) {
        to.perform(now -> {
            to.engine().trickle().addRemote(now, peer, fragment);
            return true;
        });
    }

    private record Pair(VirtualPhone alice, int toBob, VirtualPhone bob, int toAlice) {

        void trickle() {
            add(bob, toAlice, fragment(alice, toBob));
            add(alice, toBob, fragment(bob, toAlice));
        }

        boolean completed() {
            return alice.state(toBob) == IceState.COMPLETED && bob.state(toAlice) == IceState.COMPLETED;
        }
    }

    /** Both have told each other what they had at once. */
    private Pair introduced(VirtualPhone alice, VirtualPhone bob) {
        alice.gather();
        bob.gather();
        int toAlice = bob.accept(VirtualCall.travelled(alice.describe()), IceRole.CONTROLLED);
        IceDescription answer = bob.perform(now -> bob.engine().signalling().describe(now, toAlice));
        int toBob = alice.accept(VirtualCall.travelled(answer), IceRole.CONTROLLING);
        return new Pair(alice, toBob, bob, toAlice);
    }

    // RFC 8840 §4.3: each fragment repeats what went before, so that a lost or late INFO harms nothing
    @Test
    void twoHomesConnectByWhatFragmentsBring() {
        IceConfig config = withStun(audio()).trickle();
        Pair pair = introduced(home(1, config), home(2, config));
        scene.network().runFor(Duration.ofSeconds(1));
        assertThat(pair.completed())
                .as("control: the first descriptions are not enough")
                .isFalse();

        pair.trickle();
        pair.trickle();
        scene.network().runFor(Duration.ofSeconds(5));

        assertThat(pair.completed()).as(scene.network()::dump).isTrue();
        StreamDescription told = fragment(pair.alice(), pair.toBob()).streams().get(0);
        assertThat(told.mid()).contains("0");
        assertThat(told.endOfCandidates()).isTrue();
        assertThat(told.candidates())
                .extracting(Candidate::type)
                .containsExactlyInAnyOrder(CandidateType.HOST, CandidateType.SERVER_REFLEXIVE);
        assertThat(pair.alice().heard(IceEvent.GatheringCompleted.class)).hasSize(1);
    }

    // RFC 8838 §13: a stream's candidates are at an end one by one; only then is nothing better to be waited for
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nominationWaitsForWhatEveryStreamMayStillTrickle(boolean allEnd) {
        IceConfig config = audio().stream("video", 1).trickle();
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", config);
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", config);
        alice.gather();
        bob.gather();
        IceDescription offer = alice.describe();
        int toAlice = bob.accept(VirtualCall.travelled(offer), IceRole.CONTROLLED);
        IceDescription answer = bob.perform(now -> bob.engine().signalling().describe(now, toAlice));
        IceDescription.Builder open = answer.toBuilder();
        for (StreamDescription stream : answer.streams()) {
            Candidate relayed = stream.candidates().get(0);
            open.replaceStream(stream.toBuilder()
                    .clearCandidates()
                    .candidate(Candidate.of(
                            relayed.foundation(),
                            1,
                            relayed.transport(),
                            1_000,
                            relayed.address(),
                            CandidateType.RELAYED))
                    .endOfCandidates(false)
                    .build());
        }
        int toBob = alice.accept(VirtualCall.travelled(open.build()), IceRole.CONTROLLING);

        IceFragment end = fragment(bob, toAlice);
        add(alice, toBob, allEnd ? end : onlyFirst(end));
        scene.network().runFor(Duration.ofMillis(1_500));

        assertThat(alice.state(toBob)).isEqualTo(allEnd ? IceState.COMPLETED : IceState.CONNECTED);
    }

    private static IceFragment onlyFirst(IceFragment fragment) {
        IceDescription content = fragment.content();
        return new IceFragment(content.toBuilder()
                .replaceStream(content.streams().get(1).toBuilder()
                        .clearCandidates()
                        .endOfCandidates(false)
                        .build())
                .build());
    }

    // RFC 8838 §11: the username fragment says which generation a candidate is of
    @Test
    void aFragmentOfNoGenerationThatLivesIsIgnored() {
        IceConfig config = withStun(audio()).trickle();
        Pair pair = introduced(home(1, config), home(2, config));
        scene.network().runFor(Duration.ofSeconds(1));
        IceFragment real = fragment(pair.alice(), pair.toBob());
        IceFragment foreign = new IceFragment(IceSdp.parse(IceSdp.formatFragment(real)
                        .replace(
                                real.content()
                                        .sessionCredentials()
                                        .orElseThrow()
                                        .ufrag(),
                                "nobody"))
                .description());

        add(pair.bob(), pair.toAlice(), foreign);
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(pair.completed()).isFalse();
        assertThat(pair.bob().heard(IceEvent.Ignored.class))
                .anySatisfy(ignored -> assertThat(ignored.reason()).contains("generation"));
    }

    // after a restart, ours are told under the new credentials, and the peer's reach the new generation
    @Test
    void afterARestartFragmentsAreOfTheNewGeneration() {
        IceConfig config = withStun(audio()).trickle();
        Pair pair = introduced(home(1, config), home(2, config));
        scene.network().runFor(Duration.ofSeconds(1));
        pair.trickle();
        scene.network().runFor(Duration.ofSeconds(2));
        IceFragment before = fragment(pair.alice(), pair.toBob());

        VirtualPhone alice = pair.alice();
        VirtualPhone bob = pair.bob();
        IceDescription offer = alice.perform(now -> {
            alice.engine().signalling().restart(now, pair.toBob());
            return alice.engine().signalling().offer(now, pair.toBob());
        });
        IceDescription answer =
                bob.perform(now -> bob.engine().signalling().answer(now, pair.toAlice(), VirtualCall.travelled(offer)));
        alice.perform(now -> {
            alice.engine().signalling().update(now, pair.toBob(), VirtualCall.travelled(answer));
            return true;
        });

        IceFragment after = fragment(alice, pair.toBob());
        assertThat(after.content().sessionCredentials()).isEqualTo(offer.sessionCredentials());
        assertThat(after.content().sessionCredentials())
                .isNotEqualTo(before.content().sessionCredentials());
        add(bob, pair.toAlice(), oneMore(after));
        scene.network().runFor(Duration.ofSeconds(1));
        assertThat(bob.report(pair.toAlice()).pairs())
                .as("checked under the new credentials")
                .anySatisfy(entry -> assertThat(entry.what()).contains("203.0.113.77"));
    }

    private static IceFragment oneMore(IceFragment fragment) {
        StreamDescription stream = fragment.streams().get(0);
        Candidate any = stream.candidates().get(0);
        Candidate late = Candidate.of(
                any.foundation(),
                1,
                any.transport(),
                any.priority() - 1,
                CandidateAddress.of("203.0.113.77", 7_777),
                CandidateType.HOST);
        return new IceFragment(fragment.content().toBuilder()
                .replaceStream(stream.toBuilder().candidate(late).build())
                .build());
    }

    // RFC 8838 §16: the offer of half trickling is full, and says that the peer may trickle
    @Test
    void theFullDescriptionIsDueAfterTheFirstOneAndHasTheRelay() {
        VirtualPhone alice = home(1, withTurn(audio()).halfTrickle());
        alice.gather();
        assertThat(alice.described()).as("at once, for an offer that trickles").isTrue();
        assertThat(alice.node().has(EngineEvent.FullDescriptionDue.class)).isFalse();

        scene.network().runUntil(() -> alice.node().has(EngineEvent.FullDescriptionDue.class), Duration.ofSeconds(1));

        IceDescription offer = alice.describe();
        assertThat(offer.offers(IceDescription.TRICKLE)).isTrue();
        assertThat(types(offer)).contains(CandidateType.RELAYED);
        assertThat(offer.streams().get(0).endOfCandidates()).isTrue();
    }

    // a server that never answers must not hold the full description back for longer than the deadline
    @Test
    void theFullDescriptionWaitsForNobodyBeyondTheDeadline() {
        VirtualPhone alice = home(1, audio().stunServer("198.51.100.99:3478").trickle());
        alice.gather();

        scene.network().runFor(Duration.ofMillis(499));
        boolean before = alice.node().has(EngineEvent.FullDescriptionDue.class);
        scene.network().runFor(Duration.ofMillis(2));

        assertThat(before).isFalse();
        assertThat(alice.node().has(EngineEvent.FullDescriptionDue.class)).isTrue();
        assertThat(alice.describe().streams().get(0).endOfCandidates()).isFalse();
    }

    private static List<CandidateType> types(IceDescription description) {
        return Stream.of(description.streams().get(0))
                .flatMap(stream -> stream.candidates().stream())
                .map(Candidate::type)
                .toList();
    }
}
