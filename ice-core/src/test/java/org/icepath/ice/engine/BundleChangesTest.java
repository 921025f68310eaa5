// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PathChange;
import org.icepath.ice.StreamConfig;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bundles whose streams come and go while a call stands (RFC 8843 §7.3, §7.5). */
class BundleChangesTest {

    private static final int AUDIO = 0;
    private static final int VIDEO = 1;
    private static final ByteBuffer RTP = ByteBuffer.wrap(new byte[] {(byte) 0x80, 0, 0, 1});
    private static final ByteBuffer RTCP = ByteBuffer.wrap(new byte[] {(byte) 0x80, (byte) 200, 0, 1});

    private static final StreamConfig SLIDES = new StreamConfig("slides", List.of(1), 0, 0, 0, false);

    private final CallScene scene = new CallScene(52);
    private final Dialogs dialogs = Dialogs.connected(scene, two().bundle(), two().bundle());

    private static IceConfig two() {
        return IceConfig.create().stream("audio", 1, 2).stream("video", 1, 2);
    }

    /** The offer that says that the first stream, whose transport the bundle has, is gone. */
    private IceDescription removed(boolean byUs) {
        if (byUs) {
            dialogs.alice().removeStream("audio");
            return dialogs.exchange(UnaryOperator.identity());
        }
        return dialogs.exchange(offer -> Dialogs.removing(offer, AUDIO));
    }

    private void assertThatVideoFlows() {
        for (VirtualPhone phone : List.of(dialogs.alice(), dialogs.bob())) {
            boolean isAlice = phone == dialogs.alice();
            VirtualPhone other = isAlice ? dialogs.bob() : dialogs.alice();
            int peer = isAlice ? dialogs.toBob() : dialogs.toAlice();
            int before = other.received().size();
            assertThat(phone.send(peer, VIDEO, 1, RTP)).isTrue();
            assertThat(phone.send(peer, VIDEO, 2, RTCP)).isTrue();
            dialogs.run(Duration.ofMillis(100));
            assertThat(other.received().stream()
                            .skip(before)
                            .map(received -> List.of(received.stream(), received.component())))
                    .containsExactly(List.of(VIDEO, 1), List.of(VIDEO, 2));
        }
    }

    // RFC 8843 §7.5.2: the next stream is tagged, and the transport is the one that it was
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theTransportOutlivesTheStreamThatItWasBoundFor(boolean byUs) {
        int before = dialogs.alice().node().events(EngineEvent.BaseUnused.class).size();
        IceDescription answer = removed(byUs);
        assertThatVideoFlows();
        dialogs.run(Duration.ofMinutes(5));

        assertThat(answer.streams().get(AUDIO).rejected()).isTrue();
        assertThat(answer.streams().get(VIDEO).candidates()).isNotEmpty();
        assertThat(answer.streams().get(VIDEO).credentials()).isPresent();
        assertThat(answer.bundleGroups()).containsExactly(List.of("1"));
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
        assertThat(dialogs.alice().send(dialogs.toBob(), AUDIO, 1, RTP)).isFalse();
        assertThat(dialogs.bob().send(dialogs.toAlice(), AUDIO, 1, RTP)).isFalse();
        assertThatVideoFlows();
        assertThat(dialogs.alice().node().events(EngineEvent.BaseUnused.class)).hasSize(before);
        assertThat(dialogs.alice().engine().signalling().pendingOffer(dialogs.toBob()))
                .isEmpty();
    }

    // RFC 7675 §5.1: whoever goes on sending goes on asking
    @Test
    void consentIsAskedForOnTheTransportThatOutlivesItsStream() {
        removed(true);
        dialogs.run(Duration.ofSeconds(10));
        dialogs.bob().host().detach("198.51.100.11");
        dialogs.run(Duration.ofSeconds(45));

        assertThat(dialogs.alice().send(dialogs.toBob(), VIDEO, 1, RTP)).isFalse();
        assertThat(dialogs.alice().heard(IceEvent.ConsentLost.class))
                .extracting(IceEvent.ConsentLost::stream)
                .containsOnly("video");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRestartMovesWhatIsLeft(boolean byUs) {
        removed(byUs);
        dialogs.alice().perform(now -> {
            dialogs.alice().engine().signalling().restart(now, dialogs.toBob());
            return true;
        });
        IceDescription offer = dialogs.aliceOffers();
        dialogs.aliceAccepts(dialogs.bobAnswers(offer));
        dialogs.run(Duration.ofMinutes(1));

        assertThat(offer.streams().get(VIDEO).candidates()).isNotEmpty();
        assertThat(dialogs.alice().heard(IceEvent.PathChanged.class))
                .filteredOn(changed -> changed.cause() == PathChange.RESTART)
                .extracting(IceEvent.PathChanged::stream)
                .containsExactly("video", "video");
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
        assertThatVideoFlows();
    }

    // RFC 3264 §8.1: the section of a stream that the peer has removed may be used again
    @Test
    void whatThePeerHasRemovedMayJoinAgain() {
        IceDescription whole = dialogs.aliceOffers();
        dialogs.aliceAccepts(dialogs.bobAnswers(Dialogs.removing(whole, AUDIO)));
        dialogs.run(Duration.ofSeconds(5));

        dialogs.aliceOffers();
        IceDescription answer = dialogs.bobAnswers(whole);
        dialogs.aliceAccepts(answer);
        dialogs.run(Duration.ofSeconds(50));

        assertThat(answer.bundleGroups()).containsExactly(List.of("0", "1"));
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
        assertThat(dialogs.bob().send(dialogs.toAlice(), AUDIO, 1, RTP)).isTrue();
        assertThat(dialogs.alice().send(dialogs.toBob(), AUDIO, 2, RTCP)).isTrue();
        assertThat(dialogs.alice().send(dialogs.toBob(), VIDEO, 1, RTP)).isTrue();
    }

    // the transport of the bundle has its place, so what comes anew goes behind
    @Test
    void aStreamThatIsAddedAfterwardsHasAPlaceOfItsOwn() {
        removed(true);
        dialogs.run(Duration.ofSeconds(5));

        int place = dialogs.alice().addStream(SLIDES);
        dialogs.bob().addStream(SLIDES);
        dialogs.exchange(UnaryOperator.identity());
        dialogs.run(Duration.ofSeconds(50));

        assertThat(place).isEqualTo(2);
        assertThatVideoFlows();
        assertThat(dialogs.alice().send(dialogs.toBob(), place, 1, RTP)).isTrue();
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
    }

    @Test
    void theTransportGoesFromHeirToHeir() {
        removed(true);
        dialogs.alice().addStream(SLIDES);
        dialogs.bob().addStream(SLIDES);
        dialogs.exchange(UnaryOperator.identity());
        dialogs.run(Duration.ofSeconds(5));

        dialogs.alice().removeStream("video");
        IceDescription answer = dialogs.exchange(UnaryOperator.identity());
        dialogs.run(Duration.ofMinutes(1));
        int before = dialogs.bob().received().size();
        boolean video = dialogs.alice().send(dialogs.toBob(), VIDEO, 1, RTP);
        boolean slides = dialogs.alice().send(dialogs.toBob(), 2, 1, RTP);
        dialogs.run(Duration.ofMillis(100));

        assertThat(video).isFalse();
        assertThat(slides).isTrue();
        assertThat(answer.bundleGroups()).containsExactly(List.of("2"));
        assertThat(dialogs.bob().received().stream().skip(before).map(VirtualPhone.Received::stream))
                .containsExactly(2);
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
    }

    // RFC 3264 §8.2: what is refused is sent no more, though the transport stands
    @Test
    void aBundledStreamThatIsRefusedIsSentNoMore() {
        dialogs.exchange(offer -> Dialogs.removing(offer, VIDEO));
        dialogs.run(Duration.ofMinutes(1));

        assertThat(dialogs.alice().send(dialogs.toBob(), VIDEO, 1, RTP)).isFalse();
        assertThat(dialogs.bob().send(dialogs.toAlice(), VIDEO, 1, RTP)).isFalse();
        assertThat(dialogs.alice().send(dialogs.toBob(), AUDIO, 1, RTP)).isTrue();
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
    }

    // a B2BUA puts a phone without bundles in the place of the one that had them
    @Test
    void aPhoneThatTakesOverWithoutBundlingHasATransportForEachStream() {
        VirtualPhone carol = scene.publicly("carol", "198.51.100.12", two()).gather();

        IceDescription answer = dialogs.alice().answer(dialogs.toBob(), VirtualCall.travelled(carol.describe()));
        int toAlice = carol.accept(VirtualCall.travelled(answer), IceRole.CONTROLLING);
        dialogs.run(Duration.ofMinutes(1));

        assertThat(answer.bundleGroups()).isEmpty();
        assertThat(answer.streams())
                .allSatisfy(stream -> assertThat(stream.components()).containsExactly(1, 2));
        assertThat(carol.state(toAlice)).isEqualTo(IceState.COMPLETED);
        assertThat(dialogs.alice().state(dialogs.toBob())).isEqualTo(IceState.COMPLETED);
        for (int stream : List.of(AUDIO, VIDEO)) {
            for (int component : List.of(1, 2)) {
                assertThat(dialogs.alice().send(dialogs.toBob(), stream, component, RTP))
                        .isTrue();
            }
        }
        dialogs.run(Duration.ofMillis(100));
        assertThat(carol.received())
                .extracting(received -> List.of(received.stream(), received.component()))
                .containsExactly(List.of(0, 1), List.of(0, 2), List.of(1, 1), List.of(1, 2));
    }

    // sockets cannot be bound, and the answer says so: port 0, and nothing is sent
    @Test
    void withoutSocketsAStreamThatLeavesTheBundleIsRefused() {
        VirtualPhone carol = scene.publicly("carol", "198.51.100.12", two()).gather();
        IceDescription offer = VirtualCall.travelled(carol.describe());

        IceDescription answer = dialogs.alice()
                .perform(now -> dialogs.alice().engine().signalling().answer(now, dialogs.toBob(), offer));
        carol.accept(VirtualCall.travelled(answer), IceRole.CONTROLLING);
        dialogs.run(Duration.ofMinutes(1));

        assertThat(answer.streams().get(VIDEO).rejected()).isTrue();
        assertThat(dialogs.alice().send(dialogs.toBob(), VIDEO, 1, RTP)).isFalse();
        assertThat(dialogs.alice().send(dialogs.toBob(), AUDIO, 1, RTP)).isTrue();
        assertThat(dialogs.alice().state(dialogs.toBob())).isEqualTo(IceState.COMPLETED);
    }

    // RFC 8843 §7.2: what is offered anew is offered in the bundle, with candidates of its own in case it is refused
    // there
    @Test
    void aStreamThatIsAddedJoinsTheBundle() {
        dialogs.alice().addStream(SLIDES);
        dialogs.bob().addStream(SLIDES);
        IceDescription offer = dialogs.aliceOffers();
        IceDescription answer = dialogs.bobAnswers(offer);
        dialogs.aliceAccepts(answer);
        dialogs.run(Duration.ofSeconds(50));

        assertThat(offer.bundleGroups()).containsExactly(List.of("0", "1", "2"));
        assertThat(offer.streams().get(2).candidates()).isNotEmpty();
        assertThat(answer.bundleGroups()).containsExactly(List.of("0", "1", "2"));
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
        assertThat(dialogs.alice().send(dialogs.toBob(), 2, 1, RTP)).isTrue();
        assertThat(CallScene.lastRoute(dialogs.alice()).pair().local().address())
                .as("the one transport")
                .isEqualTo(offer.streams().get(0).candidates().get(0).address());
    }

    @Test
    void theSecondStreamOfACallMakesTheBundle() {
        CallScene other = new CallScene(53);
        IceConfig one = IceConfig.create().stream("audio", 1, 2).bundle();
        Dialogs single = Dialogs.connected(other, one, one);
        single.alice().addStream(SLIDES);
        single.bob().addStream(SLIDES);

        IceDescription answer = single.exchange(UnaryOperator.identity());
        single.run(Duration.ofSeconds(5));

        assertThat(answer.bundleGroups()).containsExactly(List.of("0", "1"));
        assertThat(single.alice().send(single.toBob(), 1, 1, RTP)).isTrue();
        assertThat(single.call().isAt(IceState.COMPLETED)).isTrue();
    }

    // whoever has refused the bundle is not asked again
    @Test
    void aStreamThatIsAddedWhereThereIsNoBundleStaysAlone() {
        CallScene other = new CallScene(54);
        Dialogs apart =
                Dialogs.connected(other, two().bundle(), two().rtcpMux("audio").rtcpMux("video"));
        apart.alice().addStream(SLIDES);
        apart.bob().addStream(SLIDES);

        IceDescription offer = apart.aliceOffers();
        apart.aliceAccepts(apart.bobAnswers(offer));
        apart.run(Duration.ofSeconds(5));

        assertThat(offer.bundleGroups()).isEmpty();
        assertThat(apart.alice().send(apart.toBob(), 2, 1, RTP)).isTrue();
        assertThat(apart.call().isAt(IceState.COMPLETED)).isTrue();
    }
}
