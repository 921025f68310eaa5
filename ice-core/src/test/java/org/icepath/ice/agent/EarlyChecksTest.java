// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;
import static org.icepath.ice.agent.Bench.key;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.IceCredentials;
import org.icepath.ice.CheckDialect;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.auth.Integrity;
import org.junit.jupiter.api.Test;

/** RFC 8445 §7.3: checks that come before the description of their sender. */
class EarlyChecksTest {

    private final Bench bench = new Bench(IceRole.CONTROLLING, 1);
    private final Base base = bench.local("192.0.2.1", 1);
    private final EarlyChecks early = new EarlyChecks(CheckDialect.RFC8445, bench.ours, IceRole.CONTROLLING, 1000);
    private final List<ByteBuffer> answers = new ArrayList<>();
    private final List<EarlyCheck> news = new ArrayList<>();

    private boolean receive(InetSocketAddress from, ByteBuffer payload) {
        boolean mine = early.handle(0, base, from, payload);
        early.drainTo(new Output<EarlyCheck>() {
            @Override
            public void transmit(Base where, InetSocketAddress to, ByteBuffer answer) {
                assertThat(where).isEqualTo(base);
                assertThat(to).isEqualTo(from);
                answers.add(ByteBuffer.allocate(answer.remaining()).put(answer).flip());
            }

            @Override
            public void event(EarlyCheck event) {
                news.add(event);
            }
        });
        return mine;
    }

    private StunMessage answer(int index) {
        return new StunMessage().wrap(answers.get(index));
    }

    private void describe() {
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
    }

    @Test
    void anEarlyCheckIsAnsweredAtOnceAndReportedOnce() {
        assertThat(receive(at("198.51.100.1", 6001), bench.sealed(bench.check(IceRole.CONTROLLED, 1))))
                .isTrue();
        receive(at("198.51.100.1", 6001), bench.sealed(bench.check(IceRole.CONTROLLED, 1)));

        assertThat(answers).hasSize(2);
        assertThat(answer(0).messageClass()).isEqualTo(StunClass.SUCCESS);
        assertThat(answer(0).get(Attributes.XOR_MAPPED_ADDRESS)).contains(at("198.51.100.1", 6001));
        assertThat(new Integrity().verify(answer(0), key(bench.ours))).isTrue();
        assertThat(news).hasSize(1);
        assertThat(news.get(0).remoteUfrag()).isEqualTo("them");
        assertThat(early.nextTimeout()).isEqualTo(Machine.NEVER);
    }

    // "Once the answer is received, it MUST proceed with the
    // remaining steps": a triggered check, without a second answer
    @Test
    void aKeptCheckTriggersOneOfOursWhenItIsReplayed() {
        receive(at("203.0.113.5", 7000), bench.sealed(bench.check(IceRole.CONTROLLED, 1)));
        describe();
        bench.sent.clear();

        List<EarlyCheck> kept = early.take("them");
        kept.forEach(check -> bench.input(() -> bench.agent.replay(bench.now, check)));
        bench.advance(Duration.ofMillis(50));

        assertThat(kept).hasSize(1);
        assertThat(early.take("them")).isEmpty();
        assertThat(bench.sent).hasSize(1);
        assertThat(bench.lastRequest().to()).isEqualTo(at("203.0.113.5", 7000));
        assertThat(bench.events(AgentEvent.FirstCheck.class)).hasSize(1);
    }

    @Test
    void aKeptNominationCountsWhenThePairIsValid() {
        Bench controlled = new Bench(IceRole.CONTROLLED, 1);
        Base own = controlled.local("192.0.2.1", 1);
        EarlyChecks kept = new EarlyChecks(CheckDialect.RFC8445, controlled.ours, IceRole.CONTROLLED, 1000);
        ByteBuffer nominating =
                controlled.sealed(controlled.check(IceRole.CONTROLLING, 1).put(Attributes.USE_CANDIDATE));
        kept.handle(0, own, at("198.51.100.1", 6001), nominating);
        kept.handle(0, own, at("198.51.100.1", 6001), controlled.sealed(controlled.check(IceRole.CONTROLLING, 1)));
        controlled.remote(controlled.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));

        kept.take("them").forEach(check -> controlled.input(() -> controlled.agent.replay(0, check)));
        controlled.answer(controlled.requests().get(0));

        assertThat(controlled.agent.state()).isEqualTo(IceState.COMPLETED);
    }

    // §7.3.1.1, with the tie-breaker of the session
    @Test
    void aRoleConflictIsDecidedByTheTieBreaker() {
        receive(at("198.51.100.1", 6001), bench.sealed(bench.check(IceRole.CONTROLLING, 5)));
        receive(at("198.51.100.2", 6001), bench.sealed(bench.check(IceRole.CONTROLLING, 5000)));

        assertThat(answer(0).get(Attributes.ERROR_CODE).orElseThrow().code()).isEqualTo(ErrorCode.ROLE_CONFLICT);
        assertThat(answer(1).messageClass()).isEqualTo(StunClass.SUCCESS);
        describe();
        early.take("them").forEach(check -> bench.input(() -> bench.agent.replay(0, check)));
        assertThat(bench.agent.role()).isEqualTo(IceRole.CONTROLLED);
    }

    @Test
    void whoDoesNotKnowOurPasswordGetsNoAnswer() {
        ByteBuffer forged = bench.check(IceRole.CONTROLLED, 1)
                .integrity(key(new IceCredentials("ours", "guessedPassword22Chars")))
                .fingerprint()
                .finish();
        ByteBuffer bare =
                bench.check(IceRole.CONTROLLED, 1).integrity(key(bench.ours)).finish();

        assertThat(receive(at("198.51.100.1", 6001), forged)).isFalse();
        assertThat(receive(at("198.51.100.1", 6001), bare)).isFalse();
        assertThat(answers).isEmpty();
        assertThat(early.take("them")).isEmpty();
    }

    // a success is a promise: what follows from there would be lost
    @Test
    void onlyABoundedNumberIsKeptAndAnswered() {
        for (int i = 0; i < 1000; i++) {
            receive(at("198.51.100.1", 6001 + i), bench.sealed(bench.check(IceRole.CONTROLLED, 1)));
        }

        assertThat(answers).hasSize(EarlyChecks.MOST_KEPT);
        assertThat(early.take("them")).hasSize(EarlyChecks.MOST_KEPT);
    }

    // Sixty-four of 64 KiB would be four megabytes a session
    @Test
    void aHugeCheckIsNeitherKeptNorAnswered() {
        StunWriter huge = StunWriter.into(ByteBuffer.allocate(60_000))
                .request(StunMethod.BINDING, TransactionId.next(bench.random))
                .put(Attributes.USERNAME, "ours:them")
                .put(Attributes.PRIORITY, 1L);
        huge.putBytes(Attributes.PADDING, new byte[50_000]);

        receive(at("198.51.100.1", 6001), bench.sealed(huge));

        assertThat(answers).isEmpty();
        assertThat(early.take("them")).isEmpty();
    }

    @Test
    void aCheckFromPortZeroIsNotAnswered() {
        assertThat(receive(at("198.51.100.1", 0), bench.sealed(bench.check(IceRole.CONTROLLED, 1))))
                .isFalse();

        assertThat(answers).isEmpty();
    }

    // Forking: each agent takes what its own peer has sent
    @Test
    void checksAreKeptApartByTheirSender() {
        receive(at("198.51.100.1", 6001), bench.sealed(bench.check(IceRole.CONTROLLED, 1)));

        assertThat(early.take("other")).isEmpty();
        assertThat(early.take("them")).hasSize(1);
    }

    // A browser that restarts would stay on the old credentials that were answered; a fork's waits for its description
    @Test
    void onceAPeerIsKnownAnotherIsAnsweredWithItsDescription() {
        early.holdAnswers();
        receive(at("203.0.113.5", 7000), bench.sealed(bench.check(IceRole.CONTROLLED, 1)));
        assertThat(answers).isEmpty();

        describe();
        bench.sent.clear();
        early.take("them").forEach(check -> bench.input(() -> bench.agent.replay(bench.now, check)));

        assertThat(bench.sent)
                .filteredOn(sent -> !sent.isRequest())
                .singleElement()
                .satisfies(sent -> {
                    assertThat(sent.to()).isEqualTo(at("203.0.113.5", 7000));
                    assertThat(bench.isOurs(sent, StunClass.SUCCESS)).isTrue();
                });
    }
}
