// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.RemoteCandidate;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.Decision;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceException;
import org.icepath.ice.IceProfile;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PendingOffer;
import org.icepath.ice.ms.MsProfiles;
import org.icepath.sdp.IceSdp;
import org.icepath.sdp.ms.MsSdpDialect;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.Zone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The final offer and answer of MS-ICE2, at both sides ([MS-ICE2] §3.1.4.8.3; second half: what the controlled side obeys). */
class FinalOfferTest {

    private static final Duration WIRE = Duration.ofMillis(20);

    private final VirtualNetwork net = new VirtualNetwork(1);
    private final Zone lan = net.zone("lan", LinkConditions.ofMillis(5));

    private static IceConfig config(IceProfile profile) {
        return IceConfig.create().profile(profile).stream("audio", 1, 2);
    }

    private VirtualPhone phone(String name, String address, IceProfile profile) {
        return new VirtualPhone(net, lan.host(name, address, address + "0"), config(profile));
    }

    private VirtualCall call(IceProfile caller, IceProfile callee) {
        VirtualPhone alice = phone("alice", "10.0.0.1", caller);
        VirtualPhone bob = phone("bob", "10.0.0.2", callee);
        return VirtualCall.start(net, alice, bob, WIRE).offeringByHand();
    }

    static Stream<Arguments> calls() {
        return Stream.of(
                Arguments.of(MsProfiles.ICE2, MsProfiles.ICE2),
                Arguments.of(IceProfile.auto(), MsProfiles.ICE2),
                Arguments.of(MsProfiles.ICE2, IceProfile.auto()));
    }

    private static IceDescription finalOffer(VirtualCall call) {
        VirtualPhone alice = call.caller();
        return alice.perform(now -> alice.engine().signalling().offer(now, call.callerPeer()));
    }

    private static IceDescription answer(VirtualCall call, IceDescription offer) {
        VirtualPhone bob = call.callee();
        return bob.perform(now -> bob.engine().signalling().answer(now, call.calleePeer(), offer));
    }

    // The final offer has the selected candidates and nothing
    // else, so has the answer, and both say which of the other's
    @ParameterizedTest
    @MethodSource("calls")
    void theFinalExchangeHasExactlyTheSelectedCandidates(IceProfile caller, IceProfile callee) {
        VirtualCall call = call(caller, callee);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        net.runFor(Duration.ofMillis(100));

        assertThat(call.caller().engine().signalling().pendingOffer(call.callerPeer()))
                .map(PendingOffer::reason)
                .contains(PendingOffer.Reason.PATHS_SELECTED);
        assertThat(call.callee().engine().signalling().pendingOffer(call.calleePeer()))
                .isEmpty();
        IceDescription offer = finalOffer(call);
        IceDescription answer = answer(call, offer);

        for (IceDescription description : List.of(offer, answer)) {
            StreamDescription audio = description.streams().get(0);
            assertThat(audio.candidates()).extracting(Candidate::component).containsExactly(1, 2);
            assertThat(audio.remoteCandidates())
                    .extracting(RemoteCandidate::component)
                    .containsExactly(1, 2);
            assertThat(audio.defaultDestination(1))
                    .contains(audio.candidates(1).get(0).address());
            assertThat(audio.defaultDestination(2))
                    .contains(audio.candidates(2).get(0).address());
        }
        assertThat(answer.streams().get(0).remoteCandidates())
                .extracting(RemoteCandidate::address)
                .containsExactlyElementsOf(offer.streams().get(0).candidates().stream()
                        .map(Candidate::address)
                        .toList());
    }

    @Test
    void theFinalOfferOfAStandardCallIsNotDue() {
        VirtualCall call = call(IceProfile.auto(), IceProfile.auto());
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        net.runFor(Duration.ofSeconds(1));

        assertThat(call.caller().engine().signalling().pendingOffer(call.callerPeer()))
                .isEmpty();
    }

    // [MS-ICE2]: m=, c= and a=rtcp are those of the selected pair
    @Test
    void theFinalOfferIsRewrittenInSdp() {
        VirtualCall call = call(MsProfiles.ICE2, MsProfiles.ICE2);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        IceDescription offer = finalOffer(call);
        StreamDescription audio = offer.streams().get(0);
        CandidateAddress rtp = audio.candidates(1).get(0).address();
        CandidateAddress rtcp = audio.candidates(2).get(0).address();

        String body = IceSdp.format(offer, MsSdpDialect.INSTANCE, 1, 2);

        assertThat(body).contains("m=audio " + rtp.port() + " ").contains("c=IN IP4 " + rtp.host());
        assertThat(body).contains("a=remote-candidates:1 ");
        assertThat(rtcp.port() == rtp.port() + 1 || body.contains("a=rtcp:" + rtcp.port()))
                .isTrue();
        assertThat(body).doesNotContain("ice-options");
        assertThat(body.lines().filter(line -> line.startsWith("a=candidate"))).hasSize(2);
    }

    private static IceDescription with(
            IceDescription offer, int component, CandidateAddress theirs, CandidateAddress ours) {
        StreamDescription audio = offer.streams().get(0);
        StreamDescription.Builder changed = audio.toBuilder().clearCandidates();
        for (Candidate candidate : audio.candidates()) {
            changed.candidates(List.of(candidate.component() == component ? candidate.withAddress(theirs) : candidate));
        }
        changed.remoteCandidate(new RemoteCandidate(component, ours));
        return offer.toBuilder().replaceStream(changed.build()).build();
    }

    // Its remote candidate is unknown: the call must fail
    @Test
    void aFinalOfferWithAnUnknownCandidateOfThePeersFailsTheCall() {
        VirtualCall call = call(MsProfiles.ICE2, MsProfiles.ICE2);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        IceDescription offer = finalOffer(call);
        CandidateAddress ours = offer.streams().get(0).remoteCandidates().get(0).address();
        IceDescription other = with(offer, 1, CandidateAddress.of("10.0.0.77", 7777), ours);

        assertThatThrownBy(() -> answer(call, other)).isInstanceOf(IceException.class);
        assertThat(call.callee().state(call.calleePeer()))
                .as("nothing is torn: the application decides")
                .isEqualTo(IceState.COMPLETED);
    }

    // Our candidate is unknown, and no check that nominates is queued: the call must fail
    @Test
    void aFinalOfferWithAnUnknownCandidateOfOursFailsTheCall() {
        VirtualCall call = call(MsProfiles.ICE2, MsProfiles.ICE2);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        IceDescription offer = finalOffer(call);
        CandidateAddress theirs = offer.streams().get(0).candidates(1).get(0).address();

        assertThatThrownBy(() -> answer(call, with(offer, 1, theirs, CandidateAddress.of("10.0.0.77", 7777))))
                .isInstanceOf(IceException.class);
    }

    private static VirtualPhone patient(VirtualNetwork net, Zone lan, String name, String address) {
        return new VirtualPhone(
                net,
                lan.host(name, address, address + "0"),
                config(MsProfiles.ICE2).nomination((now, view) -> new Decision.WaitUntil(Long.MAX_VALUE)));
    }

    // A match moves media at once, before any nomination has come
    @Test
    void theNamedPairCarriesMediaAtOnce() {
        VirtualPhone bob = patient(net, lan, "bob", "10.0.0.2");
        VirtualCall call = VirtualCall.start(net, patient(net, lan, "alice", "10.0.0.1"), bob, WIRE)
                .offeringByHand();
        net.runFor(Duration.ofSeconds(3));
        assertThat(call.isAt(IceState.CONNECTED)).as("nothing is nominated").isTrue();
        IceDescription first = call.caller().describe();
        IceDescription ours = bob.describe();
        StreamDescription.Builder named = first.streams().get(0).toBuilder().clearCandidates();
        for (int component = 1; component <= 2; component++) {
            Candidate second = first.streams().get(0).candidates(component).get(1);
            named.candidates(List.of(second));
            if (component == 1) {
                named.destination(second.address());
            } else {
                named.rtcpDestination(second.address());
            }
            named.remoteCandidate(new RemoteCandidate(
                    component,
                    ours.streams().get(0).candidates(component).get(0).address()));
        }

        IceDescription offer = first.toBuilder().replaceStream(named.build()).build();
        Optional<IceDescription> atOnce =
                bob.perform(now -> bob.engine().signalling().hear(now, call.calleePeer(), offer));

        assertThat(atOnce).as("it is told once media goes there").isEmpty();
        assertThat(bob.node().has(EngineEvent.AnswerDue.class)).isTrue();
        IceDescription answer = bob.perform(now -> bob.engine().signalling().awaitedAnswer(now, call.calleePeer()));
        assertThat(bob.heard(IceEvent.PathChanged.class).stream()
                        .skip(2)
                        .map(changed -> changed.to().remote().address().host()))
                .contains("10.0.0.10");
        assertThat(answer.streams().get(0).candidates()).hasSize(2);
        assertThat(bob.state(call.calleePeer())).isEqualTo(IceState.COMPLETED);
    }

    // The answer waits for a pair that is still being checked, then comes
    @Test
    void anAnswerWaitsForAPairThatIsStillChecked() {
        VirtualPhone alice = phone("alice", "10.0.0.1", MsProfiles.ICE2);
        VirtualPhone bob = phone("bob", "10.0.0.2", MsProfiles.ICE2);
        alice.gather();
        bob.gather();
        net.runFor(Duration.ofSeconds(1));
        IceDescription first = alice.describe();
        int peer = bob.accept(first, IceRole.CONTROLLED);
        net.runFor(Duration.ofMillis(1));
        List<Candidate> theirs = first.streams().get(0).candidates();
        List<Candidate> ours = bob.describe().streams().get(0).candidates();
        StreamDescription.Builder named = first.streams().get(0).toBuilder().clearCandidates();
        for (int component = 1; component <= 2; component++) {
            named.candidates(List.of(of(theirs, component)));
            named.remoteCandidate(
                    new RemoteCandidate(component, of(ours, component).address()));
        }
        IceDescription offer = first.toBuilder().replaceStream(named.build()).build();

        Optional<IceDescription> heard =
                bob.perform(now -> bob.engine().signalling().hear(now, peer, offer));
        assertThat(heard).isEmpty();
        IceDescription answer = bob.describe();
        alice.perform(now -> {
            alice.engine().signalling().accept(now, answer, IceRole.CONTROLLING);
            return true;
        });
        assertThat(net.runUntil(() -> bob.node().has(EngineEvent.AnswerDue.class), Duration.ofSeconds(5)))
                .isTrue();

        IceDescription due = bob.perform(now -> bob.engine().signalling().awaitedAnswer(now, peer));

        assertThat(due.streams().get(0).candidates()).hasSize(2);
        assertThat(due.streams().get(0).remoteCandidates()).hasSize(2);
    }

    private static Candidate of(List<Candidate> candidates, int component) {
        return candidates.stream()
                .filter(candidate -> candidate.component() == component)
                .findFirst()
                .orElseThrow();
    }

    // RTCP travels with RTP: where the peer says that its own component would be, nothing is to be waited for
    @Test
    void whatIsNamedForAComponentThatIsFreedMakesNoAnswerWait() {
        VirtualPhone alice = new VirtualPhone(
                net, lan.host("alice", "10.0.0.1"), config(MsProfiles.ICE2).rtcpMux("audio"));
        VirtualPhone bob = new VirtualPhone(
                net, lan.host("bob", "10.0.0.2"), config(MsProfiles.ICE2).rtcpMux("audio"));
        VirtualCall call = VirtualCall.start(net, alice, bob, WIRE).offeringByHand();
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        net.runFor(Duration.ofMillis(100));
        IceDescription offer = finalOffer(call);
        IceDescription named = offer.toBuilder()
                .replaceStream(offer.streams().get(0).toBuilder()
                        .remoteCandidate(new RemoteCandidate(2, CandidateAddress.of("10.0.0.2", 9_999)))
                        .build())
                .build();

        Optional<IceDescription> answer =
                bob.perform(now -> bob.engine().signalling().hear(now, call.calleePeer(), named));

        assertThat(answer).isPresent();
    }

    // Twenty forks, each a remote of its own; the next is refused
    @Test
    void twentyForksAreTaken() {
        VirtualPhone alice = phone("alice", "10.0.0.1", MsProfiles.ICE2);
        alice.gather();
        net.runFor(Duration.ofSeconds(1));
        IceDescription offer = alice.describe();
        for (int fork = 1; fork <= 20; fork++) {
            VirtualPhone other =
                    new VirtualPhone(net, lan.host("bob" + fork, "10.0.1." + fork), config(MsProfiles.ICE2));
            other.gather();
            other.accept(offer, IceRole.CONTROLLED);
            IceDescription answer = other.describe();
            assertThat(alice.accept(answer, IceRole.CONTROLLING)).isEqualTo(fork);
        }
        IceDescription last =
                phone("late", "10.0.0.3", MsProfiles.ICE2).gather().describe();

        assertThatThrownBy(() -> alice.accept(last, IceRole.CONTROLLING)).isInstanceOf(IceException.class);
        net.runFor(Duration.ofSeconds(9));
        assertThat(Stream.iterate(1, fork -> fork + 1).limit(20))
                .allMatch(fork -> alice.state(fork) == IceState.COMPLETED);
    }

    // §5.2, §5.3: numbers by rank, the same for both components, priorities to the digit
    @Test
    void candidatesAreNumberedAndHaveThePublishedPriorities() {
        VirtualPhone alice = phone("alice", "10.0.0.1", MsProfiles.ICE2);
        alice.gather();
        net.runFor(Duration.ofSeconds(1));

        List<Candidate> told = alice.describe().streams().get(0).candidates();

        assertThat(told)
                .extracting(candidate ->
                        candidate.foundation().value() + " " + candidate.component() + " " + candidate.priority())
                .containsExactly("1 1 2130706431", "1 2 2130705918", "2 1 2130705919", "2 2 2130705406");
    }
}
