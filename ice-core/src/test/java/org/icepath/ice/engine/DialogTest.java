// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PathChange;
import org.icepath.ice.StreamConfig;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.VirtualSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Further offers and answers while a call stands (RFC 3264 §8, RFC 8839 §4.4). */
class DialogTest {

    private static final ByteBuffer PACKET = ByteBuffer.wrap(new byte[] {(byte) 0x80, 0, 0, 1});

    private final CallScene scene = new CallScene(31);

    private Dialogs connected() {
        return Dialogs.connected(scene, audio(), audio());
    }

    // RFC 3261 §13.2.1: an INVITE without an offer is answered by one in the 200; the ACK has the answer
    @Test
    void whoOffersInThe200ControlsAndTheAckHasTheAnswer() {
        VirtualPhone caller = scene.publicly("caller", "198.51.100.10", audio());
        VirtualPhone callee = scene.publicly("callee", "198.51.100.11", audio());
        callee.gather();
        IceDescription in200 = callee.describe();
        caller.gather();
        int toCallee = caller.accept(VirtualCall.travelled(in200), IceRole.CONTROLLED);
        IceDescription inAck =
                caller.perform(now -> caller.engine().signalling().describe(now, toCallee));
        int toCaller = callee.accept(VirtualCall.travelled(inAck), IceRole.CONTROLLING);
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(callee.state(toCaller)).isEqualTo(IceState.COMPLETED);
        assertThat(caller.state(toCallee)).isEqualTo(IceState.COMPLETED);
        assertThat(callee.engine().signalling().role(toCaller)).isEqualTo(IceRole.CONTROLLING);
    }

    // music on hold from a server without ICE, while the video stays where it is; RFC 8839 §4.2.5.2
    @Test
    void aStreamGoesOnWithoutIceWhileAnotherKeepsItAndComesBack() {
        IceConfig both = IceConfig.create().stream("audio", 1).stream("video", 1);
        Dialogs dialogs = Dialogs.connected(scene, both, both);
        VirtualSocket music =
                scene.network().internet().host("music", "198.51.100.20").socket(5_004);

        dialogs.bobAnswers(Dialogs.withoutIce(dialogs.aliceOffers(), 0, CandidateAddress.of(music.address())));
        dialogs.run(Duration.ofSeconds(10));
        assertThat(dialogs.bob().send(dialogs.toAlice(), 0, 1, PACKET)).isTrue();
        assertThat(dialogs.bob().send(dialogs.toAlice(), 1, 1, PACKET)).isTrue();
        dialogs.run(Duration.ofSeconds(1));
        assertThat(music.received()).hasSize(1);
        assertThat(dialogs.alice().received())
                .extracting(VirtualPhone.Received::stream)
                .containsExactly(1);

        dialogs.alice().perform(now -> {
            dialogs.alice().engine().signalling().rollBack(now, dialogs.toBob());
            return true;
        });
        dialogs.exchange(UnaryOperator.identity());
        dialogs.run(Duration.ofSeconds(10));
        assertThat(dialogs.bob().send(dialogs.toAlice(), 0, 1, PACKET)).isTrue();
        dialogs.run(Duration.ofSeconds(1));
        assertThat(dialogs.alice().received())
                .extracting(VirtualPhone.Received::stream)
                .containsExactly(1, 0);
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
    }

    // RFC 8839 §4.4.1.1.1: with the credentials as they are, nothing restarts; consent keeps the path
    @Test
    void holdAndResumeLeaveThePathAlone() {
        Dialogs dialogs = connected();

        dialogs.exchange(UnaryOperator.identity());
        dialogs.run(Duration.ofMinutes(5));
        dialogs.exchange(UnaryOperator.identity());
        PacketFlow flow = dialogs.call().toCallee(Duration.ofMillis(20));
        dialogs.run(Duration.ofSeconds(1));
        flow.stop();
        dialogs.run(Duration.ofSeconds(1));

        assertThat(flow.lost()).isZero();
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
        assertThat(dialogs.bob().heard(IceEvent.PathChanged.class)).hasSize(1);
        assertThat(dialogs.bob()
                        .engine()
                        .signalling()
                        .generation(dialogs.toAlice())
                        .number())
                .isZero();
    }

    // RFC 3264 §8.4: telephones of old say c=0.0.0.0; with the same credentials that is no restart and no mismatch
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void aHoldOfOldIsNoRestartAndNoMismatch(String nowhere) {
        Dialogs dialogs = connected();

        IceDescription answer = dialogs.exchange(offer -> Dialogs.at(offer, 0, CandidateAddress.of(nowhere, 49_170)));
        dialogs.run(Duration.ofMinutes(2));

        assertThat(answer.streams().get(0).iceMismatch()).isFalse();
        assertThat(answer.streams().get(0).hasIce()).isTrue();
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
        assertThat(dialogs.bob()
                        .engine()
                        .signalling()
                        .generation(dialogs.toAlice())
                        .number())
                .isZero();
        assertThat(dialogs.bob().send(dialogs.toAlice(), 0, 1, PACKET)).isTrue();
    }

    // RFC 5761 §5.1.1: a further exchange that multiplexes frees component 2 on both sides
    @Test
    void rtcpThatIsMultiplexedLateFreesItsComponent() {
        IceConfig two = IceConfig.create().stream("audio", 1, 2).rtcpMux("audio");
        Dialogs dialogs = Dialogs.connected(scene, two, two);
        assertThat(dialogs.alice().node().events(EngineEvent.BaseUnused.class))
                .as("control: multiplexed from the start, it is freed")
                .hasSize(1);

        CallScene late = new CallScene(32);
        Dialogs apart = Dialogs.connected(late, two, IceConfig.create().stream("audio", 1, 2));
        assertThat(apart.alice().node().events(EngineEvent.BaseUnused.class)).isEmpty();
        apart.aliceOffers();
        apart.aliceAccepts(muxed(apart.bob(), apart.toAlice()));
        apart.run(Duration.ofSeconds(1));

        assertThat(apart.alice().node().events(EngineEvent.BaseUnused.class)).hasSize(1);
        assertThat(apart.alice().send(apart.toBob(), 0, 2, PACKET))
                .as("RTCP goes with RTP")
                .isTrue();
    }

    private static IceDescription muxed(VirtualPhone phone, int peer) {
        IceDescription said = phone.perform(now -> phone.engine().signalling().describe(now, peer));
        return said.toBuilder()
                .replaceStream(said.streams().get(0).toBuilder().rtcpMux(true).build())
                .build();
    }

    // RFC 3264 §8.2: port 0 removes a stream; the others go on
    @Test
    void aStreamThatIsRemovedLosesItsPathAndTheOthersGoOn() {
        IceConfig both = audio().stream("video", 1);
        Dialogs dialogs = Dialogs.connected(scene, both, both);

        IceDescription answer = dialogs.exchange(offer -> Dialogs.removing(offer, 1));
        dialogs.run(Duration.ofMinutes(1));

        assertThat(answer.streams().get(1).rejected()).isTrue();
        assertThat(dialogs.bob().send(dialogs.toAlice(), 1, 1, PACKET)).isFalse();
        assertThat(dialogs.alice().send(dialogs.toBob(), 1, 1, PACKET)).isFalse();
        assertThat(dialogs.bob().send(dialogs.toAlice(), 0, 1, PACKET)).isTrue();
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
    }

    // RFC 3264 §8.1: the m= line of a removed stream may be used again
    @Test
    void aRemovedStreamThatIsOfferedAgainConnectsAgain() {
        IceConfig both = audio().stream("video", 1);
        Dialogs dialogs = Dialogs.connected(scene, both, both);
        IceDescription whole = dialogs.aliceOffers();
        dialogs.aliceAccepts(dialogs.bobAnswers(Dialogs.removing(whole, 1)));
        dialogs.run(Duration.ofSeconds(5));

        dialogs.aliceOffers();
        dialogs.aliceAccepts(dialogs.bobAnswers(whole));
        assertThat(dialogs.bob().send(dialogs.toAlice(), 1, 1, PACKET))
                .as("RFC 7675 §5.1: what was agreed to before is agreed to no more")
                .isFalse();
        dialogs.run(Duration.ofMinutes(1));

        assertThat(dialogs.bob().send(dialogs.toAlice(), 1, 1, PACKET)).isTrue();
        assertThat(dialogs.alice().send(dialogs.toBob(), 1, 1, PACKET)).isTrue();
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
        assertThat(dialogs.alice().report(-1).pairs())
                .filteredOn(pair -> pair.stream().equals("video"))
                .as("checked, and asked for consent")
                .extracting(IceReport.PairEntry::outcome)
                .singleElement(InstanceOfAssertFactories.STRING)
                .endsWith("in use");
    }

    // RFC 8445 §9: what was replaced is drained, and a stream that is gone keeps nothing of it
    @Test
    void aRestartAfterAStreamWasRemovedLeavesNoOldGenerationBehind() {
        IceConfig both = audio().stream("video", 1);
        Dialogs dialogs = Dialogs.connected(scene, both, both);
        dialogs.exchange(offer -> Dialogs.removing(offer, 1));

        restartOfAlice(dialogs);
        dialogs.exchange(UnaryOperator.identity());
        dialogs.run(Duration.ofMinutes(1));

        assertThat(dialogs.alice().report(-1).pairs())
                .extracting(IceReport.PairEntry::generation)
                .containsExactly(1);
    }

    // a B2BUA puts a phone without video in the place of one with it, which hangs up
    @Test
    void aPhoneThatTakesOverWithoutVideoIsNotMistakenForTheOneBefore() {
        IceConfig both = audio().stream("video", 1);
        Dialogs dialogs = Dialogs.connected(scene, both, both);
        VirtualPhone carol = scene.publicly("carol", "198.51.100.12", audio()).gather();
        dialogs.run(Duration.ofSeconds(1));
        restartOfAlice(dialogs);
        int toAlice = carol.accept(VirtualCall.travelled(dialogs.aliceOffers()), IceRole.CONTROLLED);

        dialogs.aliceAccepts(carol.perform(now -> carol.engine().signalling().describe(now, toAlice)));
        dialogs.bob()
                .node()
                .act((now, machine) -> dialogs.bob().engine().signalling().closePeer(now, dialogs.toAlice()));
        dialogs.run(Duration.ofMinutes(3));

        assertThat(dialogs.alice().state(dialogs.toBob())).isEqualTo(IceState.COMPLETED);
        assertThat(dialogs.alice().heard(IceEvent.Failed.class)).isEmpty();
        assertThat(dialogs.alice().engine().signalling().pendingOffer(dialogs.toBob()))
                .isEmpty();
    }

    // the video may go while it is still carried by the generation before
    @Test
    void aStreamThatIsRemovedDuringARestartDoesNotHoldTheOldGeneration() {
        IceConfig both = audio().stream("video", 1);
        Dialogs dialogs = Dialogs.connected(scene, both, both);
        restartOfAlice(dialogs);
        IceDescription answer = dialogs.bobAnswers(dialogs.aliceOffers());
        StreamDescription nowhere = answer.streams().get(1).toBuilder()
                .credentials(new IceCredentials("wrong", "wrongwrongwrongwrongwrong"))
                .build();
        dialogs.aliceAccepts(answer.toBuilder().replaceStream(nowhere).build());
        dialogs.run(Duration.ofSeconds(2));
        assertThat(dialogs.alice().report(-1).pairs())
                .as("control: video is in force in the first one")
                .anySatisfy(pair -> assertThat(pair.outcome() + pair.generation() + pair.stream())
                        .endsWith("in use0video"));

        dialogs.aliceOffers();
        dialogs.aliceAccepts(Dialogs.removing(answer, 1));
        dialogs.run(Duration.ofMinutes(1));

        assertThat(dialogs.alice().report(-1).pairs())
                .extracting(IceReport.PairEntry::generation)
                .containsExactly(1);
        assertThat(dialogs.alice().state(dialogs.toBob())).isEqualTo(IceState.COMPLETED);
    }

    // a B2BUA answers for another phone, which begins with that offer: one set of credentials is all that it knows
    @Test
    void anotherPhoneMayAnswerTheOfferOfAStreamThatIsAddedAfterARestart() {
        Dialogs dialogs = connected();
        restartOfAlice(dialogs);
        dialogs.exchange(UnaryOperator.identity());
        dialogs.run(Duration.ofMinutes(1));
        VirtualPhone carol = scene.publicly("carol", "198.51.100.12", audio().stream("video", 1, 2))
                .gather();
        dialogs.run(Duration.ofSeconds(1));
        dialogs.alice().addStream(VIDEO);
        int toAlice = carol.accept(VirtualCall.travelled(dialogs.aliceOffers()), IceRole.CONTROLLED);

        dialogs.aliceAccepts(carol.perform(now -> carol.engine().signalling().describe(now, toAlice)));
        dialogs.run(Duration.ofSeconds(5));

        assertThat(carol.state(toAlice)).isEqualTo(IceState.COMPLETED);
        assertThat(dialogs.alice().send(dialogs.toBob(), 1, 2, PACKET)).isTrue();
    }

    // RFC 7675 §5.2: who wants a stream no more stops agreeing to it, though the peer has not heard of it yet
    @Test
    void aStreamThatWasRefusedIsAgreedToNoMore() {
        IceConfig both = audio().stream("video", 1);
        Dialogs dialogs = Dialogs.connected(scene, both, both);

        dialogs.bobAnswers(Dialogs.removing(dialogs.aliceOffers(), 1));
        dialogs.run(Duration.ofSeconds(40));

        assertThat(dialogs.alice().heard(IceEvent.ConsentLost.class))
                .extracting(IceEvent.ConsentLost::stream)
                .containsExactly("video");
    }

    private static void restartOfAlice(Dialogs dialogs) {
        dialogs.alice().perform(now -> {
            dialogs.alice().engine().signalling().restart(now, dialogs.toBob());
            return true;
        });
    }

    // a call that is transferred to a telephone without ICE, and back
    @Test
    void aDialogMayGoOnWithoutIceAndComeBackToIt() {
        Dialogs dialogs = connected();
        IceDescription whole = dialogs.aliceOffers();

        IceDescription answer = dialogs.bobAnswers(Dialogs.withoutIce(whole));
        dialogs.run(Duration.ofSeconds(1));
        assertThat(answer.hasIce()).as("RFC 8839 §4.2.5: no word of ICE").isFalse();
        assertThat(answer.streams().get(0).destination()).isPresent();
        assertThat(dialogs.bob().state(dialogs.toAlice())).isEqualTo(IceState.COMPLETED);
        assertThat(dialogs.bob().send(dialogs.toAlice(), 0, 1, PACKET)).isTrue();
        dialogs.aliceAccepts(answer);
        dialogs.run(Duration.ofMinutes(2));
        assertThat(dialogs.call().isAt(IceState.COMPLETED))
                .as("nobody asks for consent")
                .isTrue();
        int before = dialogs.alice().received().size();
        dialogs.bob().send(dialogs.toAlice(), 0, 1, PACKET);
        dialogs.run(Duration.ofMillis(100));
        assertThat(dialogs.alice().received()).hasSize(before + 1);

        dialogs.exchange(UnaryOperator.identity());
        dialogs.run(Duration.ofMinutes(2));

        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
        assertThat(dialogs.bob().report(dialogs.toAlice()).pairs())
                .as("checked again")
                .isNotEmpty();
        PacketFlow flow = dialogs.call().toCaller(Duration.ofMillis(20));
        dialogs.run(Duration.ofSeconds(1));
        flow.stop();
        dialogs.run(Duration.ofSeconds(1));
        assertThat(flow.lost()).isZero();
    }

    private static final StreamConfig VIDEO = new StreamConfig("video", List.of(1, 2), 0, 0, 0, false);

    // RFC 3264 §8.1: a further m= line; the stream that stands is not touched
    @Test
    void aStreamThatIsAddedConnectsBesideTheOthers() {
        Dialogs dialogs = connected();
        PacketFlow audio = dialogs.call().toCallee(Duration.ofMillis(20));

        assertThat(dialogs.alice().addStream(VIDEO)).isEqualTo(1);
        assertThat(dialogs.bob().addStream(VIDEO)).isEqualTo(1);
        IceDescription answer = dialogs.exchange(UnaryOperator.identity());
        dialogs.run(Duration.ofSeconds(3));

        assertThat(answer.streams()).hasSize(2);
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
        for (int component : List.of(1, 2)) {
            assertThat(dialogs.alice().send(dialogs.toBob(), 1, component, PACKET))
                    .isTrue();
            assertThat(dialogs.bob().send(dialogs.toAlice(), 1, component, PACKET))
                    .isTrue();
        }
        dialogs.run(Duration.ofMillis(100));
        assertThat(dialogs.bob().received())
                .filteredOn(received -> received.stream() == 1)
                .extracting(VirtualPhone.Received::component)
                .containsExactly(1, 2);
        audio.stop();
        dialogs.run(Duration.ofSeconds(1));
        assertThat(audio.lost()).isZero();
        assertThat(dialogs.bob().heard(IceEvent.PathChanged.class))
                .filteredOn(changed -> changed.stream().equals("audio"))
                .hasSize(1);
    }

    // RFC 3264 §6: a stream that the other side does not have is refused, and the others go on
    @Test
    void aStreamThatThePeerDoesNotHaveIsRefused() {
        Dialogs dialogs = connected();

        dialogs.alice().addStream(VIDEO);
        IceDescription answer = dialogs.exchange(UnaryOperator.identity());
        dialogs.run(Duration.ofSeconds(3));

        assertThat(answer.streams().get(1).rejected()).isTrue();
        assertThat(dialogs.alice().send(dialogs.toBob(), 1, 1, PACKET)).isFalse();
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
    }

    // RFC 3264 §8.2: our sockets go when the peer knows, and not before
    @Test
    void aStreamThatWeRemoveGivesItsSocketsUpWhenThePeerKnows() {
        IceConfig both = audio().stream("video", 1);
        Dialogs dialogs = Dialogs.connected(scene, both, both);

        dialogs.alice().removeStream("video");
        assertThat(dialogs.alice().send(dialogs.toBob(), 1, 1, PACKET)).isFalse();
        IceDescription offer = dialogs.aliceOffers();
        assertThat(offer.streams().get(1).rejected()).isTrue();
        assertThat(dialogs.alice().node().events(EngineEvent.BaseUnused.class)).isEmpty();
        dialogs.aliceAccepts(dialogs.bobAnswers(offer));
        dialogs.run(Duration.ofMinutes(1));

        assertThat(dialogs.alice().node().events(EngineEvent.BaseUnused.class)).hasSize(1);
        assertThat(dialogs.alice().send(dialogs.toBob(), 0, 1, PACKET)).isTrue();
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
    }

    // RFC 3264 §8.1: the place of a removed stream is taken by another one, of another kind
    @Test
    void thePlaceOfARemovedStreamIsUsedAgain() {
        IceConfig both = audio().stream("slides", 1);
        Dialogs dialogs = Dialogs.connected(scene, both, both);
        dialogs.alice().removeStream("slides");
        dialogs.bob().removeStream("slides");
        dialogs.exchange(UnaryOperator.identity());
        dialogs.run(Duration.ofSeconds(1));

        assertThat(dialogs.alice().addStream(VIDEO)).isEqualTo(1);
        assertThat(dialogs.bob().addStream(VIDEO)).isEqualTo(1);
        dialogs.exchange(UnaryOperator.identity());
        dialogs.run(Duration.ofSeconds(3));

        for (int component : VIDEO.components()) {
            dialogs.alice().send(dialogs.toBob(), 1, component, PACKET);
            dialogs.bob().send(dialogs.toAlice(), 1, component, PACKET);
        }
        dialogs.run(Duration.ofMillis(100));
        for (VirtualPhone phone : List.of(dialogs.alice(), dialogs.bob())) {
            assertThat(phone.received())
                    .extracting(VirtualPhone.Received::component)
                    .containsExactly(1, 2);
        }
        assertThat(dialogs.alice().report(-1).pairs())
                .as("none from the socket that is gone")
                .filteredOn(pair -> pair.stream().equals("video"))
                .hasSize(2);
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
        assertThat(dialogs.alice().describe().streams().get(1).hasIce()).isTrue();
    }

    private Dialogs withAFreePlace() {
        IceConfig both = audio().stream("slides", 1);
        Dialogs dialogs = Dialogs.connected(scene, both, both);
        dialogs.alice().removeStream("slides");
        dialogs.bob().removeStream("slides");
        dialogs.exchange(UnaryOperator.identity());
        dialogs.run(Duration.ofSeconds(1));
        return dialogs;
    }

    private static void videoGoesBothWays(Dialogs dialogs) {
        assertThat(dialogs.bob().addStream(VIDEO)).isEqualTo(1);
        dialogs.exchange(UnaryOperator.identity());
        dialogs.run(Duration.ofSeconds(3));
        assertThat(dialogs.alice().send(dialogs.toBob(), 1, 2, PACKET)).isTrue();
        assertThat(dialogs.bob().send(dialogs.toAlice(), 1, 1, PACKET)).isTrue();
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
    }

    // an offer is on its way when the stream is added; its answer has port 0 in that place, and says nothing of the
    // stream
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStreamThatIsAddedIsNotLostByTheAnswerToAnEarlierOffer(boolean restart) {
        Dialogs dialogs = withAFreePlace();
        if (restart) {
            restartOfAlice(dialogs);
        }
        IceDescription earlier = dialogs.aliceOffers();
        assertThat(dialogs.alice().addStream(VIDEO)).isEqualTo(1);
        dialogs.aliceAccepts(dialogs.bobAnswers(earlier));

        videoGoesBothWays(dialogs);
    }

    // RFC 3261 §14.2: our offer of the stream meets the peer's, which does not have it; or the peer's comes first
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStreamThatIsAddedIsNotLostByAnOfferOfThePeer(boolean glare) {
        Dialogs dialogs = withAFreePlace();
        assertThat(dialogs.alice().addStream(VIDEO)).isEqualTo(1);
        IceDescription bobs =
                dialogs.bob().perform(now -> dialogs.bob().engine().signalling().offer(now, dialogs.toAlice()));
        if (glare) {
            dialogs.aliceOffers();
            dialogs.alice().perform(now -> {
                dialogs.alice().engine().signalling().rollBack(now, dialogs.toBob());
                return true;
            });
        }
        IceDescription answer = dialogs.alice().answer(dialogs.toBob(), VirtualCall.travelled(bobs));
        assertThat(answer.streams().get(1).rejected())
                .as("RFC 3264 §6: what is not offered")
                .isTrue();
        dialogs.bob().update(dialogs.toAlice(), VirtualCall.travelled(answer));

        videoGoesBothWays(dialogs);
    }

    // a stream that the peer has refused is not offered for ever
    @Test
    void aStreamThatWasOfferedAndRefusedIsNotOfferedAgain() {
        Dialogs dialogs = withAFreePlace();
        dialogs.alice().addStream(VIDEO);
        IceDescription offer = dialogs.aliceOffers();
        assertThat(offer.streams().get(1).rejected()).isFalse();

        dialogs.aliceAccepts(dialogs.bobAnswers(offer));

        assertThat(dialogs.aliceOffers().streams().get(1).rejected()).isTrue();
    }

    // RFC 5888 §4: a mid is of one m-line; phones count theirs from 1, browsers from 0
    @Test
    void aStreamThatIsAddedHasANameThatNoneOfThePeersHas() {
        Dialogs dialogs = connected();
        IceDescription bobs =
                dialogs.bob().perform(now -> dialogs.bob().engine().signalling().offer(now, dialogs.toAlice()));
        dialogs.alice().answer(dialogs.toBob(), named(bobs, "1"));
        dialogs.alice().addStream(VIDEO);

        assertThat(dialogs.aliceOffers().streams())
                .extracting(stream -> stream.mid().orElseThrow())
                .doesNotHaveDuplicates()
                .startsWith("1");
    }

    private static IceDescription named(IceDescription description, String mid) {
        return description.toBuilder()
                .replaceStream(description.streams().get(0).toBuilder().mid(mid).build())
                .build();
    }

    // a place whose removal the peer has not heard of is not free yet
    @Test
    void aStreamThatIsAddedTooSoonGetsAPlaceOfItsOwn() {
        IceConfig both = audio().stream("slides", 1);
        Dialogs dialogs = Dialogs.connected(scene, both, both);

        dialogs.alice().removeStream("slides");
        int place = dialogs.alice().addStream(VIDEO);
        dialogs.bob().addStream(VIDEO);
        IceDescription answer = dialogs.exchange(UnaryOperator.identity());
        dialogs.run(Duration.ofSeconds(3));

        assertThat(place).isEqualTo(2);
        assertThat(answer.streams().get(1).rejected()).isTrue();
        assertThat(dialogs.alice().send(dialogs.toBob(), 2, 1, PACKET)).isTrue();
    }

    // RFC 8445 §9: a restart is of all streams, those that were added included
    @Test
    void aRestartTakesTheAddedStreamAlong() {
        Dialogs dialogs = connected();
        dialogs.alice().addStream(VIDEO);
        dialogs.bob().addStream(VIDEO);
        dialogs.exchange(UnaryOperator.identity());
        dialogs.run(Duration.ofSeconds(3));

        dialogs.alice().perform(now -> {
            dialogs.alice().engine().signalling().restart(now, dialogs.toBob());
            return true;
        });
        dialogs.exchange(UnaryOperator.identity());
        dialogs.run(Duration.ofSeconds(40));

        assertThat(dialogs.alice().heard(IceEvent.PathChanged.class))
                .filteredOn(changed -> changed.cause() == PathChange.RESTART)
                .extracting(IceEvent.PathChanged::stream)
                .containsExactlyInAnyOrder("audio", "video", "video");
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
        assertThat(dialogs.alice().send(dialogs.toBob(), 1, 2, PACKET)).isTrue();
    }
}
