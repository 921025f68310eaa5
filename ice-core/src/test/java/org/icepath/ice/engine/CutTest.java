// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;

import java.time.Duration;
import java.util.List;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.InterfaceKind;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IceState;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.Zone;
import org.junit.jupiter.api.Test;

/** A call whose every path is cut ends in a failure that says why. */
class CutTest {

    private static final IceConfig IMPATIENT = audio().patience(Duration.ofSeconds(6));

    private final CallScene scene = new CallScene(31);
    private final Zone lan = scene.network().zone("lan", LinkConditions.ofMillis(1));
    private final Zone vpn = scene.network().zone("vpn", LinkConditions.ofMillis(20));
    private final VirtualPhone alice =
            new VirtualPhone(scene.network(), lan.host("alice", "192.168.1.1").attach(vpn, "10.8.0.1"), IMPATIENT);
    private final VirtualPhone bob =
            new VirtualPhone(scene.network(), lan.host("bob", "192.168.1.2").attach(vpn, "10.8.0.2"), IMPATIENT);
    private final VirtualCall call = scene.call(alice, bob).offeringByHand();

    private void connect() {
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        scene.network().runFor(Duration.ofSeconds(10));
    }

    private static IceFailure failureOf(VirtualPhone phone) {
        List<IceEvent.Failed> failures = phone.heard(IceEvent.Failed.class);
        assertThat(failures).hasSize(1);
        return failures.get(0).failure();
    }

    // RFC 7675 §5.1: consent lasts 30 s; then patience begins (RFC 8863 §4)
    @Test
    void aSilentCutOfEverythingFailsWhenConsentAndPatienceAreOver() {
        connect();
        lan.block(packet -> true);
        vpn.block(packet -> true);

        scene.network().runFor(Duration.ofSeconds(29));
        assertThat(call.isAt(IceState.FAILED)).isFalse();
        scene.network().runFor(Duration.ofSeconds(15));

        assertThat(call.isAt(IceState.FAILED)).isTrue();
        for (VirtualPhone phone : List.of(alice, bob)) {
            assertThat(failureOf(phone).kind()).isEqualTo(IceFailure.Kind.CONSENT_LOST);
            assertThat(failureOf(phone).explanation())
                    .contains("consent expired: no answer for 30 s")
                    .contains("none came back within 6.0 s");
            assertThat(failureOf(phone).tried()).isNotEmpty();
        }
    }

    @Test
    void theLossOfAllInterfacesIsNamedAsTheReason() {
        connect();
        alice.host().detach("192.168.1.1");
        alice.host().detach("10.8.0.1");

        scene.network().runFor(Duration.ofSeconds(10));

        assertThat(alice.state(call.callerPeer())).isEqualTo(IceState.FAILED);
        assertThat(failureOf(alice).explanation()).contains("10.8.0.1 was taken away");
        assertThat(failureOf(alice).tried()).anyMatch(pair -> pair.contains("192.168.1.1 was taken away"));
        assertThat(alice.report(-1).text()).contains("leaves host").contains("192.168.1.1 was taken away");
    }

    private IceDescription exchange(VirtualPhone from, int fromPeer, VirtualPhone to, int toPeer) {
        IceDescription offer = from.perform(now -> from.engine().signalling().offer(now, fromPeer));
        IceDescription travelled = VirtualCall.travelled(offer);
        from.update(fromPeer, VirtualCall.travelled(to.answer(toPeer, travelled)));
        return travelled;
    }

    // RFC 8840 §4.1.1: without candidates the default destination is 0.0.0.0 and port 9; the offer is one all the same
    @Test
    void whoHasNoInterfaceLeftOffersNowhereAndIsFoundWhenOneComes() {
        connect();
        alice.host().detach("192.168.1.1");
        alice.host().detach("10.8.0.1");
        scene.network().runFor(Duration.ofSeconds(10));

        IceDescription offer = exchange(alice, call.callerPeer(), bob, call.calleePeer());

        StreamDescription stream = offer.streams().get(0);
        assertThat(stream.hasIce()).isTrue();
        assertThat(stream.candidates()).isEmpty();
        assertThat(stream.defaultDestination(1)).contains(CandidateAddress.of("0.0.0.0", 9));
        assertThat(stream.rejected()).isFalse();
        assertThat(bob.engine().signalling().generation(call.calleePeer()).number())
                .as("a restart, not a mismatch")
                .isEqualTo(1);

        alice.attach(lan, "192.168.1.77", InterfaceKind.WIRED);
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(call.isAt(IceState.COMPLETED)).as(scene.network()::dump).isTrue();
    }
}
