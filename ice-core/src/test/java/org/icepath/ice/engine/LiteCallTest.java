// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withStun;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.NatMapping;
import org.icepath.ice.PathChange;
import org.icepath.sdp.IceSdp;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.Block;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.VirtualNat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of a server that is lite, or knows the NAT that it is behind. */
class LiteCallTest {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration EVERY_20_MS = Duration.ofMillis(20);
    private static final InetAddress INTERNAL = address("10.0.0.5");
    private static final InetAddress EXTERNAL = address("203.0.113.7");

    private final CallScene scene = new CallScene(11);

    private static InetAddress address(String literal) {
        return CandidateAddress.of(literal, 1).socketAddress().orElseThrow().getAddress();
    }

    private VirtualPhone home() {
        return home(audio());
    }

    private VirtualPhone home(IceConfig config) {
        return scene.behind(
                scene.nat("198.51.100.77", NatBehaviour.PORT_RESTRICTED), "home", "192.168.1.10", withStun(config));
    }

    @Test
    void aHomeCallsALiteServer() {
        VirtualPhone server = scene.publicly("server", "203.0.113.7", audio().lite());

        VirtualCall call = scene.call(home(), server);

        scene.completesWithMedia(call);
        assertThat(call.callee().engine().signalling().role(call.calleePeer())).isEqualTo(IceRole.CONTROLLED);
    }

    // RFC 8445 §6.1.1: who offers does not matter
    @Test
    void aLiteServerCallsAHomeThatControls() {
        VirtualPhone server = scene.publicly("server", "203.0.113.7", audio().lite());

        VirtualCall call = scene.call(server, home());

        scene.completesWithMedia(call);
        assertThat(call.callee().engine().signalling().role(call.calleePeer())).isEqualTo(IceRole.CONTROLLING);
    }

    // RFC 8445 §8.2.2
    @Test
    void twoLiteServersNeedNoCheck() {
        VirtualCall call = scene.call(
                scene.publicly("one", "203.0.113.7", audio().lite()),
                scene.publicly("other", "203.0.113.8", audio().lite()));

        scene.completesWithMedia(call);
        assertThat(call.caller().engine().signalling().role(call.callerPeer())).isEqualTo(IceRole.CONTROLLING);
        assertThat(call.callee().engine().signalling().role(call.calleePeer())).isEqualTo(IceRole.CONTROLLED);
    }

    @Test
    void aHomeWhoseNatRebindsInTheCallIsFollowed() {
        VirtualNat nat = scene.nat("198.51.100.77", NatBehaviour.PORT_RESTRICTED);
        VirtualPhone home = scene.behind(nat, "home", "192.168.1.10", withStun(audio()));
        VirtualCall call = scene.call(home, scene.publicly("server", "203.0.113.7", audio().lite()));
        assertThat(call.runUntilCompleted(SOON)).isTrue();
        call.toCallee(EVERY_20_MS);
        PacketFlow back = call.toCaller(EVERY_20_MS);
        scene.network().runFor(Duration.ofSeconds(20));
        nat.rebind();

        scene.network().runFor(Duration.ofSeconds(10));
        long lostUntilThen = back.lost();
        scene.network().runFor(Duration.ofSeconds(30));

        assertThat(back.lost()).as("lost after ten seconds").isLessThanOrEqualTo(lostUntilThen);
        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
    }

    @Test
    void aRestartKeepsALiteServerControlled() {
        VirtualCall call = scene.call(home(), scene.publicly("server", "203.0.113.7", audio().lite()));
        assertThat(call.runUntilCompleted(SOON)).isTrue();

        call.callee().perform(now -> {
            call.callee().engine().signalling().restart(now, call.calleePeer());
            return true;
        });
        scene.network().runFor(Duration.ofSeconds(5));

        assertThat(call.callee()
                        .engine()
                        .signalling()
                        .generation(call.calleePeer())
                        .number())
                .isEqualTo(1);
        assertThat(call.callee().engine().signalling().role(call.calleePeer())).isEqualTo(IceRole.CONTROLLED);
        scene.completesWithMedia(call);
    }

    // RFC 8445 §6.1.1: a media server takes the call over from a phone that controlled
    @Test
    void whoTalksToALiteAgentAfterARestartControls() {
        Dialogs dialogs = Dialogs.connected(scene, audio(), audio());
        assertThat(dialogs.bob().engine().signalling().role(dialogs.toAlice())).isEqualTo(IceRole.CONTROLLED);
        IceCredentials servers = new IceCredentials("lite", "aServersPasswordOf24Chars");
        IceDescription offer = dialogs.aliceOffers();
        StreamDescription taken =
                offer.streams().get(0).toBuilder().credentials(servers).build();

        dialogs.bobAnswers(offer.toBuilder().lite(true).replaceStream(taken).build());

        assertThat(dialogs.bob().engine().signalling().role(dialogs.toAlice())).isEqualTo(IceRole.CONTROLLING);
        assertThat(dialogs.bob().report(-1).timeline())
                .extracting(moment -> moment.what())
                .contains("our role is CONTROLLING now");
    }

    // RFC 8445 §8.1.1: a pair of each component is nominated, by who controls; §7.3.2 has the lite agent take each
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eachComponentIsNominatedByTheFullSide(boolean liteOffers) {
        IceConfig both = IceConfig.create().stream("audio", 1, 2);
        VirtualPhone home = home(both);
        VirtualPhone server = scene.publicly("server", "203.0.113.7", both.lite());
        VirtualCall call = liteOffers ? scene.call(server, home) : scene.call(home, server);

        assertThat(call.runUntilCompleted(SOON)).as(scene.network()::dump).isTrue();
        int peer = liteOffers ? call.callerPeer() : call.calleePeer();
        int homes = liteOffers ? call.calleePeer() : call.callerPeer();
        ByteBuffer packet = ByteBuffer.wrap(new byte[] {(byte) 0x80, 0, 0, 1});
        for (int component = 1; component <= 2; component++) {
            assertThat(server.send(peer, 0, component, packet)).isTrue();
            assertThat(home.send(homes, 0, component, packet)).isTrue();
        }
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(server.received())
                .extracting(VirtualPhone.Received::component)
                .containsExactlyInAnyOrder(1, 2);
        assertThat(home.received()).extracting(VirtualPhone.Received::component).containsExactlyInAnyOrder(1, 2);
        for (int component = 1; component <= 2; component++) {
            String nominated = "audio/" + component + " nominated";
            assertThat(server.report(-1).timeline())
                    .anyMatch(moment -> moment.what().startsWith(nominated));
        }
    }

    // one component that the peer leaves without a nomination: RFC 8445 §8.1.1 has the stream wait for it
    @Test
    void aComponentThatIsNotNominatedLeavesTheStreamOpen() {
        IceConfig both = IceConfig.create().stream("audio", 1, 2).patience(Duration.ofSeconds(12));
        VirtualPhone server = scene.publicly("server", "203.0.113.7", both.lite());
        InetSocketAddress rtcp = server.bases().stream()
                .filter(base -> base.component() == 2)
                .map(base -> base.base().address())
                .findFirst()
                .orElseThrow();
        scene.network().internet().block(packet -> packet.destination().equals(rtcp));
        VirtualCall call = scene.call(home(both), server);

        assertThat(call.runUntilCompleted(Duration.ofSeconds(11))).isFalse();
        scene.network().runFor(Duration.ofSeconds(5));

        assertThat(call.isAt(IceState.FAILED)).isTrue();
    }

    // RFC 8445 §9: the full side restarts; media goes on, and the lite side follows again
    @Test
    void aHomeRestartsTowardsALiteServer() {
        VirtualCall call = scene.call(home(), scene.publicly("server", "203.0.113.7", audio().lite()));
        assertThat(call.runUntilCompleted(SOON)).isTrue();
        PacketFlow there = call.toCallee(EVERY_20_MS);
        PacketFlow back = call.toCaller(EVERY_20_MS);
        scene.network().runFor(Duration.ofSeconds(1));

        call.caller().perform(now -> {
            call.caller().engine().signalling().restart(now, call.callerPeer());
            return true;
        });
        scene.network().runFor(Duration.ofMinutes(1));
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofSeconds(1));

        for (VirtualPhone phone : List.of(call.caller(), call.callee())) {
            int peer = phone == call.caller() ? call.callerPeer() : call.calleePeer();
            assertThat(phone.engine().signalling().generation(peer).number()).isEqualTo(1);
            assertThat(phone.heard(IceEvent.PathChanged.class))
                    .anyMatch(changed -> changed.cause() == PathChange.RESTART);
        }
        assertThat(call.callee().engine().signalling().role(call.calleePeer())).isEqualTo(IceRole.CONTROLLED);
        assertThat(there.lost() + back.lost() + there.duplicated() + back.duplicated())
                .isZero();
    }

    private VirtualPhone behindOneToOneNat(IceConfig config) {
        VirtualNat nat = scene.nat("203.0.113.7", NatBehaviour.FULL_CONE).forward("10.0.0.5");
        return scene.behind(nat, "server", "10.0.0.5", config);
    }

    @Test
    void aLiteServerBehindAOneToOneNatTellsItsExternalAddressAlone() {
        VirtualPhone server = behindOneToOneNat(audio().lite().natMapping(NatMapping.host(INTERNAL, EXTERNAL)));

        VirtualCall call = scene.call(home(), server);

        scene.completesWithMedia(call);
        IceDescription told = server.describe();
        assertThat(told.lite()).isTrue();
        assertThat(IceSdp.format(told)).contains("203.0.113.7").doesNotContain("10.0.0.5");
    }

    @Test
    void aFullServerBehindAOneToOneNatNeedsNoStunServer() {
        scene.completesWithMedia(
                scene.call(home(), behindOneToOneNat(audio().natMapping(NatMapping.host(INTERNAL, EXTERNAL)))));
    }

    @Test
    void aReflexiveMappingTellsBothAddresses() {
        VirtualPhone server = behindOneToOneNat(audio().natMapping(NatMapping.reflexive(INTERNAL, EXTERNAL)));

        scene.completesWithMedia(scene.call(home(), server));

        assertThat(server.describe().streams().get(0).candidates())
                .extracting(Candidate::type)
                .containsExactly(CandidateType.HOST, CandidateType.SERVER_REFLEXIVE);
    }

    // control of the three tests above: without the mapping nobody finds the server
    @Test
    void withoutAMappingTheServerIsNotFound() {
        VirtualCall call = scene.call(home(), behindOneToOneNat(audio().lite()));

        assertThat(call.runUntilCompleted(SOON)).isFalse();
    }

    @Test
    void aServerThatVanishesIsNoticedByAFullPeerAndTheOtherWayRound() {
        VirtualCall call = scene.call(home(), scene.publicly("server", "203.0.113.7", audio().lite()))
                .offeringByHand();
        assertThat(call.runUntilCompleted(SOON)).isTrue();

        scene.network().internet().block(Block.of("203.0.113.7"));
        scene.network().runFor(Duration.ofSeconds(75));

        assertThat(call.isAt(IceState.FAILED)).isTrue();
        assertThat(call.callee().heard(IceEvent.Failed.class)).isNotEmpty();
    }

    @Test
    void aLiteAgentHasNoUseForServers() {
        assertThatIllegalArgumentException().isThrownBy(() -> withStun(audio()).lite());
        assertThatIllegalArgumentException().isThrownBy(() -> withStun(audio().lite()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> audio().lite().natMapping(NatMapping.reflexive(INTERNAL, EXTERNAL)));
    }
}
