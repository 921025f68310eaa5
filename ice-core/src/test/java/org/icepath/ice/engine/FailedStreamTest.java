// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.InterfaceKind;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PendingOffer;
import org.icepath.ice.StreamConfig;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.Block;
import org.junit.jupiter.api.Test;

/** One stream fails and another works (RFC 8445 §8.1.2): whoever reads the report or the pending offer must learn of it. */
class FailedStreamTest {

    private static final Duration PATIENCE = Duration.ofSeconds(12);
    private static final Duration PAST_PATIENCE = Duration.ofSeconds(14);
    private static final int VIDEO = 1;
    private static final PendingOffer RESTART = new PendingOffer(PendingOffer.Reason.FAILED_STREAM, true);

    private final CallScene scene = new CallScene(71);
    private Block cut = scene.network().internet().block(packet -> false);

    private static IceConfig both() {
        return IceConfig.create().stream("audio", 1).stream("video", 1).patience(PATIENCE);
    }

    private VirtualPhone alice(IceConfig config) {
        return scene.publicly("alice", "198.51.100.10", config);
    }

    private VirtualPhone bob(IceConfig config) {
        return scene.publicly("bob", "198.51.100.11", config);
    }

    private Block withoutVideo(VirtualPhone of) {
        List<InetSocketAddress> video = of.bases().stream()
                .filter(base -> base.stream() == VIDEO)
                .map(base -> base.base().address())
                .toList();
        return scene.network()
                .internet()
                .block(packet -> video.contains(packet.destination()) || video.contains(packet.source()));
    }

    private VirtualCall failing() {
        VirtualPhone alice = alice(both());
        VirtualPhone bob = bob(both());
        withoutVideo(bob);
        VirtualCall call = scene.call(alice, bob).offeringByHand();
        scene.network().runFor(PAST_PATIENCE);
        return call;
    }

    private static Optional<PendingOffer> pending(VirtualPhone phone, int peer) {
        return phone.engine().signalling().pendingOffer(peer);
    }

    @Test
    void aStreamThatNeverWorkedIsToldOfBesideTheOneThatDoes() {
        VirtualCall call = failing();
        VirtualPhone alice = call.caller();

        assertThat(alice.state(call.callerPeer())).isEqualTo(IceState.COMPLETED);
        assertThat(alice.heard(IceEvent.Failed.class))
                .extracting(each -> each.failure().stream())
                .containsExactly("video");
        assertThat(pending(alice, call.callerPeer())).contains(RESTART);
        assertThat(alice.report(-1).verdict())
                .startsWith("Connected: audio/1 directly (")
                .contains(
                        " No path for video: 1 pair was formed, 0 answered, 1 failed. Nothing of the peer's reached us");
    }

    @Test
    void aStreamThatFailsLaterIsToldOfUntilARestartMendsIt() {
        VirtualCall call = scene.call(alice(both()), bob(both())).offeringByHand();
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        VirtualPhone alice = call.caller();
        Block cut = withoutVideo(call.callee());
        scene.network().runFor(Duration.ofSeconds(60));

        assertThat(alice.state(call.callerPeer())).isEqualTo(IceState.COMPLETED);
        assertThat(alice.heard(IceEvent.Failed.class))
                .extracting(each -> each.failure().kind())
                .containsExactly(IceFailure.Kind.CONSENT_LOST);
        assertThat(pending(alice, call.callerPeer())).contains(RESTART);
        assertThat(alice.report(-1).verdict())
                .startsWith("Connected: audio/1 directly (")
                .contains(" No path for video: ")
                .contains("It had worked: the peer answered last");

        cut.lift();
        exchange(call);
        scene.network().runFor(Duration.ofSeconds(5));

        assertThat(pending(alice, call.callerPeer())).isEmpty();
        assertThat(alice.report(-1).verdict())
                .startsWith("Connected: audio/1 directly (")
                .contains("video/1 directly (")
                .doesNotContain("No path");
    }

    private IceDescription exchange(VirtualCall call) {
        return exchange(call.caller(), call.callerPeer(), call.callee(), call.calleePeer());
    }

    private static IceDescription exchange(VirtualPhone from, int fromPeer, VirtualPhone to, int toPeer) {
        IceDescription offer = from.perform(now -> from.engine().signalling().offer(now, fromPeer));
        IceDescription answer =
                to.perform(now -> to.engine().signalling().answer(now, toPeer, VirtualCall.travelled(offer)));
        from.update(fromPeer, VirtualCall.travelled(answer));
        return offer;
    }

    // RFC 8445 §8.1.2: the failed stream may be removed instead, which is no reason to restart the others
    @Test
    void toRemoveTheStreamIsAnotherWayToSettleIt() {
        VirtualCall call = failing();
        VirtualPhone alice = call.caller();

        alice.removeStream("video");
        scene.network().runFor(Duration.ofMillis(1));

        assertThat(pending(alice, call.callerPeer())).isEmpty();
        IceDescription offer = exchange(call);
        scene.network().runFor(Duration.ofSeconds(1));
        assertThat(offer.streams().get(0).credentials()).contains(alice.engine().credentials());
        assertThat(alice.state(call.callerPeer())).isEqualTo(IceState.COMPLETED);
        assertThat(alice.report(-1).verdict()).doesNotContain("video");
        // the other side learns of it by that offer
        assertThat(pending(call.callee(), call.calleePeer())).isEmpty();
    }

    /** A call with audio, to which video has been added that does not get through. */
    private VirtualCall withVideoAdded() {
        IceConfig audio = IceConfig.create().stream("audio", 1).patience(PATIENCE);
        VirtualCall call = scene.call(alice(audio), bob(audio)).offeringByHand();
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        StreamConfig video = new StreamConfig("video", List.of(1), 0, 0, 0, false);
        call.caller().addStream(video);
        call.callee().addStream(video);
        withoutVideo(call.callee());
        exchange(call);
        return call;
    }

    // an added stream has an agent of its own, whose failure is no more the others' than that of a stream which was
    // there from the start
    @Test
    void aStreamThatIsAddedAndNeverWorksIsToldOfBesideTheOneThatDoes() {
        VirtualCall call = withVideoAdded();
        VirtualPhone alice = call.caller();
        scene.network().runFor(PAST_PATIENCE);

        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
        assertThat(pending(alice, call.callerPeer())).contains(RESTART);
        assertThat(alice.report(-1).verdict())
                .startsWith("Connected: audio/1 directly (")
                .contains(" No path for video: 1 pair was formed, 0 answered, 1 failed.");

        alice.removeStream("video");
        scene.network().runFor(Duration.ofMillis(1));
        IceDescription offer = exchange(call);
        scene.network().runFor(Duration.ofSeconds(1));
        assertThat(offer.streams().get(0).credentials()).contains(alice.engine().credentials());
        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
        assertThat(pending(alice, call.callerPeer())).isEmpty();
    }

    // nobody waits for a stream that is gone
    @Test
    void anAddedStreamThatIsRemovedWhileItIsCheckedSaysNothingOfTheOthers() {
        VirtualCall call = withVideoAdded();
        scene.network().runFor(Duration.ofSeconds(1));
        assertThat(call.isAt(IceState.CHECKING)).as("control").isTrue();

        call.caller().removeStream("video");
        exchange(call);
        scene.network().runFor(Duration.ofMillis(1));

        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
    }

    // RFC 3264 §8: one description refuses the stream that is lost and brings another, which nothing is known of yet
    @Test
    void aStreamThatIsLostMayBeReplacedByAnother() {
        VirtualCall call = scene.call(alice(both()), bob(both())).offeringByHand();
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        withoutVideo(call.callee());
        scene.network().runFor(Duration.ofSeconds(35));
        assertThat(call.isAt(IceState.DISCONNECTED)).as("control").isTrue();

        call.caller().removeStream("video");
        StreamConfig slides = new StreamConfig("slides", List.of(1), 0, 0, 0, false);
        call.caller().addStream(slides);
        call.callee().addStream(slides);
        exchange(call);
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
        assertThat(call.caller().report(-1).verdict()).contains("slides/1 directly (");
    }

    // RFC 8839 §4.4.1.2.2: what audio has selected is told, though video will select nothing
    @Test
    void theUpdatedOfferOfTheOthersDoesNotWaitForAStreamThatHasFailed() {
        VirtualPhone alice = alice(withTurn(both()));
        VirtualPhone bob = bob(withTurn(both()));
        alice.gather();
        bob.gather();
        scene.network().runFor(Duration.ofSeconds(1));
        bob.accept(VirtualCall.travelled(alice.describe()), IceRole.CONTROLLED);
        IceDescription.Builder withoutIce2 = IceDescription.builder();
        VirtualCall.travelled(bob.describe()).streams().forEach(withoutIce2::stream);
        withoutAnyVideo(alice, bob);
        int peer = alice.accept(withoutIce2.build(), IceRole.CONTROLLING);
        scene.network().runFor(Duration.ofSeconds(4));
        assertThat(pending(alice, peer)).as("video may still come").isEmpty();
        scene.network().runFor(PAST_PATIENCE);
        assertThat(pending(alice, peer)).contains(RESTART);

        alice.removeStream("video");
        scene.network().runFor(Duration.ofMillis(1));

        assertThat(pending(alice, peer))
                .contains(new PendingOffer(PendingOffer.Reason.SELECTED_DIFFERS_FROM_DEFAULT, true));
    }

    private void withoutAnyVideo(VirtualPhone alice, VirtualPhone bob) {
        withoutVideo(alice);
        withoutVideo(bob);
        List<InetSocketAddress> relays = Stream.of(alice, bob)
                .flatMap(phone -> phone.heard(IceEvent.CandidateGathered.class).stream())
                .filter(each -> each.stream().equals("video"))
                .flatMap(each -> each.candidate().address().socketAddress().stream())
                .toList();
        scene.network()
                .internet()
                .block(packet -> relays.contains(packet.destination()) || relays.contains(packet.source()));
    }

    // RFC 3261 sets no limit to re-INVITEs: whoever makes each offer when it is due must not make one after the other
    // for ever
    @Test
    void offersThatBringNothingComeLessAndLessOften() {
        VirtualCall call = cutOff();

        List<Long> offers = offersUntil(call, Duration.ofMinutes(60));

        List<Long> pauses = IntStream.range(1, offers.size())
                .mapToObj(i -> offers.get(i) - offers.get(i - 1))
                .toList();
        assertThat(pauses.subList(0, 5)).containsExactly(30L, 60L, 120L, 240L, 480L);
        assertThat(pauses.subList(5, pauses.size())).isNotEmpty().allMatch(pause -> pause >= 480);
    }

    private VirtualCall cutOff() {
        VirtualCall call = scene.call(alice(both()), bob(both())).offeringByHand();
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        cut = scene.network().internet().block(packet -> true);
        return call;
    }

    /** The seconds at which either side makes its offers, each as soon as it may. */
    private List<Long> offersUntil(VirtualCall call, Duration end) {
        List<Long> offers = new ArrayList<>();
        Offering alice = new Offering(call.caller(), call.callerPeer());
        Offering bob = new Offering(call.callee(), call.calleePeer());
        for (long second = 0; second < end.toSeconds(); second++) {
            scene.network().runFor(Duration.ofSeconds(1));
            if (alice.isDue(second)) {
                offers.add(second);
                exchange(alice.phone, alice.peer, bob.phone, bob.peer);
            } else if (bob.isDue(second)) {
                offers.add(second);
                exchange(bob.phone, bob.peer, alice.phone, alice.peer);
            }
        }
        return offers;
    }

    /** When one side may make the offer that it owes. */
    private static final class Offering {
        private final VirtualPhone phone;
        private final int peer;
        private int heard;
        private long at;

        Offering(VirtualPhone phone, int peer) {
            this.phone = phone;
            this.peer = peer;
        }

        boolean isDue(long second) {
            List<IceEvent.OfferPending> told = phone.heard(IceEvent.OfferPending.class);
            if (told.size() > heard) {
                heard = told.size();
                at = second + told.get(heard - 1).offer().notBefore().toSeconds();
            }
            return second >= at && pending(phone, peer).isPresent();
        }
    }

    // A rest is for a peer that is gone: with another network there is something new to try
    @Test
    void anInterfaceThatComesEndsTheRest() {
        VirtualCall call = cutOff();
        offersUntil(call, Duration.ofMinutes(6));
        Duration rest = pending(call.caller(), call.callerPeer()).orElseThrow().notBefore();
        assertThat(rest).isGreaterThan(Duration.ofMinutes(1));
        assertThat(pending(call.callee(), call.calleePeer()).orElseThrow().notBefore())
                .as("the controlled side lets the other one begin")
                .isGreaterThan(rest.plusSeconds(3));

        call.caller().attach(scene.network().internet(), "198.51.100.20", InterfaceKind.WIRED);
        scene.network().runFor(Duration.ofMillis(10));

        assertThat(pending(call.caller(), call.callerPeer())).contains(RESTART);
        cut.lift();
        exchange(call);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        scene.network().runFor(Duration.ofSeconds(1));
        assertThat(pending(call.caller(), call.callerPeer())).isEmpty();
    }
}
