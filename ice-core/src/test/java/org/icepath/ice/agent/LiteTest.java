// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PairState;
import org.icepath.sansio.Base;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.junit.jupiter.api.Test;

/** RFC 8445 §2.5, §7.3.2, §8.2: an agent that sends no checks. */
class LiteTest {

    private static final String PEER = "198.51.100.1";

    private final Bench bench = new Bench(IceRole.CONTROLLED, Tuned::lite, 1);
    private final Base base = bench.local("192.0.2.1", 1);

    private void described(String... options) {
        bench.remote(bench.describe(
                builder -> List.of(options).forEach(builder::option), List.of(host(PEER, 6001, 1, "r", 65535))));
    }

    private void connected(String... options) {
        described(options);
        bench.check(base, at(PEER, 6001), true);
        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
        bench.sent.clear();
        bench.events.clear();
    }

    // RFC 8445 §7.3.2
    @Test
    void aNominatedPairIsSelectedWithoutACheckOfOurs() {
        described();

        bench.check(base, at(PEER, 6001), false);
        assertThat(bench.agent.current(0, 1)).isEmpty();
        bench.check(base, at(PEER, 6001), true);

        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
        assertThat(bench.current()).isEqualTo(at(PEER, 6001));
        assertThat(bench.sent).hasSize(2).allMatch(sent -> bench.isOurs(sent, StunClass.SUCCESS));
        assertThat(bench.events(AgentEvent.Selected.class)).hasSize(1);
    }

    @Test
    void noCheckIsEverSent() {
        connected();
        bench.check(base, at("203.0.113.9", 7000), false);
        bench.advance(Duration.ofMinutes(10));

        assertThat(bench.requests()).isEmpty();
    }

    @Test
    void aPeerBehindANatIsLearntFromItsCheck() {
        described();

        bench.check(base, at("203.0.113.9", 7000), true);

        assertThat(bench.current()).isEqualTo(at("203.0.113.9", 7000));
    }

    // RFC 8445 §8.1.1: a peer of RFC 5245 nominates many
    @Test
    void ofSeveralNominatedPairsTheOneOfHighestPriorityIsUsed() {
        bench.remote(
                bench.description(List.of(host(PEER, 6001, 1, "a", 100), host("198.51.100.2", 6001, 1, "b", 200))));

        bench.check(base, at("198.51.100.2", 6001), true);
        bench.check(base, at(PEER, 6001), true);

        assertThat(bench.current()).isEqualTo(at("198.51.100.2", 6001));
    }

    // RFC 8445 §6.1.1: whatever the tie-breakers
    @Test
    void aPeerThatClaimsToBeControlledIsToldOtherwise() {
        described();

        bench.receive(base, at(PEER, 6001), bench.sealed(bench.check(IceRole.CONTROLLED, 0)));

        assertThat(bench.last()
                        .message()
                        .get(Attributes.ERROR_CODE)
                        .orElseThrow()
                        .code())
                .isEqualTo(ErrorCode.ROLE_CONFLICT);
        assertThat(bench.agent.role()).isEqualTo(IceRole.CONTROLLED);
    }

    @Test
    void anOffererThatIsLiteIsControlledByAFullAgent() {
        Bench offerer = new Bench(IceRole.CONTROLLING, Tuned::lite, 1);
        offerer.local("192.0.2.1", 1);

        offerer.remote(offerer.description(List.of(host(PEER, 6001, 1, "r", 65535))));

        assertThat(offerer.agent.role()).isEqualTo(IceRole.CONTROLLED);
    }

    // RFC 7675 §5.1, as the side that is asked: consent is there as long as the peer asks
    @Test
    void consentEndsThirtySecondsAfterThePeersLastCheck() {
        connected(IceDescription.ICE2);
        for (int i = 0; i < 12; i++) {
            bench.advance(Duration.ofSeconds(5));
            bench.check(base, at(PEER, 6001), false);
        }
        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);

        bench.advance(Duration.ofMillis(29_900));
        assertThat(bench.events(AgentEvent.ConsentLost.class)).isEmpty();
        bench.advance(Duration.ofMillis(200));

        assertThat(bench.events(AgentEvent.ConsentLost.class)).hasSize(1);
        assertThat(bench.agent.current(0, 1)).isEmpty();
        bench.advance(Duration.ofSeconds(40));
        assertThat(bench.agent.state()).isEqualTo(IceState.FAILED);
        assertThat(bench.events(AgentEvent.Failed.class).get(0).failure().kind())
                .isEqualTo(IceFailure.Kind.CONSENT_LOST);
    }

    // RFC 5245 knows no consent: such a peer sends data, or an indication every 15 s
    @Test
    void anOldPeerIsThereAsLongAsItSendsAnything() {
        connected();

        for (int i = 0; i < 20; i++) {
            bench.advance(Duration.ofSeconds(15));
            bench.receive(base, at(PEER, 6001), indication());
        }
        bench.advance(Duration.ofSeconds(15));
        bench.agent.dataArrived(bench.now, base, at(PEER, 6001), 1);
        bench.advance(Duration.ofSeconds(29));

        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
        bench.advance(Duration.ofSeconds(2));
        assertThat(bench.agent.state()).isEqualTo(IceState.DISCONNECTED);
    }

    // control of the test above: what is not authenticated renews no consent of a peer that asks for it
    @Test
    void indicationsDoNotRenewTheConsentOfAPeerThatChecksIt() {
        connected(IceDescription.ICE2);

        bench.advance(Duration.ofSeconds(15));
        bench.receive(base, at(PEER, 6001), indication());
        bench.advance(Duration.ofSeconds(16));

        assertThat(bench.agent.state()).isEqualTo(IceState.DISCONNECTED);
    }

    private ByteBuffer indication() {
        return StunWriter.into(ByteBuffer.allocate(100))
                .indication(StunMethod.BINDING, TransactionId.next(bench.random))
                .fingerprint()
                .finish();
    }

    // RFC 8445 §11
    @Test
    void bindingsAreKeptAliveByIndications() {
        connected();
        bench.advance(Duration.ofSeconds(20));

        assertThat(bench.sent).hasSize(1);
        assertThat(bench.last().message().messageClass()).isEqualTo(StunClass.INDICATION);
        assertThat(bench.last().to()).isEqualTo(at(PEER, 6001));
    }

    @Test
    void aPeerWhoseAddressHasChangedIsFollowedOnceItIsSilentAtTheOldOne() {
        connected();
        bench.advance(Duration.ofSeconds(4));
        bench.check(base, at("203.0.113.9", 7000), false);
        assertThat(bench.current()).isEqualTo(at(PEER, 6001));

        bench.advance(Duration.ofSeconds(5));
        bench.check(base, at("203.0.113.9", 7000), false);

        assertThat(bench.current()).isEqualTo(at("203.0.113.9", 7000));
    }

    // the data says sooner where the peer is than its checks do
    @Test
    void dataFromACheckedAddressIsFollowedWithinMoments() {
        connected();
        bench.agent.dataArrived(bench.now, base, at(PEER, 6001), 1);
        bench.check(base, at("203.0.113.9", 7000), false);
        bench.advance(Duration.ofMillis(400));

        bench.agent.dataArrived(bench.now, base, at("203.0.113.9", 7000), 1);
        bench.drain();

        assertThat(bench.current()).isEqualTo(at("203.0.113.9", 7000));
    }

    // RFC 7675 §5.1: what was lost for good is not nominated anew in the same session
    @Test
    void aPairWhoseConsentIsLostStaysLost() {
        connected(IceDescription.ICE2);
        bench.advance(Duration.ofSeconds(31));
        assertThat(bench.events(AgentEvent.ConsentLost.class)).hasSize(1);
        bench.events.clear();

        bench.check(base, at(PEER, 6001), true);

        assertThat(bench.events(AgentEvent.Nominated.class)).isEmpty();
        assertThat(bench.pairTo(PEER).state()).isEqualTo(PairState.FAILED);
    }

    // RFC 8863 §4: and the reason is not that our checks went unanswered
    @Test
    void aPeerThatNominatesNothingFailsAfterPatience() {
        described();

        bench.advance(Duration.ofMillis(39_400));
        assertThat(bench.agent.state()).isEqualTo(IceState.CHECKING);
        bench.advance(Duration.ofMillis(200));

        assertThat(bench.agent.state()).isEqualTo(IceState.FAILED);
        assertThat(bench.events(AgentEvent.Failed.class).get(0).failure().explanation())
                .contains("the peer nominated no pair");
    }

    // RFC 8445 §8.2.2: both sides compute the same pair, and nobody asks
    @Test
    void twoLiteAgentsTakeThePairOfHighestPriority() {
        Bench offerer = new Bench(IceRole.CONTROLLING, Tuned::lite, 1);
        offerer.local(0, "192.0.2.1", 5001, 1, "v4", 100);
        offerer.local(0, "2001:db8::1", 5001, 1, "v6", 200);

        offerer.remote(offerer.describe(
                builder -> builder.lite(true),
                List.of(host(PEER, 6001, 1, "v4", 200), host("2001:db8::2", 6001, 1, "v6", 100))));

        assertThat(offerer.agent.state()).isEqualTo(IceState.COMPLETED);
        assertThat(offerer.agent.role()).isEqualTo(IceRole.CONTROLLING);
        assertThat(offerer.agent.current(0, 1).orElseThrow().remote()).isEqualTo(at("2001:db8::2", 6001));
        offerer.advance(Duration.ofHours(1));
        assertThat(offerer.requests()).isEmpty();
        assertThat(offerer.agent.state()).isEqualTo(IceState.COMPLETED);
    }

    // in whatever order the candidates come
    @Test
    void twoLiteAgentsKeepThePairOfHighestPriority() {
        Bench offerer = new Bench(IceRole.CONTROLLING, Tuned::lite, 1);
        offerer.local(0, "2001:db8::1", 5001, 1, "v6", 200);
        offerer.local(0, "192.0.2.1", 5001, 1, "v4", 100);

        offerer.remote(offerer.describe(
                builder -> builder.lite(true),
                List.of(host("2001:db8::2", 6001, 1, "v6", 200), host(PEER, 6001, 1, "v4", 100))));

        assertThat(offerer.pairs())
                .extracting(pair -> pair.pair().remote().address().host())
                .containsExactly("2001:db8::2");
    }
}
