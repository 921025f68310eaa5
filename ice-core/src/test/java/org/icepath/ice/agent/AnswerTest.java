// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;
import static org.icepath.ice.agent.Bench.key;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.Priority;
import org.icepath.ice.IceRole;
import org.icepath.ice.PairState;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;
import org.icepath.stun.auth.Integrity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 8445 §7.2: our checks and the answers to them. */
class AnswerTest {

    private final Bench bench = new Bench(IceRole.CONTROLLING, 1);
    private Base base = Bench.base("192.0.2.1", 5001);
    private Bench.Sent check = new Bench.Sent(0, base, at("192.0.2.1", 1), ByteBuffer.allocate(0));

    @BeforeEach
    void start() {
        base = bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        check = bench.lastRequest();
    }

    // §7.1, §7.2.2, §7.2.4
    @Test
    void aCheckSaysWhatTheStandardWants() {
        StunMessage request = check.message();

        assertThat(request.get(Attributes.USERNAME)).contains("them:ours");
        assertThat(request.get(Attributes.PRIORITY)).contains(Priority.of(CandidateType.PEER_REFLEXIVE, 65535, 1));
        assertThat(request.get(Attributes.ICE_CONTROLLING)).contains(1000L);
        assertThat(request.has(Attributes.ICE_CONTROLLED)).isFalse();
        assertThat(request.has(Attributes.USE_CANDIDATE)).isFalse();
        assertThat(new Integrity().verify(request, key(bench.theirs))).isTrue();
        assertThat(request.fingerprintMatches()).isTrue();
    }

    @Test
    void aSuccessMakesThePairValidAndReady() {
        bench.now += 20 * Bench.MS;
        bench.answer(check);

        PairSnapshot pair = bench.pairs().get(0);
        assertThat(pair.state()).isEqualTo(PairState.SUCCEEDED);
        assertThat(pair.valid()).isTrue();
        assertThat(pair.roundTripNanos()).hasValue(20 * Bench.MS);
        assertThat(bench.events(AgentEvent.Ready.class)).hasSize(1);
        assertThat(bench.agent.current(0, 1)).isPresent();
    }

    // Karn: after a retransmission nobody knows which request was answered
    @Test
    void aRetransmittedCheckShowsNoRoundTripTime() {
        bench.advance(Duration.ofMillis(600));
        bench.answer(check);

        assertThat(bench.pairs().get(0).state()).isEqualTo(PairState.SUCCEEDED);
        assertThat(bench.pairs().get(0).roundTripNanos()).isEmpty();
    }

    // §7.2.5.3.1 and §7.2.5.3.2: the valid pair's local candidate is the mapped address
    @Test
    void anUnknownMappedAddressIsAPeerReflexiveCandidateOfOurs() {
        bench.answer(check, at("203.0.113.8", 4000));

        PairSnapshot pair = bench.pairs().get(0);
        assertThat(pair.pair().local().type()).isEqualTo(CandidateType.PEER_REFLEXIVE);
        assertThat(pair.pair().local().priority()).isEqualTo(Priority.of(CandidateType.PEER_REFLEXIVE, 65535, 1));
        assertThat(pair.base()).isEqualTo(base);
        assertThat(bench.events(AgentEvent.PeerReflexiveFound.class))
                .extracting(AgentEvent.PeerReflexiveFound::local)
                .containsExactly(true);
    }

    // RFC 8489 §9.1.4: an answer without right integrity is as if it had never come
    @Test
    void anAnswerThatDoesNotAuthenticateChangesNothing() {
        IceCredentials guess = new IceCredentials("them", "guessedPassword22Chars");
        ByteBuffer forged = StunWriter.into(ByteBuffer.allocate(200))
                .respond(StunClass.SUCCESS, check.message())
                .put(Attributes.XOR_MAPPED_ADDRESS, base.address())
                .integrity(key(guess))
                .fingerprint()
                .finish();
        ByteBuffer bare = StunWriter.into(ByteBuffer.allocate(200))
                .errorResponse(check.message(), 400, "no integrity")
                .finish();

        assertThat(bench.receive(base, check.to(), forged)).isTrue();
        assertThat(bench.receive(base, check.to(), bare)).isTrue();
        assertThat(bench.pairs().get(0).state()).isEqualTo(PairState.IN_PROGRESS);

        bench.answer(check); // control: the check was not ended
        assertThat(bench.pairs().get(0).state()).isEqualTo(PairState.SUCCEEDED);
    }

    // §7.2.5.2.1
    @Test
    void anAnswerFromAnotherAddressFailsThePair() {
        bench.receive(base, at("198.51.100.77", 6001), bench.success(check, base.address()));

        assertThat(bench.pairs().get(0).state()).isEqualTo(PairState.FAILED);
        assertThat(bench.pairs().get(0).outcome()).contains("answered from").contains("198.51.100.77");
    }

    // §7.2.5.2.4
    @Test
    void anAuthenticErrorFailsThePairAndItsReasonIsKept() {
        bench.refuse(check, 400);

        assertThat(bench.pairs().get(0).state()).isEqualTo(PairState.FAILED);
        assertThat(bench.pairs().get(0).outcome()).contains("400");
    }

    // §7.2.5.2.3
    @Test
    void aCheckWithoutAnyAnswerFailsItsPair() {
        bench.advance(Duration.ofSeconds(44));

        assertThat(bench.pairs().get(0).state()).isEqualTo(PairState.FAILED);
        assertThat(bench.pairs().get(0).outcome()).isEqualTo("sent 1 check, no answer to 7 requests");
    }

    // §7.2.5.2.2: anyone can forge an ICMP error, so it ends no check
    @Test
    void anIcmpErrorIsAHintAndEndsNoCheck() {
        bench.input(() -> bench.agent.sendFailed(
                bench.now, base, check.to(), new Cause(Cause.Kind.UNREACHABLE, "port unreachable")));
        assertThat(bench.pairs().get(0).outcome()).contains("UNREACHABLE");

        bench.answer(check);

        assertThat(bench.pairs().get(0).valid()).isTrue();
    }

    @Test
    void aSuccessWithoutAMappedAddressIsNone() {
        ByteBuffer answer = StunWriter.into(ByteBuffer.allocate(200))
                .respond(StunClass.SUCCESS, check.message())
                .integrity(key(bench.theirs))
                .fingerprint()
                .finish();

        bench.receive(base, check.to(), answer);

        assertThat(bench.pairs().get(0).state()).isEqualTo(PairState.FAILED);
    }

    @Test
    void anAnswerToNobodysRequestIsNotMine() {
        ByteBuffer answer = bench.success(check, base.address());
        answer.putInt(answer.position() + 8, 0x12345678);

        assertThat(bench.receive(base, check.to(), answer)).isFalse();
    }
}
