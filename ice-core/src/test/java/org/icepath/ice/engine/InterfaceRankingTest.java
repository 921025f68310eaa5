// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.icepath.candidate.InterfaceKind;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceState;
import org.icepath.ice.Pacer;
import org.icepath.ice.PathChange;
import org.icepath.ice.PendingOffer;
import org.icepath.sansio.Cause;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.Block;
import org.junit.jupiter.api.Test;

/** Two phones on a LAN and on a VPN: 192.0.2.1 and 2 there, 192.0.2.101 and 102 here. Nothing passes from one to the other. */
class InterfaceRankingTest {

    private static final Duration EVERY_20_MS = Duration.ofMillis(20);

    private final CallScene scene = new CallScene(7);
    private final Block lan = scene.network().internet().block(Block.between("192.0.2.1", "192.0.2.2"));

    private static InterfaceKind kind(InetAddress address) {
        return address.getHostAddress().startsWith("192.0.2.10") ? InterfaceKind.VPN : InterfaceKind.WIRED;
    }

    private VirtualPhone phone(String name, String lanAddress, String vpnAddress, IceConfig config) {
        return new VirtualPhone(
                scene.network(),
                scene.network().internet().host(name, lanAddress, vpnAddress),
                config,
                Pacer.shared(),
                InterfaceRankingTest::kind);
    }

    private VirtualCall call(UnaryOperator<IceConfig> more) {
        scene.network().internet().block(Block.between("192.0.2.1", "192.0.2.102"));
        scene.network().internet().block(Block.between("192.0.2.101", "192.0.2.2"));
        VirtualCall call = scene.call(
                phone("alice", "192.0.2.1", "192.0.2.101", more.apply(audio())),
                phone("bob", "192.0.2.2", "192.0.2.102", more.apply(audio())));
        return call;
    }

    private VirtualCall completed(UnaryOperator<IceConfig> more) {
        VirtualCall call = call(more);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(10)))
                .as(scene.network()::dump)
                .isTrue();
        return call;
    }

    private static String last(VirtualPhone phone) {
        List<IceEvent.PathChanged> changes = phone.heard(IceEvent.PathChanged.class);
        CandidatePair pair = changes.get(changes.size() - 1).to();
        return pair.local().address().host();
    }

    private static List<PathChange> causes(VirtualPhone phone) {
        return phone.heard(IceEvent.PathChanged.class).stream()
                .map(IceEvent.PathChanged::cause)
                .toList();
    }

    @Test
    void theVpnIsNotNominatedWhereTheLanWorks() {
        lan.lift();

        VirtualCall call = completed(config -> config);

        assertThat(last(call.caller())).isEqualTo("192.0.2.1");
        assertThat(last(call.callee())).isEqualTo("192.0.2.2");
    }

    @Test
    void mediaLeavesTheVpnWhenTheLanOpensAndNoPacketIsLost() {
        VirtualCall call = completed(IceConfig::renomination);
        assertThat(last(call.caller())).isEqualTo("192.0.2.101");
        PacketFlow there = call.toCallee(EVERY_20_MS);
        PacketFlow back = call.toCaller(EVERY_20_MS);

        lan.lift();
        scene.network().runFor(Duration.ofSeconds(30));
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(last(call.caller())).as(scene.network()::dump).isEqualTo("192.0.2.1");
        assertThat(last(call.callee())).isEqualTo("192.0.2.2");
        assertThat(causes(call.caller())).endsWith(PathChange.PROMOTED);
        assertThat(there.lost() + back.lost() + there.duplicated() + back.duplicated())
                .isZero();
    }

    // "Never the VPN": no candidate, no check, no packet
    @Test
    void whereTheVpnIsForbiddenNothingGoesThere() {
        lan.lift();

        VirtualCall call = completed(IceConfig::noVpn);

        assertThat(call.caller().describe().streams().get(0).candidates()).hasSize(1);
        assertThat(call.caller().report(-1).pairs()).hasSize(1);
        assertThat(call.caller().report(-1).text()).contains("not over a VPN");
    }

    @Test
    void aVpnThatIsForbiddenIsNotUsedEvenWhereItIsTheOnlyWay() {
        VirtualCall call = call(config -> config.noVpn().patience(Duration.ofSeconds(5)));

        scene.network().runUntil(() -> call.isAt(IceState.FAILED), Duration.ofSeconds(60));

        assertThat(call.isAt(IceState.FAILED)).isTrue();
    }

    private void cutLan(VirtualCall call) {
        lan.enforce();
        scene.network().runFor(Duration.ofSeconds(20));
        assertThat(last(call.caller())).isEqualTo("192.0.2.101");
        assertThat(last(call.callee())).isEqualTo("192.0.2.102");
    }

    // Architecture §4: after a failover the controlling side renominates, so that both agree again
    @Test
    void afterAFailoverThePathInUseIsNominatedAndTheBetterOneWhenItIsBack() {
        lan.lift();
        VirtualCall call = completed(IceConfig::renomination);
        scene.network().runFor(Duration.ofSeconds(20));

        cutLan(call);
        String cut = call.callee().report(-1).text();
        lan.lift();
        scene.network().runFor(Duration.ofMinutes(3));

        assertThat(cut).contains("nominated host 192.0.2.102");
        assertThat(last(call.caller())).isEqualTo("192.0.2.1");
        assertThat(last(call.callee())).isEqualTo("192.0.2.2");
        assertThat(call.caller().heard(IceEvent.OfferPending.class)).isEmpty();
    }

    // … or either side asks for a restart, when the agreed pair is lost for good
    @Test
    void withoutRenominationALostInterfaceIsAWishForARestartOnEitherSide() {
        lan.lift();
        VirtualCall call = completed(config -> config).offeringByHand();
        scene.network().runFor(Duration.ofSeconds(20));

        lan.enforce();
        call.callee().perform(now -> {
            call.callee()
                    .engine()
                    .baseLost(
                            now,
                            call.callee().bases().get(0).base(),
                            new Cause(Cause.Kind.LOCAL_GONE, "eth0 went down"));
            return true;
        });
        scene.network().runFor(Duration.ofSeconds(15));

        assertThat(last(call.callee())).isEqualTo("192.0.2.102");
        assertThat(call.callee().heard(IceEvent.OfferPending.class))
                .extracting(pending -> pending.offer().reason())
                .containsExactly(PendingOffer.Reason.PROMOTION);
    }
}
