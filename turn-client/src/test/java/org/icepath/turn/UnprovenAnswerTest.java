// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.stun.Attributes.LIFETIME;
import static org.icepath.stun.Attributes.NONCE;
import static org.icepath.stun.Attributes.REALM;
import static org.icepath.stun.Attributes.XOR_RELAYED_ADDRESS;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.icepath.sansio.Base;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.auth.IntegrityKey;
import org.icepath.stun.auth.NonceCookie;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers without the right integrity: what they mean depends on what they come over (RFC 8489 §9.2.5). */
class UnprovenAnswerTest {

    private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 3_478);
    private static final IntegrityKey KEY = IntegrityKey.longTerm("alice", "north", "s3cret");

    private final Sent sent = new Sent();
    private long now;

    // Over a stream the transaction ends at once; over datagrams the answer never came, and a better one may
    @ParameterizedTest
    @CsvSource({"TCP, MALFORMED, 0", "TLS, MALFORMED, 0", "UDP, TIMED_OUT, 39500", "DTLS, TIMED_OUT, 39500"})
    void aSuccessWithoutIntegrityEndsAnAllocationOverAStreamAtOnce(
            Transport transport, TurnFailure.Kind kind, long millis) {
        TurnAllocation allocation = challenged(transport);

        answer(allocation, UnprovenAnswerTest::success);

        assertThat(failure(allocation).kind()).isEqualTo(kind);
        assertThat(failure(allocation).detail()).contains("a success without the right integrity");
        assertThat(now).isEqualTo(Duration.ofMillis(millis).toNanos());
        assertThat(allocation.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource({"403", "437", "486", "500"})
    void anErrorWithoutIntegrityDoesToo(int code) {
        TurnAllocation allocation = challenged(Transport.TCP);

        answer(allocation, (writer, request) -> writer.errorResponse(request, code, "so it says"));

        assertThat(failure(allocation).kind()).isEqualTo(TurnFailure.Kind.MALFORMED);
        assertThat(now).isZero();
    }

    // What stands is asked for again, in pauses, and not at the pace of the round trip.
    @Test
    void aRefreshIsTriedAgainAndNotWithoutAPause() {
        TurnAllocation allocation = challenged(Transport.TCP);
        answer(allocation, (writer, request) -> success(writer, request).integrity(KEY));
        assertThat(allocation.state()).isEqualTo(AllocationState.ALLOCATED);

        long asked = 0;
        for (int i = 0; i < 5; i++) {
            runUntil(allocation, StunMethod.REFRESH);
            assertThat(now - asked).isGreaterThan(Duration.ofSeconds(9).toNanos());
            asked = now;
            answer(allocation, UnprovenAnswerTest::success);
        }
        runUntil(allocation, StunMethod.REFRESH);
        answer(allocation, (writer, request) -> writer.success(StunMethod.REFRESH, request.transactionId())
                .putUint32(LIFETIME, 600)
                .integrity(KEY));

        assertThat(allocation.state()).isEqualTo(AllocationState.ALLOCATED);
        assertThat(sent.failures).isEmpty();
    }

    // §9.2.5, "for all other responses": whoever took the algorithms out of the answer is ignored, right integrity or
    // not
    @Test
    void anAnswerWhoseNoncePromisesAlgorithmsMustHaveThem() {
        TurnAllocation allocation = challenged(Transport.UDP);

        answer(allocation, (writer, request) -> success(writer, request)
                .put(NONCE, NonceCookie.of(true, false).text() + "-rest")
                .integrity(KEY));

        assertThat(allocation.state()).isEqualTo(AllocationState.ALLOCATING);
        answer(allocation, (writer, request) -> success(writer, request).integrity(KEY));
        assertThat(allocation.state()).as("control").isEqualTo(AllocationState.ALLOCATED);
    }

    private static StunWriter success(StunWriter writer, StunMessage request) {
        return writer.success(request.method(), request.transactionId())
                .put(XOR_RELAYED_ADDRESS, new InetSocketAddress("192.0.2.1", 50_000))
                .putUint32(LIFETIME, 600);
    }

    private TurnAllocation challenged(Transport transport) {
        Base base = new Base(7, transport, new InetSocketAddress("198.51.100.1", 40_000));
        TurnServer server = TurnServer.parse("turn:192.0.2.1").over(transport).credentials("alice", "s3cret");
        TurnAllocation allocation = new TurnAllocation(
                AllocationSettings.of(base, 99, server, SERVER), TurnDialect.RFC8656, new Random(1), (r, p, d) -> {});
        sent.base = base;
        allocation.allocate(now);
        allocation.drainTo(sent);
        if (transport != Transport.UDP) {
            allocation.opened(now, base);
            allocation.drainTo(sent);
        }
        answer(allocation, (writer, request) -> writer.errorResponse(request, 401, "who are you?")
                .put(REALM, "north")
                .put(NONCE, "once"));
        return allocation;
    }

    /** Answers what was sent last. */
    private void answer(TurnAllocation allocation, BiFunction<StunWriter, StunMessage, StunWriter> answer) {
        StunMessage request = new StunMessage().wrap(sent.last);
        ByteBuffer bytes =
                answer.apply(StunWriter.into(ByteBuffer.allocate(500)), request).finish();
        allocation.handle(now, sent.base, SERVER, bytes);
        allocation.drainTo(sent);
    }

    private TurnFailure failure(TurnAllocation allocation) {
        runUntil(allocation, null);
        assertThat(sent.failures).hasSize(1);
        return sent.failures.get(0);
    }

    /** Runs until there is a failure, or such a request has just been sent. */
    private void runUntil(TurnAllocation allocation, @Nullable StunMethod method) {
        sent.method = null;
        for (int steps = 0; sent.failures.isEmpty() && (method == null || !method.equals(sent.method)); steps++) {
            assertThat(steps).isLessThan(500);
            now = allocation.nextTimeout();
            allocation.handleTimeout(now);
            allocation.drainTo(sent);
        }
    }

    private static final class Sent implements Output<TurnEvent> {

        private final List<TurnFailure> failures = new ArrayList<>();
        private Base base = new Base(1, Transport.UDP, SERVER);
        private ByteBuffer last = ByteBuffer.allocate(0);
        private @Nullable StunMethod method;

        @Override
        public void transmit(Base from, InetSocketAddress to, ByteBuffer payload) {
            last = ByteBuffer.allocate(payload.remaining()).put(payload.duplicate());
            last.flip();
            StunMessage message = new StunMessage().wrap(last.duplicate());
            method = message.method();
        }

        @Override
        public void event(TurnEvent event) {
            if (event instanceof TurnEvent.Failed failed) {
                failures.add(failed.failure());
            }
        }

        @Override
        public void open(Base opened, InetSocketAddress to, Framing framing) {
            assertThat(to).isEqualTo(SERVER);
        }

        @Override
        public void close(Base gone) {
            assertThat(gone).isEqualTo(base);
        }
    }
}
