// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceProfile;
import org.icepath.ice.IceState;
import org.icepath.ice.PendingOffer;
import org.icepath.ice.ms.MsProfiles;
import org.icepath.sansio.Transport;
import org.icepath.sdp.IceSdp;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.edge.MsEdgeConfig;
import org.icepath.testkit.network.Block;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.turn.ms.MsTurn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A whole call of MS-ICE2 between two homes, with an Edge, in virtual time ([MS-ICE2] §3.1.4.8). */
class MsCallTest {

    private static final String ALICE = "203.0.113.1";
    private static final String BOB = "203.0.113.2";

    private final CallScene scene =
            new CallScene(21, config -> config.withMs(MsEdgeConfig.create().user("alice", "secret")));

    private static IceConfig config() {
        return config(Candidate.RTP);
    }

    private static IceConfig config(int... components) {
        return IceConfig.create().profile(MsProfiles.ICE2).stream("audio", components)
                .turnServer(MsTurn.DEFAULT.server(
                        CallScene.SERVER, 3_478, Transport.UDP, base64("alice"), base64("secret")));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private VirtualCall call() {
        return call(MsProfiles.ICE2, MsProfiles.ICE2);
    }

    private VirtualCall call(IceProfile caller, IceProfile callee) {
        VirtualPhone alice = scene.behind(
                scene.nat(ALICE, NatBehaviour.PORT_RESTRICTED), "alice", "192.168.1.10", config().profile(caller));
        VirtualPhone bob =
                scene.behind(scene.nat(BOB, NatBehaviour.PORT_RESTRICTED), "bob", "10.0.0.5", config().profile(callee));
        return scene.call(alice, bob).offeringByHand();
    }

    private static void exchangeFinally(VirtualCall call) {
        VirtualPhone alice = call.caller();
        VirtualPhone bob = call.callee();
        IceDescription offer = alice.perform(now -> alice.engine().signalling().offer(now, call.callerPeer()));
        IceDescription answer = bob.perform(now -> bob.engine().signalling().answer(now, call.calleePeer(), offer));
        alice.perform(now -> {
            alice.engine().signalling().update(now, call.callerPeer(), answer);
            return true;
        });
    }

    // Media on the provisional answer, by the relay; the better path before the final offer; then nothing else is kept
    @Test
    void earlyMediaIsPromotedWithoutALossAndTheFinalExchangeFreesTheRest() {
        scene.network().internet().block(Block.between(ALICE, BOB)).liftAfter(Duration.ofMillis(1_500));
        VirtualCall call = call();
        PacketFlow there = call.toCallee(Duration.ofMillis(5));
        PacketFlow back = call.toCaller(Duration.ofMillis(5));
        scene.network().runFor(Duration.ofMillis(1_200));
        assertThat(call.isAt(IceState.CONNECTED)).isTrue();
        assertThat(call.callee().received())
                .as("early media, before anything is agreed")
                .isNotEmpty();
        assertThat(scene.edge().allocationCount()).isEqualTo(2);

        assertThat(call.runUntilCompleted(Duration.ofSeconds(10))).isTrue();
        scene.network().runFor(Duration.ofMillis(100));
        exchangeFinally(call);
        scene.network().runFor(Duration.ofSeconds(30));
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(there.lost() + back.lost()).isZero();
        assertThat(there.duplicated() + back.duplicated()).isZero();
        assertThat(scene.edge().allocationCount()).as("freed").isZero();
        assertThat(call.caller().report(call.callerPeer()).text()).contains("Connected: audio/1 directly");
    }

    static Stream<Arguments> settledOnIt() {
        return Stream.of(
                Arguments.of(IceProfile.auto(), MsProfiles.ICE2), Arguments.of(MsProfiles.ICE2, IceProfile.auto()));
    }

    // What one side has found out changes what it keeps: the relays of both are released as in a call of two of a kind
    @ParameterizedTest
    @MethodSource("settledOnIt")
    void whoHasSettledOnItReleasesItsRelays(IceProfile caller, IceProfile callee) {
        VirtualCall call = call(caller, callee);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(20))).isTrue();
        assertThat(scene.edge().allocationCount()).isEqualTo(2);
        scene.network().runFor(Duration.ofMillis(100));
        exchangeFinally(call);
        scene.network().runFor(Duration.ofSeconds(30));

        assertThat(scene.edge().allocationCount()).isZero();
    }

    // A control: two that find each other to be of the standard keep one each
    @Test
    void whoHasSettledOnTheStandardKeepsAReserve() {
        VirtualCall call = call(IceProfile.auto(), IceProfile.auto());
        assertThat(call.runUntilCompleted(Duration.ofSeconds(20))).isTrue();
        scene.network().runFor(Duration.ofSeconds(30));

        assertThat(scene.edge().allocationCount()).isEqualTo(2);
    }

    // Behind a NAT the port of RTCP is not the next one: the line must say which it is
    @Test
    void theFinalOfferNamesTheSelectedPortOfRtcp() {
        IceConfig two = config(Candidate.RTP, Candidate.RTCP);
        NatBehaviour random = NatBehaviour.PORT_RESTRICTED.withPorts(NatBehaviour.Ports.RANDOM);
        VirtualPhone alice = scene.behind(scene.nat(ALICE, random), "alice", "192.168.1.10", two);
        VirtualPhone bob = scene.behind(scene.nat(BOB, random), "bob", "10.0.0.5", two);
        VirtualCall call = scene.call(alice, bob).offeringByHand();
        assertThat(call.runUntilCompleted(Duration.ofSeconds(10))).isTrue();
        scene.network().runFor(Duration.ofMillis(100));

        IceDescription offer = alice.perform(now -> alice.engine().signalling().offer(now, call.callerPeer()));
        StreamDescription audio = offer.streams().get(0);
        int rtp = audio.candidates(Candidate.RTP).get(0).address().port();
        int rtcp = audio.candidates(Candidate.RTCP).get(0).address().port();

        assertThat(rtcp).as("what the NAT makes of it").isNotEqualTo(rtp + 1);
        assertThat(IceSdp.format(offer, MsProfiles.ICE2.sdp(), 1, 2))
                .contains("m=audio " + rtp + " ", "a=rtcp:" + rtcp);
    }

    // What goes to the active destination needs nothing around it, and so not the engine
    @Test
    void mediaOverARelayGoesStraightToTheSocketOnceItsPeerIsTheActiveDestination() {
        scene.network().internet().block(Block.between(ALICE, BOB));
        VirtualCall call = call();
        assertThat(call.runUntilCompleted(Duration.ofSeconds(20)))
                .as(scene.network()::dump)
                .isTrue();
        scene.network().runFor(Duration.ofSeconds(2));
        PacketFlow there = call.toCallee(Duration.ofMillis(20));
        scene.network().runFor(Duration.ofSeconds(2));
        there.stop();
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(there.lost()).isZero();
        assertThat(List.of(call.caller(), call.callee()))
                .map(CallScene::lastRoute)
                .filteredOn(Route::relayed)
                .isNotEmpty()
                .allSatisfy(route -> {
                    assertThat(route.viaEngine()).isFalse();
                    assertThat(route.destination().getPort()).isEqualTo(3_478);
                    assertThat(route.envelope()).isEmpty();
                });
    }

    private VirtualCall callThatBreaksAfterTheFinalExchange() {
        VirtualCall call = call();
        assertThat(call.runUntilCompleted(Duration.ofSeconds(10))).isTrue();
        scene.network().runFor(Duration.ofMillis(100));
        exchangeFinally(call);
        scene.network().runFor(Duration.ofSeconds(30));
        scene.network().internet().block(Block.between(ALICE, BOB));
        return call;
    }

    // Later moves are restarts: there is no reserve, and nothing to wait for once consent has ended
    @Test
    void whatBreaksAfterTheFinalExchangeMakesARestartDueWhenConsentEnds() {
        VirtualCall call = callThatBreaksAfterTheFinalExchange();
        scene.network().runFor(Duration.ofSeconds(20));
        assertThat(call.caller().engine().signalling().pendingOffer(call.callerPeer()))
                .as("it may come back")
                .isEmpty();
        scene.network().runFor(Duration.ofSeconds(15));

        assertThat(call.caller().engine().signalling().pendingOffer(call.callerPeer()))
                .map(PendingOffer::reason)
                .contains(PendingOffer.Reason.FAILED_STREAM);
        assertThat(call.caller().report(call.callerPeer()).text()).contains("no other was kept");
    }

    // Relays were freed: the restart has fresh ones, and media goes on by them
    @Test
    void theRestartThatIsDueBringsMediaBackByAnotherPath() {
        VirtualCall call = callThatBreaksAfterTheFinalExchange();
        scene.network().runFor(Duration.ofSeconds(35));

        exchangeFinally(call);
        scene.network().runFor(Duration.ofSeconds(15));
        PacketFlow there = call.toCallee(Duration.ofMillis(20));
        PacketFlow back = call.toCaller(Duration.ofMillis(20));
        scene.network().runFor(Duration.ofSeconds(2));
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(there.sent()).isGreaterThan(90);
        assertThat(there.lost() + back.lost()).isZero();
    }
}
