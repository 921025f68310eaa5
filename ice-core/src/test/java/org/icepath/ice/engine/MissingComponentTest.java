// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.Generation;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceState;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls between who has RTCP and who has not (RFC 8445 §6.1.2.2): the stream has the components that both have. */
class MissingComponentTest {

    private static final ByteBuffer PACKET = ByteBuffer.wrap(new byte[] {(byte) 0x80, 0, 0, 1});

    private final CallScene scene = new CallScene(78);

    private static IceConfig withRtcp() {
        return IceConfig.create().stream("audio", 1, 2);
    }

    private static IceConfig withoutRtcp() {
        return IceConfig.create().stream("audio", 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoHasRtcpGoesWithoutItTowardsWhoHasNot(boolean callerHasIt) {
        Dialogs dialogs = callerHasIt
                ? Dialogs.connected(scene, withRtcp(), withoutRtcp())
                : Dialogs.connected(scene, withoutRtcp(), withRtcp());
        dialogs.run(Duration.ofMinutes(1));

        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
        assertThat(dialogs.alice().send(dialogs.toBob(), 0, Candidate.RTP, PACKET))
                .isTrue();
        assertThat(dialogs.bob().send(dialogs.toAlice(), 0, Candidate.RTP, PACKET))
                .isTrue();
        IceDescription offer = dialogs.aliceOffers();
        assertThat(offer.streams().get(0).components()).containsExactly(Candidate.RTP);
        assertThat(offer.streams().get(0).candidates())
                .as("RFC 8839 §4.4.1.2.2: the selected one alone")
                .hasSize(1);
    }

    // RFC 8838 §13: what the peer does not have is known when its candidates are at an end
    @Test
    void whoTricklesHasNoRtcpOnceItsCandidatesAreAtAnEnd() {
        VirtualCall call = scene.call(
                scene.publicly("alice", "198.51.100.10", withRtcp().trickle()),
                scene.publicly("bob", "198.51.100.11", withoutRtcp().trickle()));

        assertThat(call.runUntilCompleted(Duration.ofSeconds(5)))
                .as(scene.network()::dump)
                .isTrue();
        scene.network().runFor(Duration.ofMinutes(1));

        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
        assertThat(call.caller().heard(IceEvent.Failed.class)).isEmpty();
    }

    // RFC 8838 §13: an INFO may be late or come twice; what a restart's answer has named so far says nothing of the
    // generation before it
    @Test
    void theGenerationInForceKeepsItsRtcpWhenItsCandidatesEndDuringARestart() {
        Dialogs dialogs =
                Dialogs.connected(scene, withRtcp().trickle(), withRtcp().trickle());
        VirtualPhone alice = dialogs.alice();
        Generation inForce = alice.engine().signalling().generation(dialogs.toBob());
        alice.perform(now -> {
            alice.engine().signalling().restart(now, dialogs.toBob());
            return true;
        });
        dialogs.aliceAccepts(rtpSoFar(dialogs.bobAnswers(dialogs.aliceOffers())));

        alice.perform(now -> {
            alice.engine().trickle().endOfRemote(now, dialogs.toBob(), inForce);
            return true;
        });

        ByteBuffer rtcp = ByteBuffer.wrap(new byte[] {(byte) 0x80, (byte) 200, 0, 1});
        assertThat(alice.report(-1).pairs())
                .filteredOn(pair -> pair.generation() == 0)
                .extracting(IceReport.PairEntry::component)
                .contains(Candidate.RTCP);
        assertThat(alice.send(dialogs.toBob(), 0, Candidate.RTCP, rtcp)).isTrue();
    }

    /** The description of a phone that has more to tell: a candidate of RTP is there, none of RTCP yet. */
    private static IceDescription rtpSoFar(IceDescription description) {
        StreamDescription audio = description.streams().get(0);
        StreamDescription soFar = audio.toBuilder()
                .clearCandidates()
                .candidates(audio.candidates(Candidate.RTP))
                .endOfCandidates(false)
                .build();
        return description.toBuilder().replaceStream(soFar).build();
    }

    // a restart asks for both again: there may be another phone by now
    @Test
    void aRestartOffersRtcpAgain() {
        Dialogs dialogs = Dialogs.connected(scene, withRtcp(), withoutRtcp());
        dialogs.alice().perform(now -> {
            dialogs.alice().engine().signalling().restart(now, dialogs.toBob());
            return true;
        });

        IceDescription offer = dialogs.aliceOffers();
        dialogs.aliceAccepts(dialogs.bobAnswers(offer));
        dialogs.run(Duration.ofMinutes(1));

        assertThat(offer.streams().get(0).components()).containsExactly(Candidate.RTP, Candidate.RTCP);
        assertThat(dialogs.call().isAt(IceState.COMPLETED)).isTrue();
        assertThat(dialogs.alice().heard(IceEvent.RestartFailed.class)).isEmpty();
    }
}
