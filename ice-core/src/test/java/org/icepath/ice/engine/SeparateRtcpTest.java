// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.candidate.TransportType;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PendingOffer;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.junit.jupiter.api.Test;

/** Calls whose RTCP travelled with RTP, and is to go its own way again: transfers, music on hold (RFC 5761 §5.1.1). */
class SeparateRtcpTest {

    private static final ByteBuffer RTP = ByteBuffer.wrap(new byte[] {(byte) 0x80, 0, 0, 1});
    private static final ByteBuffer RTCP = ByteBuffer.wrap(new byte[] {(byte) 0x80, (byte) 200, 0, 1});

    private final CallScene scene = new CallScene(77);
    private final Dialogs dialogs = Dialogs.connected(scene, multiplexed(), multiplexed());
    private final VirtualPhone alice = dialogs.alice();

    private static IceConfig multiplexed() {
        return apart().rtcpMux("audio");
    }

    private static IceConfig apart() {
        return IceConfig.create().stream("audio", 1, 2);
    }

    /** The same, without multiplexing. */
    private static IceDescription unmuxed(IceDescription description) {
        StreamDescription audio =
                description.streams().get(0).toBuilder().rtcpMux(false).build();
        return description.toBuilder().replaceStream(audio).build();
    }

    private VirtualPhone carol(IceConfig config) {
        return scene.publicly("carol", "198.51.100.12", config).gather();
    }

    /** Sends RTP and RTCP, and says what has come of it, by component. */
    private List<Integer> heard(VirtualPhone from, int peer, VirtualPhone to) {
        int before = to.received().size();
        from.send(peer, 0, Candidate.RTP, RTP);
        from.send(peer, 0, Candidate.RTCP, RTCP);
        dialogs.run(Duration.ofMillis(100));
        return to.received().stream()
                .skip(before)
                .map(VirtualPhone.Received::component)
                .toList();
    }

    // a B2BUA puts another phone in the place of the one that multiplexed
    @Test
    void aPhoneThatTakesOverWithoutMultiplexingHasBothComponents() {
        VirtualPhone carol = carol(apart());
        assertThat(alice.node().events(EngineEvent.BaseUnused.class))
                .as("control: the socket of RTCP is gone")
                .hasSize(1);

        IceDescription answer = alice.answer(dialogs.toBob(), VirtualCall.travelled(carol.describe()));
        int toAlice = carol.accept(VirtualCall.travelled(answer), IceRole.CONTROLLING);
        dialogs.run(Duration.ofSeconds(5));

        assertThat(answer.streams().get(0).components()).containsExactly(1, 2);
        assertThat(answer.streams().get(0).rtcpMux()).isFalse();
        assertThat(carol.state(toAlice)).isEqualTo(IceState.COMPLETED);
        assertThat(alice.state(dialogs.toBob())).isEqualTo(IceState.COMPLETED);
        assertThat(heard(alice, dialogs.toBob(), carol)).containsExactly(1, 2);
        assertThat(heard(carol, toAlice, alice)).containsExactly(1, 2);
    }

    // RFC 8445 §6.1.2.2: who has RTP alone has one component, and so do we
    @Test
    void aPhoneThatTakesOverWithRtpAloneHasThat() {
        VirtualPhone carol = carol(IceConfig.create().stream("audio", 1));

        IceDescription answer = alice.answer(dialogs.toBob(), VirtualCall.travelled(carol.describe()));
        int toAlice = carol.accept(VirtualCall.travelled(answer), IceRole.CONTROLLING);
        dialogs.run(Duration.ofMinutes(1));

        assertThat(answer.streams().get(0).components()).containsExactly(1);
        assertThat(carol.state(toAlice)).isEqualTo(IceState.COMPLETED);
        assertThat(alice.state(dialogs.toBob())).isEqualTo(IceState.COMPLETED);
        assertThat(heard(alice, dialogs.toBob(), carol)).containsExactly(1);
    }

    // the socket cannot be bound again, as where the application has handed it in: RTP goes on all the same
    @Test
    void withoutASocketForRtcpTheStreamIsDescribedWithoutIt() {
        VirtualPhone carol = carol(apart());
        IceDescription offer = VirtualCall.travelled(carol.describe());

        List<Integer> wanted = alice.perform(now -> alice.engine().signalling().reopen(now, dialogs.toBob(), offer));
        assertThat(wanted).containsExactly(0);
        IceDescription answer = alice.perform(now -> alice.engine().signalling().answer(now, dialogs.toBob(), offer));
        carol.accept(VirtualCall.travelled(answer), IceRole.CONTROLLING);
        dialogs.run(Duration.ofSeconds(5));

        assertThat(answer.streams().get(0).components()).containsExactly(1);
        assertThat(alice.state(dialogs.toBob())).isEqualTo(IceState.COMPLETED);
        assertThat(heard(alice, dialogs.toBob(), carol)).containsExactly(1);
    }

    // the most usual phone of all has neither ICE nor rtcp-mux
    @Test
    void aPhoneWithoutIceThatTakesOverHasBothComponents() {
        VirtualPhone carol = carol(apart());

        IceDescription answer = alice.answer(dialogs.toBob(), Dialogs.withoutIce(carol.describe()));
        carol.accept(Dialogs.withoutIce(answer), IceRole.CONTROLLING);
        dialogs.run(Duration.ofSeconds(1));

        assertThat(alice.state(dialogs.toBob())).isEqualTo(IceState.COMPLETED);
        assertThat(heard(alice, dialogs.toBob(), carol)).containsExactly(1, 2);
    }

    // an INVITE without an offer: ours goes out in the 200, has RTP alone, and another phone answers it
    @Test
    void anAnswerWithoutMultiplexingToAnOfferOfRtpAloneHasRtp() {
        VirtualPhone carol = carol(apart());
        int toAlice = carol.accept(VirtualCall.travelled(dialogs.aliceOffers()), IceRole.CONTROLLED);

        alice.update(dialogs.toBob(), VirtualCall.travelled(carol.describe()));
        dialogs.run(Duration.ofMinutes(1));

        assertThat(carol.state(toAlice)).isEqualTo(IceState.COMPLETED);
        assertThat(alice.state(dialogs.toBob())).isEqualTo(IceState.COMPLETED);
        assertThat(heard(alice, dialogs.toBob(), carol)).containsExactly(1);
        assertThat(heard(carol, toAlice, alice)).containsExactly(1);
    }

    private Optional<PendingOffer> pending() {
        return alice.engine().signalling().pendingOffer(dialogs.toBob());
    }

    // RFC 5761 §5.1.1: without a=rtcp-mux RTCP must not go to RTP's port; a path of its own takes a restart
    @Test
    void withoutARestartRtpGoesOnAndRtcpWaitsForOne() {
        IceDescription offer = withRtcp(
                unmuxed(bob().perform(now -> bob().engine().signalling().offer(now, dialogs.toAlice()))));
        IceDescription answer = alice.answer(dialogs.toBob(), VirtualCall.travelled(offer));
        bob().update(dialogs.toAlice(), VirtualCall.travelled(answer));
        dialogs.run(Duration.ofMinutes(1));

        assertThat(answer.streams().get(0).rtcpMux()).isFalse();
        assertThat(answer.streams().get(0).components()).containsExactly(1);
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
        assertThat(heard(alice, dialogs.toBob(), bob())).containsExactly(1);
        assertThat(pending().map(PendingOffer::reason)).contains(PendingOffer.Reason.RESTART);

        dialogs.exchange(SeparateRtcpTest::unmuxed);
        dialogs.run(Duration.ofSeconds(5));

        assertThat(pending()).isEmpty();
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
        assertThat(heard(alice, dialogs.toBob(), bob())).containsExactly(1, 2);
        assertThat(heard(bob(), dialogs.toAlice(), alice)).containsExactly(1, 2);
    }

    private VirtualPhone bob() {
        return dialogs.bob();
    }

    /** With a candidate of RTCP that nothing answers at. */
    private static IceDescription withRtcp(IceDescription description) {
        StreamDescription audio = description.streams().get(0).toBuilder()
                .candidate(Candidate.host(
                        new Foundation("r"),
                        Candidate.RTCP,
                        TransportType.UDP,
                        65_535,
                        new InetSocketAddress("198.51.100.11", 9_000)))
                .build();
        return description.toBuilder().replaceStream(audio).build();
    }

    // and back: the phone that multiplexed takes the call again
    @Test
    void whatIsMultiplexedAgainGivesItsSocketUpAgain() {
        VirtualPhone carol = carol(apart());
        IceDescription toCarol = alice.answer(dialogs.toBob(), VirtualCall.travelled(carol.describe()));
        carol.accept(VirtualCall.travelled(toCarol), IceRole.CONTROLLING);
        dialogs.run(Duration.ofSeconds(5));

        VirtualPhone dave =
                scene.publicly("dave", "198.51.100.13", multiplexed()).gather();
        IceDescription toDave = alice.answer(dialogs.toBob(), VirtualCall.travelled(dave.describe()));
        int toAlice = dave.accept(VirtualCall.travelled(toDave), IceRole.CONTROLLING);
        dialogs.run(Duration.ofSeconds(5));

        assertThat(toDave.streams().get(0).rtcpMux()).isTrue();
        assertThat(dave.state(toAlice)).isEqualTo(IceState.COMPLETED);
        assertThat(heard(alice, dialogs.toBob(), dave)).containsExactly(1, 2);
        assertThat(alice.node().events(EngineEvent.BaseUnused.class))
                .as("of the first call, RTP's twin when sockets were bound anew, and RTCP's second one")
                .hasSize(3);
    }
}
