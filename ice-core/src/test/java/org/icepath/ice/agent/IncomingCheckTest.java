// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;
import static org.icepath.ice.agent.Bench.key;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.Priority;
import org.icepath.ice.CheckDialect;
import org.icepath.ice.CheckForm;
import org.icepath.ice.IceRole;
import org.icepath.ice.PairState;
import org.icepath.ice.RemoteTraits;
import org.icepath.sansio.Base;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.HmacRule;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunDialect;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 8445 §7.3: what a check of the peer does, and what it must not do. */
class IncomingCheckTest {

    private final Bench bench = new Bench(IceRole.CONTROLLED, 1);
    private Base base = Bench.base("192.0.2.1", 5001);

    @BeforeEach
    void start() {
        base = bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        bench.sent.clear();
    }

    private boolean nothingHappened() {
        return bench.sent.isEmpty()
                && bench.events(AgentEvent.FirstCheck.class).isEmpty()
                && bench.pairs().size() == 1
                && bench.pairs().get(0).state() == PairState.IN_PROGRESS;
    }

    // §7.3.1.2
    @Test
    void aCheckIsAnsweredFromTheSameBaseWithItsSourceAndOurPassword() {
        bench.check(base, at("198.51.100.1", 6001), false);

        Bench.Sent answer = bench.sent.get(0);
        assertThat(bench.isOurs(answer, StunClass.SUCCESS)).isTrue();
        assertThat(answer.base()).isEqualTo(base);
        assertThat(answer.to()).isEqualTo(at("198.51.100.1", 6001));
        assertThat(answer.message().get(Attributes.XOR_MAPPED_ADDRESS)).contains(at("198.51.100.1", 6001));
        assertThat(answer.message().fingerprintMatches()).isTrue();
        assertThat(answer.message().has(Attributes.USERNAME)).isFalse();
    }

    @Test
    void theFirstAuthenticatedCheckIsReportedOnce() {
        bench.check(base, at("198.51.100.1", 6001), false);
        bench.check(base, at("198.51.100.1", 6001), false);

        assertThat(bench.events(AgentEvent.FirstCheck.class))
                .containsExactly(new AgentEvent.FirstCheck(0, 1, base, at("198.51.100.1", 6001)));
    }

    // §7.1: FINGERPRINT must be used
    @Test
    void aCheckWithoutARightFingerprintIsIgnored() {
        ByteBuffer without =
                bench.check(IceRole.CONTROLLING, 1).integrity(key(bench.ours)).finish();
        ByteBuffer wrong = bench.sealed(bench.check(IceRole.CONTROLLING, 1));
        wrong.put(wrong.limit() - 1, (byte) (wrong.get(wrong.limit() - 1) ^ 1));

        assertThat(bench.receive(base, at("198.51.100.1", 6001), without)).isTrue();
        assertThat(bench.receive(base, at("198.51.100.1", 6001), wrong)).isTrue();

        assertThat(nothingHappened()).isTrue();
        assertThat(bench.events(AgentEvent.Ignored.class)).hasSize(2);
    }

    // RFC 8489 §14.7: a forged check is cheap to make, and an HMAC costs twenty times what
    // a FINGERPRINT does. A dialect is asked for the rules of each HMAC that is computed
    @Test
    void aWrongFingerprintIsRefusedBeforeAnyHmac() {
        AtomicInteger hmacs = new AtomicInteger();
        Bench counted = new Bench(IceRole.CONTROLLED, settings -> Tuned.checks(settings, counting(hmacs)), 1);
        Base at = counted.local("192.0.2.1", 1);
        counted.remote(counted.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        ByteBuffer wrong = counted.sealed(counted.check(IceRole.CONTROLLING, 1));
        wrong.put(wrong.limit() - 1, (byte) (wrong.get(wrong.limit() - 1) ^ 1));

        counted.receive(at, at("198.51.100.1", 6001), wrong);

        assertThat(hmacs).hasValue(0);
        counted.receive(at, at("198.51.100.1", 6001), counted.sealed(counted.check(IceRole.CONTROLLING, 1)));
        assertThat(hmacs).hasValue(1);
    }

    private static CheckDialect counting(AtomicInteger hmacs) {
        StunDialect layout = new StunDialect() {
            @Override
            public List<HmacRule> acceptedHmacRules(StunMessage message) {
                hmacs.incrementAndGet();
                return StunDialect.super.acceptedHmacRules(message);
            }
        };
        CheckForm form = new CheckForm() {
            @Override
            public StunDialect stun() {
                return layout;
            }
        };
        return new CheckDialect() {
            @Override
            public List<CheckForm> forms(RemoteTraits traits) {
                return List.of(form);
            }

            @Override
            public List<CheckForm> readableForms() {
                return List.of(form);
            }
        };
    }

    // RFC 8489 §9.1.3 would answer 401; an unauthenticated sender gets nothing that he could reflect
    @Test
    void aCheckWithWrongIntegrityIsIgnored() {
        IceCredentials guess = new IceCredentials("ours", "guessedPassword22Chars");
        ByteBuffer forged = bench.check(IceRole.CONTROLLING, 1)
                .integrity(key(guess))
                .fingerprint()
                .finish();

        assertThat(bench.receive(base, at("198.51.100.1", 6001), forged)).isTrue();

        assertThat(nothingHappened()).isTrue();
    }

    @Test
    void aCheckForAnotherFragmentIsSomebodyElses() {
        ByteBuffer other = StunWriter.into(ByteBuffer.allocate(300))
                .request(StunMethod.BINDING, TransactionId.next(bench.random))
                .put(Attributes.USERNAME, "ours:somebodyelse")
                .integrity(key(bench.ours))
                .fingerprint()
                .finish();

        assertThat(bench.receive(base, at("198.51.100.1", 6001), other)).isFalse();
        assertThat(bench.receive(
                        Bench.base("192.0.2.77", 1),
                        at("198.51.100.1", 6001),
                        bench.sealed(bench.check(IceRole.CONTROLLING, 1))))
                .isFalse();
        assertThat(nothingHappened()).isTrue();
    }

    // RFC 8489 §6.3.1
    @Test
    void anUnknownComprehensionRequiredAttributeIsAnswered420() {
        ByteBuffer message = ByteBuffer.allocate(400);
        StunWriter writer = bench.check(IceRole.CONTROLLING, 1);
        message.put(bench.sealed(writer));
        ByteBuffer strange = withAttribute(0x7777);

        bench.receive(base, at("198.51.100.1", 6001), strange);

        Bench.Sent answer = bench.sent.get(0);
        assertThat(bench.isOurs(answer, StunClass.ERROR)).isTrue();
        assertThat(answer.message().get(Attributes.ERROR_CODE).orElseThrow().code())
                .isEqualTo(ErrorCode.UNKNOWN_ATTRIBUTE);
        assertThat(answer.message().get(Attributes.UNKNOWN_ATTRIBUTES).orElseThrow())
                .containsExactly(0x7777);
        assertThat(bench.events(AgentEvent.FirstCheck.class)).isEmpty();
    }

    /** A check with a strange attribute, authenticated: written with PADDING, whose type is then changed before sealing. */
    private ByteBuffer withAttribute(int type) {
        ByteBuffer buffer = ByteBuffer.allocate(400);
        StunWriter writer = StunWriter.into(buffer)
                .request(StunMethod.BINDING, TransactionId.next(bench.random))
                .putBytes(Attributes.PADDING, new byte[4]);
        buffer.putShort(20, (short) type);
        return bench.sealed(writer.put(Attributes.USERNAME, "ours:them").put(Attributes.PRIORITY, 1000L));
    }

    // Attribute smuggling: what stands behind MESSAGE-INTEGRITY is not the peer's word (RFC 8489 §14.5)
    @Test
    void useCandidateAfterTheIntegrityIsNotSeen() {
        bench.answer(checkSent());
        ByteBuffer whole = ByteBuffer.allocate(400);
        ByteBuffer signed =
                bench.check(IceRole.CONTROLLING, 1).integrity(key(bench.ours)).finish();
        whole.put(signed).putShort((short) 0x0025).putShort((short) 0);
        whole.putShort(2, (short) (whole.position() - 20 + 8));
        CRC32 crc = new CRC32();
        crc.update(whole.array(), 0, whole.position());
        whole.putShort((short) 0x8028).putShort((short) 4).putInt((int) crc.getValue() ^ 0x5354554e);

        boolean mine = bench.receive(base, at("198.51.100.1", 6001), whole.flip());

        assertThat(mine).isTrue();
        assertThat(bench.events(AgentEvent.FirstCheck.class)).hasSize(1); // control: the message itself was good
        assertThat(bench.events(AgentEvent.Nominated.class)).isEmpty();
    }

    private Bench.Sent checkSent() {
        bench.advance(Duration.ofMillis(600));
        return bench.lastRequest();
    }

    // §7.3.1.3
    @Test
    void anUnknownSourceBecomesAPeerReflexiveCandidateWithItsPriority() {
        bench.check(base, at("203.0.113.5", 7000), false);

        AgentEvent.PeerReflexiveFound found =
                bench.events(AgentEvent.PeerReflexiveFound.class).get(0);
        assertThat(found.candidate().type()).isEqualTo(CandidateType.PEER_REFLEXIVE);
        assertThat(found.candidate().priority()).isEqualTo(Priority.of(CandidateType.PEER_REFLEXIVE, 65535, 1));
        assertThat(found.local()).isFalse();
        assertThat(bench.events(AgentEvent.RemoteKnown.class))
                .contains(new AgentEvent.RemoteKnown(0, 1, at("203.0.113.5", 7000)));
        assertThat(bench.pairTo("203.0.113.5").state()).isEqualTo(PairState.WAITING);
    }

    // §7.3.1.3: the signalled candidate replaces what was learnt
    @Test
    void aLearntCandidateTakesItsSignalledTypeLater() {
        bench.check(base, at("203.0.113.5", 7000), false);

        bench.input(() -> bench.agent.addRemote(
                bench.now, 0, Bench.of(CandidateType.SERVER_REFLEXIVE, "203.0.113.5", 7000, 1, "s")));

        assertThat(bench.pairs()).hasSize(2);
        assertThat(bench.pairTo("203.0.113.5").pair().remote().type()).isEqualTo(CandidateType.SERVER_REFLEXIVE);
    }

    @Test
    void peerReflexiveCandidatesAreBounded() {
        for (int i = 0; i < 500; i++) {
            bench.check(base, at("203.0.113.5", 7000 + i), false);
        }

        assertThat(bench.events(AgentEvent.RemoteKnown.class)).hasSize(1 + 20);
        assertThat(bench.sent).hasSize(20);
        assertThat(bench.pairs()).hasSize(21);
        assertThat(bench.events(AgentEvent.Ignored.class)).hasSizeLessThanOrEqualTo(64);
    }

    // §7.3.1.4: an In-Progress check is cancelled, not failed, and a new one is queued; a last request goes out at once
    @Test
    void aCheckOnAPairInProgressTriggersANewOneAndCancelsTheOld() {
        bench.advance(Duration.ofMillis(60));

        bench.check(base, at("198.51.100.1", 6001), false);
        assertThat(bench.requests()).hasSize(1);
        Bench.Sent last = bench.lastRequest();
        bench.advance(Duration.ofMillis(39));
        assertThat(bench.requests()).hasSize(1);
        bench.advance(Duration.ofMillis(1));
        Bench.Sent triggered = bench.lastRequest();
        // the first check would have been sent again by 510 ms
        bench.advance(Duration.ofMillis(440));

        assertThat(bench.requests()).containsExactly(last, triggered);
        assertThat(triggered.at()).isEqualTo(100 * Bench.MS);
        assertThat(triggered.message().transactionId())
                .isNotEqualTo(last.message().transactionId());
    }

    // What is old enough to be lost is replaced at the next beat
    @Test
    void aCheckThatWasSentLongAgoIsReplacedAtTheNextBeat() {
        bench.advance(Duration.ofMillis(300));

        bench.check(base, at("198.51.100.1", 6001), false);

        assertThat(bench.requests()).hasSize(2);
        assertThat(bench.requests().get(0).message().transactionId())
                .isNotEqualTo(bench.requests().get(1).message().transactionId());
    }

    // §7.3.1.4: the answer to a cancelled check is still good
    @Test
    void theAnswerToACancelledCheckStillMakesThePairValid() {
        Bench fresh = new Bench(IceRole.CONTROLLED, 1);
        Base own = fresh.local("192.0.2.1", 1);
        fresh.remote(fresh.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        Bench.Sent first = fresh.lastRequest();
        fresh.advance(Duration.ofMillis(60));
        fresh.check(own, at("198.51.100.1", 6001), false);

        fresh.answer(first);

        assertThat(fresh.pairs().get(0).state()).isEqualTo(PairState.SUCCEEDED);
        assertThat(fresh.events(AgentEvent.Ready.class)).hasSize(1);
    }

    @Test
    void aCheckOnASucceededPairTriggersNothing() {
        bench.answer(checkSent());
        bench.sent.clear();

        bench.check(base, at("198.51.100.1", 6001), false);
        bench.advance(Duration.ofSeconds(3));

        assertThat(bench.requests()).isEmpty();
    }

    // RFC 8489 §6.3.1: a retransmitted request gets the same answer and has no further effect
    @Test
    void aRetransmittedCheckIsAnsweredAgainAndTriggersOnce() {
        bench.advance(Duration.ofMillis(60));
        ByteBuffer request = bench.sealed(bench.check(IceRole.CONTROLLING, 1));
        bench.receive(base, at("198.51.100.1", 6001), request);
        bench.advance(Duration.ofSeconds(2));
        List<Bench.Sent> before = bench.requests();

        bench.receive(base, at("198.51.100.1", 6001), request);
        Bench.Sent answer = bench.last();
        bench.advance(Duration.ofMillis(100));

        assertThat(bench.isOurs(answer, StunClass.SUCCESS)).isTrue();
        assertThat(bench.requests()).isEqualTo(before);
    }

    // §12.2 and architecture §4: data may come from signalled addresses and from those that sent a check, nobody else
    @Test
    void dataIsLetInFromSignalledAndCheckedAddressesOnly() {
        assertThat(bench.agent.componentOf(base, at("198.51.100.1", 6001))).isNotEqualTo(IceAgent.NOBODY);
        assertThat(bench.agent.componentOf(base, at("203.0.113.5", 7000))).isEqualTo(IceAgent.NOBODY);

        bench.check(base, at("203.0.113.5", 7000), false);

        int answer = bench.agent.componentOf(base, at("203.0.113.5", 7000));
        assertThat(IceAgent.streamIn(answer)).isZero();
        assertThat(IceAgent.componentIn(answer)).isEqualTo(1);
    }

    @Test
    void rubbishWithAStunHeaderIsReportedAndForgotten() {
        ByteBuffer broken = bench.sealed(bench.check(IceRole.CONTROLLING, 1));
        broken.putShort(22, (short) 0x7fff);

        assertThat(bench.receive(base, at("198.51.100.1", 6001), broken)).isTrue();

        assertThat(nothingHappened()).isTrue();
        assertThat(bench.events(AgentEvent.Ignored.class)).hasSize(1);
    }

    @Test
    void applicationDataIsNotMine() {
        assertThat(bench.receive(base, at("198.51.100.1", 6001), ByteBuffer.wrap(new byte[] {(byte) 0x80, 0, 0, 1})))
                .isFalse();
    }

    @Test
    void aKeepaliveIsSwallowedWithoutEffect() {
        ByteBuffer indication = StunWriter.into(ByteBuffer.allocate(100))
                .indication(StunMethod.BINDING, TransactionId.next(bench.random))
                .fingerprint()
                .finish();

        assertThat(bench.receive(base, at("198.51.100.1", 6001), indication)).isTrue();
        assertThat(bench.receive(base, at("203.0.113.5", 7000), indication)).isFalse();
        assertThat(nothingHappened()).isTrue();
    }

    @Test
    void aCheckWithoutPriorityIsABadRequest() {
        ByteBuffer request = bench.sealed(StunWriter.into(ByteBuffer.allocate(300))
                .request(StunMethod.BINDING, TransactionId.next(bench.random))
                .put(Attributes.USERNAME, "ours:them"));

        bench.receive(base, at("203.0.113.5", 7000), request);

        assertThat(bench.sent
                        .get(0)
                        .message()
                        .get(Attributes.ERROR_CODE)
                        .orElseThrow()
                        .code())
                .isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(bench.pairs()).hasSize(1);
    }
}
