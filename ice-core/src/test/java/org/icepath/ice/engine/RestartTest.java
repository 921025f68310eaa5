// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withStun;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.Generation;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PairState;
import org.icepath.ice.PathChange;
import org.icepath.ice.PendingOffer;
import org.icepath.sansio.Base;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.Block;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.PacketEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ICE restarts (RFC 8445 §9, RFC 8839 §4.4.1.1.1): two generations side by side, and media that does not notice. */
class RestartTest {

    private final CallScene scene = new CallScene(21);

    private VirtualCall connected(IceConfig aliceConfig, IceConfig bobConfig) {
        VirtualPhone alice = scene.behind(
                scene.nat("203.0.113.1", NatBehaviour.PORT_RESTRICTED), "alice", "192.168.1.10", aliceConfig);
        VirtualPhone bob =
                scene.behind(scene.nat("203.0.113.2", NatBehaviour.PORT_RESTRICTED), "bob", "10.0.0.5", bobConfig);
        VirtualCall call = scene.call(alice, bob);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5)))
                .as(scene.network()::dump)
                .isTrue();
        return call.offeringByHand();
    }

    private VirtualCall connected() {
        return connected(withStun(audio()), withStun(audio()));
    }

    private static IceDescription offer(VirtualPhone phone, int peer) {
        return phone.perform(now -> phone.engine().signalling().offer(now, peer));
    }

    private static IceDescription answer(VirtualPhone phone, int peer, IceDescription offer) {
        return phone.perform(now -> phone.engine().signalling().answer(now, peer, VirtualCall.travelled(offer)));
    }

    private static void accept(VirtualPhone phone, int peer, IceDescription answer) {
        phone.perform(now -> {
            phone.engine().signalling().update(now, peer, VirtualCall.travelled(answer));
            return true;
        });
    }

    private static void restart(VirtualPhone phone, int peer) {
        phone.perform(now -> {
            phone.engine().signalling().restart(now, peer);
            return true;
        });
    }

    private static void rollBack(VirtualPhone phone, int peer) {
        phone.perform(now -> {
            phone.engine().signalling().rollBack(now, peer);
            return true;
        });
    }

    /** A restart that the caller wants, with the time that signalling takes. */
    private void restartFromCaller(VirtualCall call) {
        restart(call.caller(), call.callerPeer());
        IceDescription offer = offer(call.caller(), call.callerPeer());
        scene.network().after(CallScene.SIGNALLING, () -> {
            IceDescription answer = answer(call.callee(), call.calleePeer(), offer);
            scene.network().after(CallScene.SIGNALLING, () -> accept(call.caller(), call.callerPeer(), answer));
        });
    }

    private static IceCredentials credentials(IceDescription description) {
        return description.sessionCredentials().orElseThrow();
    }

    private static List<PathChange> causes(VirtualPhone phone) {
        return phone.heard(IceEvent.PathChanged.class).stream()
                .map(IceEvent.PathChanged::cause)
                .toList();
    }

    // RFC 8445 §9: media goes on over the previous pair until the new ones are selected
    @ParameterizedTest
    @ValueSource(ints = {20, 1})
    void aRestartMovesBothSidesToTheNewGenerationAndLosesNoPacket(int intervalMillis) {
        VirtualCall call = connected();
        PacketFlow there = call.toCallee(Duration.ofMillis(intervalMillis));
        PacketFlow back = call.toCaller(Duration.ofMillis(intervalMillis));
        scene.network().runFor(Duration.ofMillis(500));

        restartFromCaller(call);
        scene.network().runFor(Duration.ofSeconds(60));
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(causes(call.caller())).as(scene.network()::dump).endsWith(PathChange.RESTART);
        assertThat(causes(call.callee())).endsWith(PathChange.RESTART);
        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
        assertThat(call.caller()
                        .engine()
                        .signalling()
                        .generation(call.callerPeer())
                        .number())
                .isEqualTo(1);
        assertThat(call.callee()
                        .engine()
                        .signalling()
                        .generation(call.calleePeer())
                        .number())
                .isEqualTo(1);
        assertThat(there.sent() + back.sent()).isGreaterThan(2 * 59_000 / intervalMillis);
        assertThat(there.lost() + back.lost()).as("lost").isZero();
        assertThat(there.duplicated() + back.duplicated()).as("duplicated").isZero();
    }

    // RFC 8445 §9: nothing is heard of a restart but the move, while the path before it works
    @Test
    void thePeerStaysCompletedThroughoutARestart() {
        VirtualCall call = connected();
        int before = call.caller().heard(IceEvent.StateChanged.class).size();

        restartFromCaller(call);
        scene.network().runFor(Duration.ofSeconds(60));

        assertThat(call.caller().heard(IceEvent.StateChanged.class)).hasSize(before);
        assertThat(call.caller().heard(IceEvent.StreamSelected.class)).hasSize(2);
        assertThat(call.caller().heard(IceEvent.Failed.class)).isEmpty();
        assertThat(call.caller().heard(IceEvent.RestartFailed.class)).isEmpty();
    }

    // RFC 8839 §4.4.1.1.1: both ufrag and pwd change, on both sides, and all candidates are told again
    @Test
    void offerAndAnswerOfARestartHaveFreshCredentialsAndAllCandidates() {
        VirtualCall call = connected();
        IceCredentials alices = credentials(call.caller().describe());
        IceCredentials bobs = credentials(call.callee().describe());

        restart(call.caller(), call.callerPeer());
        IceDescription offer = offer(call.caller(), call.callerPeer());
        IceDescription answer = answer(call.callee(), call.calleePeer(), offer);

        assertThat(credentials(offer).ufrag()).isNotEqualTo(alices.ufrag());
        assertThat(credentials(offer).password()).isNotEqualTo(alices.password());
        assertThat(credentials(answer).ufrag()).isNotEqualTo(bobs.ufrag());
        assertThat(credentials(answer).password()).isNotEqualTo(bobs.password());
        assertThat(offer.streams().get(0).candidates()).hasSize(2);
        assertThat(answer.streams().get(0).candidates()).hasSize(2);
        assertThat(offer.streams().get(0).remoteCandidates()).isEmpty();
    }

    // RFC 8445 §6.1.1: a restart does not determine the roles anew
    @Test
    void rolesStayWhoeverOffersTheRestart() {
        VirtualCall call = connected();
        restart(call.callee(), call.calleePeer());

        IceDescription offer = offer(call.callee(), call.calleePeer());
        accept(call.callee(), call.calleePeer(), answer(call.caller(), call.callerPeer(), offer));
        scene.network().runFor(Duration.ofSeconds(5));

        assertThat(call.caller().engine().signalling().role(call.callerPeer())).isEqualTo(IceRole.CONTROLLING);
        assertThat(call.callee().engine().signalling().role(call.calleePeer())).isEqualTo(IceRole.CONTROLLED);
        assertThat(call.caller().heard(IceEvent.RoleChanged.class)).isEmpty();
        assertThat(causes(call.callee())).endsWith(PathChange.RESTART);
    }

    // RFC 8445 §7.3: the answerer's checks overtake its answer
    @Test
    void checksOfTheNewGenerationThatComeBeforeTheAnswerAreAnsweredAndUsed() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", audio());
        VirtualCall call = scene.call(alice, bob).offeringByHand();
        call.runUntilCompleted(Duration.ofSeconds(2));
        restart(alice, call.callerPeer());
        IceDescription answer = answer(bob, call.calleePeer(), offer(alice, call.callerPeer()));
        scene.network().runFor(Duration.ofMillis(400));
        long valid = bob.report(-1).pairs().stream()
                .filter(pair -> pair.state() == PairState.SUCCEEDED)
                .count();

        accept(alice, call.callerPeer(), answer);
        scene.network().runFor(Duration.ofMillis(400));

        assertThat(valid).as("of both generations, before the answer").isEqualTo(2);
        assertThat(causes(alice)).as(scene.network()::dump).endsWith(PathChange.RESTART);
    }

    // RFC 7675 §5.1: the replaced generation answers consent checks until the peer must have moved, then it ends
    @Test
    void theReplacedGenerationEndsWhenItIsDrained() {
        VirtualCall call = connected();
        restartFromCaller(call);
        scene.network().runFor(Duration.ofSeconds(5));
        String during = call.caller().report(-1).text();
        List<Integer> before = generations(call.caller());

        scene.network().runFor(Duration.ofSeconds(35));

        assertThat(during).contains("generation 1 is in force");
        assertThat(before).containsExactly(0, 1);
        assertThat(generations(call.caller())).containsExactly(1);
        assertThat(generations(call.callee())).containsExactly(1);
        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
    }

    /** Of which generations there are pairs. */
    private static List<Integer> generations(VirtualPhone phone) {
        return phone.report(-1).pairs().stream()
                .map(IceReport.PairEntry::generation)
                .distinct()
                .sorted()
                .toList();
    }

    // RFC 7675 §5.1: the peer may select later than we do, and renews its consent on the pair before until then
    @Test
    void theReplacedGenerationAnswersUntilItIsDrained() {
        VirtualCall call = connected();
        restartFromCaller(call);
        scene.network().runFor(Duration.ofSeconds(40));
        PacketEvent check = lastRequestTo(call.callee());
        restartFromCaller(call);

        scene.network().runFor(Duration.ofSeconds(25));
        boolean while25 = isAnswered(call.callee(), check);
        scene.network().runFor(Duration.ofSeconds(10));
        boolean after35 = isAnswered(call.callee(), check);

        assertThat(causes(call.callee())).endsWith(PathChange.RESTART, PathChange.RESTART);
        assertThat(while25).as("while it is drained").isTrue();
        assertThat(after35).as("afterwards").isFalse();
    }

    private PacketEvent lastRequestTo(VirtualPhone phone) {
        return scene.network().log().deliveredTo(phone.host().name()).stream()
                .filter(event -> new StunMessage()
                        .wrap(event.packet().payload())
                        .messageClass()
                        .equals(StunClass.REQUEST))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    /** Whether a check that comes once more is answered. */
    private boolean isAnswered(VirtualPhone phone, PacketEvent check) {
        int before = scene.network().log().sentBy(phone.host().name()).size();
        Base base = phone.bases().stream()
                .map(HostBase::base)
                .filter(each -> each.address().equals(check.packet().destination()))
                .findFirst()
                .orElseThrow();
        phone.perform(now -> phone.engine()
                .handle(now, base, check.packet().source(), check.packet().payload()));
        return scene.network().log().sentBy(phone.host().name()).size() > before;
    }

    @Test
    void aPendingRestartStaysUntilItsOfferIsOutAndComesBackWithARollback() {
        VirtualCall call = connected();
        VirtualPhone alice = call.caller();
        PendingOffer restart = new PendingOffer(PendingOffer.Reason.RESTART, false);

        restart(alice, call.callerPeer());
        Optional<PendingOffer> asked = alice.engine().signalling().pendingOffer(call.callerPeer());
        IceDescription refused = offer(alice, call.callerPeer());
        Optional<PendingOffer> out = alice.engine().signalling().pendingOffer(call.callerPeer());
        rollBack(alice, call.callerPeer());

        assertThat(asked).contains(restart);
        assertThat(out).isEmpty();
        // RFC 3261 §14.1: who owns the Call-ID waits 2.1 to 4 s
        assertThat(alice.engine().signalling().pendingOffer(call.callerPeer())).hasValueSatisfying(again -> {
            assertThat(again.reason()).isEqualTo(PendingOffer.Reason.RESTART);
            assertThat(again.notBefore()).isBetween(Duration.ofMillis(2_100), Duration.ofSeconds(4));
        });
        assertThat(credentials(offer(alice, call.callerPeer())).ufrag())
                .as("another generation than the refused one")
                .isNotEqualTo(credentials(refused).ufrag());
    }

    // RFC 3261 §14.1: a refused re-INVITE changes nothing
    @Test
    void afterARollbackIceGoesOnAsIfNeverOffered() {
        VirtualCall call = connected();
        PacketFlow there = call.toCallee(Duration.ofMillis(20));
        IceDescription before =
                call.caller().perform(now -> call.caller().engine().signalling().describe(now, call.callerPeer()));

        restart(call.caller(), call.callerPeer());
        offer(call.caller(), call.callerPeer());
        rollBack(call.caller(), call.callerPeer());
        scene.network().runFor(Duration.ofSeconds(90));
        there.stop();
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
        assertThat(there.lost()).isZero();
        assertThat(call.caller()
                        .engine()
                        .signalling()
                        .generation(call.callerPeer())
                        .number())
                .isZero();
        IceDescription after =
                call.caller().perform(now -> call.caller().engine().signalling().describe(now, call.callerPeer()));
        assertThat(after).isEqualTo(before);
    }

    // RFC 3261 §14.2: whoever has an offer open refuses the other's with 491, and tries again later
    @Test
    void whenOffersCrossBothAreRefusedAndThenOneRestartSucceeds() {
        VirtualCall call = connected();
        restart(call.caller(), call.callerPeer());
        restart(call.callee(), call.calleePeer());
        IceDescription alices = offer(call.caller(), call.callerPeer());
        IceDescription bobs = offer(call.callee(), call.calleePeer());

        assertThatThrownBy(() -> answer(call.callee(), call.calleePeer(), alices))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> answer(call.caller(), call.callerPeer(), bobs))
                .isInstanceOf(IllegalStateException.class);
        rollBack(call.caller(), call.callerPeer());
        rollBack(call.callee(), call.calleePeer());
        restartFromCaller(call);
        scene.network().runFor(Duration.ofSeconds(5));

        assertThat(causes(call.caller())).endsWith(PathChange.RESTART);
        assertThat(causes(call.callee())).endsWith(PathChange.RESTART);
        assertThat(call.caller().engine().signalling().pendingOffer(call.callerPeer()))
                .isEmpty();
        assertThat(call.callee().engine().signalling().pendingOffer(call.calleePeer()))
                .as("the peer's restart was what we wanted")
                .isEmpty();
    }

    // RFC 8838 §11: a late candidate finds its generation by the username fragment
    @Test
    void lateCandidatesFindTheirGeneration() {
        VirtualCall call =
                connected(withStun(audio()).trickle(), withStun(audio()).trickle());
        VirtualPhone alice = call.caller();
        Generation first = alice.engine().signalling().generation(call.callerPeer());
        restartFromCaller(call);
        scene.network().runFor(Duration.ofMillis(101));
        Generation second = alice.engine().signalling().generation(call.callerPeer());
        Candidate late = call.callee().describe().streams().get(0).candidates().get(0);

        List<Integer> pairs = new ArrayList<>();
        for (Generation each : List.of(new Generation(5, "nobody"), second, first)) {
            int port = 40_000 + pairs.size();
            alice.perform(now -> {
                CandidateAddress address = CandidateAddress.of("203.0.113.77", port);
                alice.engine().trickle().addRemote(now, call.callerPeer(), each, 0, late.withAddress(address));
                return true;
            });
            pairs.add((int) alice.report(-1).pairs().stream()
                    .filter(pair -> pair.toString().contains("203.0.113.77"))
                    .count());
        }

        assertThat(second.number()).isEqualTo(1);
        assertThat(second.remoteUfrag()).isNotEqualTo(first.remoteUfrag());
        assertThat(pairs.get(0)).as("a stranger's").isZero();
        assertThat(pairs.get(1)).as("the new one's").isPositive();
        assertThat(pairs.get(2)).as("the old one's").isGreaterThan(pairs.get(1));
        assertThat(alice.heard(IceEvent.Ignored.class))
                .extracting(IceEvent.Ignored::reason)
                .singleElement()
                .asString()
                .contains("203.0.113.77:40000");
    }

    // RFC 8445 §9: when the new generation finds nothing, the one before it stays
    @Test
    void aRestartThatFindsNoPathHarmsNothing() {
        VirtualCall call = connected();
        PacketFlow there = call.toCallee(Duration.ofMillis(20));
        restart(call.caller(), call.callerPeer());
        IceDescription answer = answer(call.callee(), call.calleePeer(), offer(call.caller(), call.callerPeer()));
        IceCredentials wrong = new IceCredentials("wrong", "wrongwrongwrongwrongwrong");
        StreamDescription stream =
                answer.streams().get(0).toBuilder().credentials(wrong).build();
        accept(
                call.caller(),
                call.callerPeer(),
                answer.toBuilder().replaceStream(stream).build());

        scene.network().runFor(Duration.ofSeconds(60));
        there.stop();
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(call.caller().heard(IceEvent.RestartFailed.class)).hasSize(1);
        assertThat(call.caller().heard(IceEvent.Failed.class)).isEmpty();
        assertThat(call.caller().state(call.callerPeer())).isEqualTo(IceState.COMPLETED);
        assertThat(there.lost()).isZero();
    }

    // An UPDATE is open when the paths are lost: its answer must not be taken for the answer to a restart
    @Test
    void anOfferThatIsAskedForAgainBecomesNoRestart() {
        VirtualCall call = connected();
        VirtualPhone alice = call.caller();
        IceDescription first = offer(alice, call.callerPeer());
        restart(alice, call.callerPeer());

        IceDescription again = offer(alice, call.callerPeer());

        assertThat(again.streams().get(0).credentials())
                .isEqualTo(first.streams().get(0).credentials());
        assertThat(alice.engine().signalling().pendingOffer(call.callerPeer()))
                .contains(new PendingOffer(PendingOffer.Reason.RESTART, false));
        accept(alice, call.callerPeer(), answer(call.callee(), call.calleePeer(), first));
        assertThat(offer(alice, call.callerPeer()).streams().get(0).credentials())
                .isNotEqualTo(first.streams().get(0).credentials());
    }

    // RFC 7675 §5.1: consent that has expired comes back by a restart alone, so that there is nothing to wait for
    @Test
    void aRestartIsWishedAsSoonAsConsentIsGoneAndRequiredWhenPatienceEnds() {
        VirtualCall call = connected();
        scene.network().internet().block(packet -> true);
        VirtualPhone alice = call.caller();
        VirtualPhone bob = call.callee();
        assertThat(scene.network()
                        .runUntil(
                                () -> alice.state(call.callerPeer()) == IceState.DISCONNECTED
                                        && bob.state(call.calleePeer()) == IceState.DISCONNECTED,
                                Duration.ofSeconds(90)))
                .as("consent lasts 30 s")
                .isTrue();

        assertThat(alice.engine().signalling().pendingOffer(call.callerPeer()))
                .contains(new PendingOffer(PendingOffer.Reason.FAILED_STREAM, false));
        assertThat(bob.engine().signalling().pendingOffer(call.calleePeer()))
                .as("the other side controls")
                .contains(new PendingOffer(PendingOffer.Reason.FAILED_STREAM, false, Duration.ofSeconds(4)));

        scene.network().runFor(Duration.ofSeconds(40));
        assertThat(bob.state(call.calleePeer())).isEqualTo(IceState.FAILED);
        assertThat(bob.engine().signalling().pendingOffer(call.calleePeer()))
                .contains(new PendingOffer(PendingOffer.Reason.FAILED_STREAM, true));
        assertThat(bob.heard(IceEvent.OfferPending.class))
                .extracting(told -> told.offer().required())
                .containsExactly(false, true);
    }

    @Test
    void aRestartAtTheFirstWishBringsMediaBackLongBeforePatienceEnds() {
        VirtualCall call = connected();
        VirtualPhone alice = call.caller();
        Block cut = scene.network().internet().block(packet -> true);
        scene.network().runUntil(() -> alice.state(call.callerPeer()) == IceState.DISCONNECTED, Duration.ofSeconds(90));
        cut.lift();

        IceDescription offer = offer(alice, call.callerPeer());
        accept(alice, call.callerPeer(), answer(call.callee(), call.calleePeer(), offer));
        scene.network().runFor(Duration.ofSeconds(8));

        assertThat(alice.state(call.callerPeer())).isEqualTo(IceState.COMPLETED);
        assertThat(alice.engine().signalling().pendingOffer(call.callerPeer())).isEmpty();
        assertThat(call.callee().engine().signalling().pendingOffer(call.calleePeer()))
                .isEmpty();
        assertThat(alice.heard(IceEvent.Failed.class)).isEmpty();
    }

    // RFC 7675 §5.1, RFC 8445 §9: after all consent is lost, a restart is what helps
    @Test
    void whenEveryPathIsLostARestartIsDueAndBringsMediaBack() {
        VirtualCall call = connected(withTurn(withStun(audio())).patience(Duration.ofSeconds(5)), withTurn(audio()));
        VirtualPhone alice = call.caller();
        Block cut = scene.network().internet().block(packet -> true);
        scene.network().runFor(Duration.ofSeconds(120));
        assertThat(alice.state(call.callerPeer())).isEqualTo(IceState.FAILED);
        assertThat(alice.engine().signalling().pendingOffer(call.callerPeer()))
                .contains(new PendingOffer(PendingOffer.Reason.FAILED_STREAM, true));

        cut.lift();
        IceDescription offer = offer(alice, call.callerPeer());
        accept(alice, call.callerPeer(), answer(call.callee(), call.calleePeer(), offer));
        scene.network().runFor(Duration.ofSeconds(10));

        assertThat(call.isAt(IceState.COMPLETED)).as(scene.network()::dump).isTrue();
        PacketFlow there = call.toCallee(Duration.ofMillis(20));
        scene.network().runFor(Duration.ofSeconds(1));
        there.stop();
        scene.network().runFor(Duration.ofSeconds(1));
        assertThat(there.sent()).isPositive();
        assertThat(there.lost()).isZero();
    }

    // RFC 8839 §4.4.1.1.1: a restart may concern one stream alone
    @Test
    void oneStreamRestartsWhileTheOtherStays() {
        IceConfig config = IceConfig.create().stream("audio", 1).stream("video", 1);
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", config);
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", config);
        VirtualCall call = scene.call(alice, bob);
        call.runUntilCompleted(Duration.ofSeconds(2));
        IceDescription again = offer(alice, call.callerPeer());
        IceCredentials fresh = new IceCredentials("fresh", "freshfreshfreshfreshfresh");
        StreamDescription video =
                again.streams().get(1).toBuilder().credentials(fresh).build();

        IceDescription answer = answer(
                bob, call.calleePeer(), again.toBuilder().replaceStream(video).build());

        IceDescription told = VirtualCall.travelled(answer);
        IceCredentials bobs = bob.engine().credentials();
        assertThat(told.streams().get(0).credentials()).contains(bobs);
        assertThat(told.streams().get(1).credentials()).isPresent().isNotEqualTo(Optional.of(bobs));
        assertThat(bob.state(call.calleePeer())).isEqualTo(IceState.COMPLETED);
    }

    // RFC 8839 §4.4.1.1.1: a B2BUA moves audio to another phone and leaves video where it is; RFC 7675 §5.2: who has
    // lost audio answers no more
    @Test
    void aStreamThatMovesToAnotherPhoneIsNotMissedWhereItWas() {
        IceConfig both = audio().stream("video", 1);
        Dialogs dialogs = Dialogs.connected(scene, both, both);
        VirtualPhone alice = dialogs.alice();
        VirtualPhone bob = dialogs.bob();
        VirtualPhone carol = scene.publicly("carol", "198.51.100.12", audio()).gather();
        scene.network().runFor(Duration.ofSeconds(1));
        IceDescription bobs = offer(bob, dialogs.toAlice());
        rollBack(bob, dialogs.toAlice());

        IceDescription answer = alice.answer(
                dialogs.toBob(),
                VirtualCall.travelled(bobs).toBuilder()
                        .replaceStream(VirtualCall.travelled(carol.describe())
                                .streams()
                                .get(0))
                        .build());
        carol.accept(VirtualCall.travelled(Dialogs.removing(answer, 1)), IceRole.CONTROLLING);
        answer(bob, dialogs.toAlice(), Dialogs.removing(answer, 0));
        scene.network().runFor(Duration.ofMinutes(2));

        assertThat(causes(alice)).endsWith(PathChange.RESTART);
        assertThat(alice.heard(IceEvent.StateChanged.class))
                .extracting(IceEvent.StateChanged::to)
                .containsExactly(IceState.CHECKING, IceState.CONNECTED, IceState.COMPLETED);
        assertThat(alice.heard(IceEvent.Failed.class)).isEmpty();
        assertThat(alice.engine().signalling().pendingOffer(dialogs.toBob())).isEmpty();
        assertThat(alice.report(-1).pairs())
                .extracting(pair -> pair.stream() + pair.generation())
                .containsExactly("audio1", "video0");
        assertThat(bob.report(-1).pairs()).hasSize(1);
    }

    @Test
    void theReportTellsTheGenerationsApart() {
        VirtualCall call = connected();
        restartFromCaller(call);
        scene.network().runFor(Duration.ofSeconds(1));

        IceReport report = call.caller().report(-1);

        assertThat(report.pairs()).extracting(IceReport.PairEntry::generation).contains(0, 1);
        assertThat(report.text()).contains(" in generation 1: SUCCEEDED");
    }

    // A check under a third name, after an ICE restart: ours is the latest
    @Test
    void aStrangerIsToldByOurLatestName() {
        VirtualCall call = connected();
        VirtualPhone alice = call.caller();
        restart(alice, call.callerPeer());
        IceDescription offer = offer(alice, call.callerPeer());
        accept(alice, call.callerPeer(), answer(call.callee(), call.calleePeer(), offer));
        ByteBuffer check = new StunWriter()
                .wrap(ByteBuffer.allocate(200))
                .request(StunMethod.BINDING, TransactionId.next(new SplittableRandom(1)))
                .put(Attributes.USERNAME, "third:theirs")
                .finish();

        alice.perform(now -> alice.engine()
                .handle(now, alice.bases().get(0).base(), new InetSocketAddress("192.0.2.7", 5_000), check));

        String ours = offer.streams().get(0).credentials().orElseThrow().ufrag();
        assertThat(ours).isNotEqualTo(alice.engine().credentials().ufrag());
        assertThat(alice.report(-1).findings())
                .anyMatch(finding -> finding.contains("the name \"third\" where ours is \"" + ours + "\""));
    }

    // RFC 8445 §9: a relay serves both generations
    @Test
    void aRestartOverRelaysKeepsTheAllocations() {
        VirtualCall call =
                connected(withTurn(audio()).relayOnly(), withTurn(audio()).relayOnly());
        PacketFlow there = call.toCallee(Duration.ofMillis(20));
        restartFromCaller(call);
        scene.network().runFor(Duration.ofSeconds(5));
        there.stop();
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(scene.edge().allocationCount()).isEqualTo(2);
        IceEvent.PathChanged last =
                call.caller().heard(IceEvent.PathChanged.class).get(1);
        assertThat(last.cause()).isEqualTo(PathChange.RESTART);
        assertThat(last.to().local().type()).isEqualTo(CandidateType.RELAYED);
        assertThat(there.lost()).isZero();
    }
}
