// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;
import static org.icepath.ice.agent.Bench.key;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.icepath.candidate.IceCredentials;
import org.icepath.ice.CheckDialect;
import org.icepath.ice.IceRole;
import org.icepath.sansio.Base;
import org.icepath.sansio.Output;
import org.icepath.stun.Attribute;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests may come from a forged source: whoever is there must not get more than was sent (RFC 8489 §16.1.2 and later reports). */
class ReflectionTest {

    private static final InetSocketAddress VICTIM = at("203.0.113.5", 7000);
    private static final InetSocketAddress VICTIM_IPV6 = at("2001:db8::5", 7000);

    private final Bench bench = new Bench(IceRole.CONTROLLED, 1);
    private Base base = Bench.base("192.0.2.1", 5001);
    private Base ipv6 = Bench.base("2001:db8::1", 5001);

    @BeforeEach
    void start() {
        base = bench.local("192.0.2.1", 1);
        ipv6 = bench.local("2001:db8::1", 1);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        bench.sent.clear();
    }

    private StunWriter bare() {
        return StunWriter.into(ByteBuffer.allocate(700))
                .request(StunMethod.BINDING, TransactionId.next(bench.random))
                .put(Attributes.USERNAME, "ours:them");
    }

    private StunMessage onlyAnswer(ByteBuffer request, InetSocketAddress from) {
        bench.sent.clear();
        bench.receive(from == VICTIM ? base : ipv6, from, request);
        assertThat(bench.sent).hasSize(1);
        assertThat(bench.last().to()).isEqualTo(from);
        assertThat(bench.last().payload().remaining()).isLessThanOrEqualTo(request.remaining());
        return bench.last().message();
    }

    // RFC 8489 §9.1.3 would have us answer 400 and 401
    @Test
    void whoDoesNotProveToBeThePeerGetsNothingAtAll() {
        ByteBuffer wrongPassword = bench.check(IceRole.CONTROLLING, 1)
                .integrity(key(new IceCredentials("ours", "guessedPassword22Chars")))
                .fingerprint()
                .finish();
        ByteBuffer noIntegrity =
                bench.check(IceRole.CONTROLLING, 1).fingerprint().finish();
        ByteBuffer otherUser = StunWriter.into(ByteBuffer.allocate(300))
                .request(StunMethod.BINDING, TransactionId.next(bench.random))
                .put(Attributes.USERNAME, "ours:else")
                .put(Attributes.PRIORITY, 1L)
                .integrity(key(bench.ours))
                .fingerprint()
                .finish();
        ByteBuffer plain = StunWriter.into(ByteBuffer.allocate(300))
                .request(StunMethod.BINDING, TransactionId.next(bench.random))
                .finish();
        ByteBuffer otherMethod = StunWriter.into(ByteBuffer.allocate(300))
                .request(StunMethod.ALLOCATE, TransactionId.next(bench.random))
                .put(Attributes.USERNAME, "ours:them")
                .integrity(key(bench.ours))
                .fingerprint()
                .finish();

        for (ByteBuffer request : List.of(wrongPassword, noIntegrity, otherUser, plain, otherMethod)) {
            bench.receive(base, VICTIM, request);
        }

        assertThat(bench.sent).isEmpty();
        onlyAnswer(bench.sealed(bench.check(IceRole.CONTROLLING, 1)), VICTIM); // control
    }

    @Test
    void aSuccessResponseIsNoLargerThanTheCheck() {
        for (InetSocketAddress victim : List.of(VICTIM, VICTIM_IPV6)) {
            ByteBuffer shortest = bench.sealed(bare().put(Attributes.PRIORITY, 1L));

            assertThat(onlyAnswer(shortest, victim).messageClass()).isEqualTo(StunClass.SUCCESS);
        }
    }

    // RFC 8445 §7.1.1 has PRIORITY in every check; one without it could be answered with 8 bytes more than it has
    @Test
    void aCheckWithoutPriorityIsRefusedBriefly() {
        for (InetSocketAddress victim : List.of(VICTIM, VICTIM_IPV6)) {
            StunMessage answer = onlyAnswer(bench.sealed(bare()), victim);

            assertThat(answer.get(Attributes.ERROR_CODE).orElseThrow().code()).isEqualTo(ErrorCode.BAD_REQUEST);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 50})
    void aListOfUnknownAttributesIsNoLargerThanTheAttributes(int count) {
        ByteBuffer request = withUnknown(count);

        StunMessage answer = onlyAnswer(request, VICTIM_IPV6);

        assertThat(answer.get(Attributes.ERROR_CODE).orElseThrow().code()).isEqualTo(ErrorCode.UNKNOWN_ATTRIBUTE);
        assertThat(answer.get(Attributes.UNKNOWN_ATTRIBUTES).orElseThrow()).hasSize(count);
    }

    /** A sealed check with empty attributes that nobody knows, written before it is sealed. */
    private ByteBuffer withUnknown(int count) {
        StunWriter writer = bare();
        for (int i = 0; i < count; i++) {
            writer.put(Attribute.flag(0x7000 + i, "STRANGE"));
        }
        return bench.sealed(writer);
    }

    @Test
    void aRoleConflictIsAnsweredWithNoMoreThanWasAsked() {
        ByteBuffer request = bench.sealed(bare().put(Attributes.PRIORITY, 1L).put(Attributes.ICE_CONTROLLED, 2000L));

        StunMessage answer = onlyAnswer(request, VICTIM_IPV6);

        assertThat(answer.get(Attributes.ERROR_CODE).orElseThrow().code()).isEqualTo(ErrorCode.ROLE_CONFLICT);
    }

    @Test
    void anEarlyCheckIsAnsweredWithNoMoreThanWasAsked() {
        EarlyChecks early = new EarlyChecks(CheckDialect.RFC8445, bench.ours, IceRole.CONTROLLED, 1000);
        for (ByteBuffer request :
                List.of(bench.sealed(bare().put(Attributes.PRIORITY, 1L)), withUnknown(1), bench.sealed(bare()))) {
            early.handle(0, ipv6, VICTIM_IPV6, request);
            early.drainTo(new Output<EarlyCheck>() {
                @Override
                public void transmit(Base from, InetSocketAddress to, ByteBuffer payload) {
                    assertThat(payload.remaining()).isLessThanOrEqualTo(request.remaining());
                }

                @Override
                public void event(EarlyCheck event) {}
            });
        }
    }
}
