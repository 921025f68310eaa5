// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.stun.Attributes.LIFETIME;
import static org.icepath.stun.Attributes.XOR_RELAYED_ADDRESS;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.icepath.sansio.Base;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that is not heard any more: what that means depends on what it is spoken to over. */
class DeadConnectionTest {

    private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 5_349);
    private static final InetSocketAddress RELAYED = new InetSocketAddress("192.0.2.1", 50_000);
    private static final long LOST_AFTER = Duration.ofMillis(39_500).toNanos();

    private final Server server = new Server();
    private long now;

    // RFC 8489 §6.2.1: over DTLS as over UDP, seven times; §6.2.2: over TCP and TLS once. Ti and the seven end alike
    @ParameterizedTest
    @CsvSource({"TCP, 1", "TLS, 1", "DTLS, 7"})
    void aRequestWithoutAnAnswerEndsAConnection(Transport transport, int requests) {
        TurnAllocation allocation = allocated(transport);

        runUntil(allocation, () -> allocation.state() != AllocationState.ALLOCATED);

        assertThat(server.refreshes).hasSize(requests);
        assertThat(now - server.refreshes.get(0)).isEqualTo(LOST_AFTER);
        assertThat(server.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(TurnFailure.Kind.ALLOCATION_LOST))
                .satisfies(failure -> assertThat(failure.detail()).contains("the connection is dead: no answer"));
        assertThat(server.closed).isOne();
        assertThat(allocation.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    // Over UDP it only says that the network is away: the allocation may stand, and is asked for until its lifetime
    // ends
    @Test
    void aRequestWithoutAnAnswerEndsNothingOverUdp() {
        TurnAllocation allocation = allocated(Transport.UDP);

        runUntil(allocation, () -> !server.refreshes.isEmpty());
        long lost = now + LOST_AFTER;
        runUntil(allocation, () -> now > lost);

        assertThat(allocation.state()).isEqualTo(AllocationState.ALLOCATED);
        assertThat(server.failures).isEmpty();
    }

    // What comes shows that the connection stands, and that the server is merely slow or lossy
    @ParameterizedTest
    @CsvSource({"TCP", "TLS", "DTLS"})
    void aConnectionOverWhichSomethingComesIsNotDead(Transport transport) {
        TurnAllocation allocation = allocated(transport);
        runUntil(allocation, () -> !server.refreshes.isEmpty());
        long lost = now + LOST_AFTER;

        StunWriter indication = StunWriter.into(ByteBuffer.allocate(100))
                .indication(StunMethod.BINDING, TransactionId.next(new Random(3)));
        allocation.handle(now + 1, server.base, SERVER, indication.finish());
        runUntil(allocation, () -> now >= lost);

        assertThat(allocation.state()).isEqualTo(AllocationState.ALLOCATED);
        assertThat(server.failures).isEmpty();
    }

    private TurnAllocation allocated(Transport transport) {
        Base base = new Base(7, transport, new InetSocketAddress("198.51.100.1", 40_000));
        AllocationSettings settings = AllocationSettings.of(base, 99, TurnServer.parse(uri(transport)), SERVER);
        TurnAllocation allocation = new TurnAllocation(settings, TurnDialect.RFC8656, new Random(1), (r, p, d) -> {});
        allocation.allocate(now);
        allocation.drainTo(server);
        if (transport != Transport.UDP) {
            allocation.opened(now, base);
            allocation.drainTo(server);
        }
        StunMessage request = new StunMessage().wrap(server.last);
        StunWriter answer = StunWriter.into(ByteBuffer.allocate(200))
                .success(StunMethod.ALLOCATE, request.transactionId())
                .put(XOR_RELAYED_ADDRESS, RELAYED)
                .putUint32(LIFETIME, 600);
        allocation.handle(now, base, SERVER, answer.finish());
        allocation.drainTo(server);
        server.base = base;
        assertThat(allocation.state()).isEqualTo(AllocationState.ALLOCATED);
        return allocation;
    }

    // RFC 7065 §3.1, RFC 7350 §4.6
    private static String uri(Transport transport) {
        boolean secure = transport == Transport.TLS || transport == Transport.DTLS;
        return (secure ? "turns" : "turn") + ":192.0.2.1?transport=" + (transport.reliable() ? "tcp" : "udp");
    }

    private void runUntil(TurnAllocation allocation, Condition condition) {
        for (int steps = 0; !condition.holds(); steps++) {
            assertThat(steps).isLessThan(500);
            now = allocation.nextTimeout();
            allocation.handleTimeout(now);
            allocation.drainTo(server);
        }
    }

    private interface Condition {
        boolean holds();
    }

    /** Takes what is sent, and is never heard again once there is an allocation. */
    private final class Server implements Output<TurnEvent> {

        private final List<Long> refreshes = new ArrayList<>();
        private final List<TurnFailure> failures = new ArrayList<>();
        private Base base = new Base(1, Transport.UDP, SERVER);
        private ByteBuffer last = ByteBuffer.allocate(0);
        private int closed;

        @Override
        public void transmit(Base from, InetSocketAddress to, ByteBuffer payload) {
            last = ByteBuffer.allocate(payload.remaining()).put(payload.duplicate());
            last.flip();
            if (new StunMessage().wrap(last.duplicate()).method().equals(StunMethod.REFRESH)) {
                refreshes.add(now);
            }
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
            closed++;
        }
    }
}
