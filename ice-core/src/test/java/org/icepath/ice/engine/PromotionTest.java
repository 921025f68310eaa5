// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withStun;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.PathChange;
import org.icepath.ice.PendingOffer;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.Block;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.NatBehaviour;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/**
 * After the nomination a better path opens. Over the relay a packet takes 100 ms, directly 5 ms; a thousand go each way in a second, and
 * what counts is what arrives: each of them, once.
 */
class PromotionTest {

    private static final Duration EVERY_MS = Duration.ofMillis(1);

    private CallScene scene = new CallScene(1);
    private Block shut = scene.network().internet().block(packet -> false);

    /** A call by relay between two homes: the way between them is shut until long after the nomination. */
    private VirtualCall relayed(long seed, UnaryOperator<IceConfig> more) {
        return relayed(seed, more, more);
    }

    private VirtualCall relayed(long seed, UnaryOperator<IceConfig> alices, UnaryOperator<IceConfig> bobs) {
        scene = new CallScene(seed).serverAt(Duration.ofMillis(45));
        shut = scene.network().internet().block(Block.between("203.0.113.1", "203.0.113.2"));
        VirtualPhone alice = scene.behind(
                scene.nat("203.0.113.1", NatBehaviour.PORT_RESTRICTED),
                "alice",
                "192.168.1.10",
                alices.apply(withTurn(withStun(audio()))));
        VirtualPhone bob = scene.behind(
                scene.nat("203.0.113.2", NatBehaviour.PORT_RESTRICTED),
                "bob",
                "10.0.0.5",
                bobs.apply(withStun(audio())));
        alice.host().link(LinkConditions.ofMillis(3));
        bob.host().link(LinkConditions.ofMillis(2));
        VirtualCall call = scene.call(alice, bob);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(10)))
                .as(scene.network()::dump)
                .isTrue();
        scene.network().runFor(Duration.ofSeconds(1));
        assertThat(isRelayed(last(alice)) && isRelayed(last(bob))).isTrue();
        return call;
    }

    private static CandidatePair last(VirtualPhone phone) {
        List<IceEvent.PathChanged> changes = phone.heard(IceEvent.PathChanged.class);
        return changes.get(changes.size() - 1).to();
    }

    private static boolean isRelayed(CandidatePair pair) {
        return pair.local().type() == CandidateType.RELAYED || pair.remote().type() == CandidateType.RELAYED;
    }

    private static List<PathChange> causes(VirtualPhone phone) {
        return phone.heard(IceEvent.PathChanged.class).stream()
                .map(IceEvent.PathChanged::cause)
                .toList();
    }

    /** Opens the way while packets flow, and waits until both have moved. */
    private void promote(VirtualCall call) {
        PacketFlow there = call.toCallee(EVERY_MS);
        PacketFlow back = call.toCaller(EVERY_MS);
        scene.network().runFor(Duration.ofMillis(300));

        shut.lift();
        boolean moved = scene.network()
                .runUntil(
                        () -> !isRelayed(last(call.caller())) && !isRelayed(last(call.callee())),
                        Duration.ofSeconds(40));
        scene.network().runFor(Duration.ofMillis(500));
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofMillis(500));

        assertThat(moved).as(() -> call.caller().report(-1).text()).isTrue();
        assertThat(there.sent() + back.sent()).isGreaterThan(2 * 800);
        assertThat(there.refused() + back.refused()).as("without a path").isZero();
        assertThat(there.lost() + back.lost()).as("lost").isZero();
        assertThat(there.duplicated() + back.duplicated()).as("duplicated").isZero();
    }

    // draft-thatcher-ice-renomination: no further offer, and the peers agree on the direct path
    @RepeatedTest(50)
    void renominationMovesMediaFromTheRelayAndLosesAndDoublesNothing(RepetitionInfo repetition) {
        VirtualCall call = relayed(repetition.getCurrentRepetition(), IceConfig::renomination);

        promote(call);

        assertThat(causes(call.caller())).endsWith(PathChange.PROMOTED);
        assertThat(causes(call.callee())).endsWith(PathChange.PROMOTED);
        assertThat(call.caller().heard(IceEvent.OfferPending.class)).isEmpty();
        assertThat(call.caller().heard(IceEvent.StreamSelected.class)).hasSize(1);
    }

    // RFC 8445 §8.1.1 and §9: a restart in a new offer; the old generation carries media until the new one is selected
    @RepeatedTest(50)
    void withoutRenominationARestartMovesMediaAndLosesAndDoublesNothing(RepetitionInfo repetition) {
        VirtualCall call = relayed(repetition.getCurrentRepetition(), config -> config);

        promote(call);

        assertThat(causes(call.caller())).endsWith(PathChange.RESTART);
        assertThat(causes(call.callee())).endsWith(PathChange.RESTART);
        assertThat(call.caller().heard(IceEvent.OfferPending.class))
                .extracting(IceEvent.OfferPending::offer)
                .contains(new PendingOffer(PendingOffer.Reason.PROMOTION, false));
    }

    @Test
    void onlyOneSideOffersRenominationSoThatThereIsARestart() {
        VirtualCall call = relayed(3, IceConfig::renomination, config -> config);

        promote(call);

        assertThat(causes(call.caller())).endsWith(PathChange.RESTART);
    }

    // The peer answered with credentials that nobody has, or its answer was for another: the better path is still there
    @Test
    void aRestartThatFoundNoPathIsWishedOnceMore() {
        VirtualCall call = relayed(5, config -> config).offeringByHand();
        VirtualPhone alice = call.caller();
        shut.lift();
        assertThat(scene.network().runUntil(() -> wishes(call), Duration.ofSeconds(60)))
                .isTrue();
        alice.perform(now -> alice.engine().signalling().offer(now, call.callerPeer()));
        IceDescription theirs = call.callee().describe();
        StreamDescription wrong = theirs.streams().get(0).toBuilder()
                .credentials(new IceCredentials("wrong", "wrongwrongwrongwrongwrong"))
                .build();
        alice.perform(now -> {
            alice.engine()
                    .signalling()
                    .update(
                            now,
                            call.callerPeer(),
                            theirs.toBuilder().replaceStream(wrong).build());
            return true;
        });

        assertThat(scene.network()
                        .runUntil(
                                () -> !alice.heard(IceEvent.RestartFailed.class).isEmpty(), Duration.ofMinutes(2)))
                .isTrue();
        assertThat(scene.network().runUntil(() -> wishes(call), Duration.ofMinutes(3)))
                .as(() -> alice.report(-1).text())
                .isTrue();
    }

    private static boolean wishes(VirtualCall call) {
        return call.caller()
                .engine()
                .signalling()
                .pendingOffer(call.callerPeer())
                .filter(offer -> offer.reason() == PendingOffer.Reason.PROMOTION)
                .isPresent();
    }

    // The state stays until the offer is out, and is gone when there is nothing to be promoted to any more
    @Test
    void aWishedPromotionIsWithdrawnWhenTheBetterPathIsLost() {
        VirtualCall call = relayed(4, config -> config).offeringByHand();
        shut.lift();
        scene.network()
                .runUntil(
                        () -> call.caller()
                                .engine()
                                .signalling()
                                .pendingOffer(call.callerPeer())
                                .isPresent(),
                        Duration.ofSeconds(60));
        Optional<PendingOffer> wished = call.caller().engine().signalling().pendingOffer(call.callerPeer());

        shut.enforce();
        scene.network().runFor(Duration.ofMinutes(2));

        assertThat(wished).contains(new PendingOffer(PendingOffer.Reason.PROMOTION, false));
        assertThat(call.caller().engine().signalling().pendingOffer(call.callerPeer()))
                .isEmpty();
        assertThat(isRelayed(last(call.caller()))).isTrue();
        assertThat(call.callee().engine().signalling().pendingOffer(call.calleePeer()))
                .as("the controlled side follows")
                .isEmpty();
    }

    // A path that comes and goes shall not cause one re-INVITE after the other
    @Test
    void wishesForAPromotionComeEverLessOften() {
        VirtualCall call = relayed(5, config -> config).offeringByHand();

        for (int i = 0; i < 20; i++) {
            shut.lift();
            scene.network().runFor(Duration.ofSeconds(40));
            shut.enforce();
            scene.network().runFor(Duration.ofSeconds(60));
        }

        assertThat(call.caller().heard(IceEvent.OfferPending.class)).hasSizeBetween(1, 7);
    }
}
