// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.icepath.candidate.InterfaceKind;
import org.icepath.sansio.Base;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.icepath.turn.ServerAddress;
import org.junit.jupiter.api.Test;

/** RFC 8305 §5 for the addresses of one TURN server: a pool whose first members are dead costs no more than their head start. */
class AllocationRacesTest {

    private static final long MILLI = Duration.ofMillis(1).toNanos();
    private static final ServerAddress FIRST = ServerAddress.udp(new InetSocketAddress("192.0.2.1", 3_478));
    private static final ServerAddress SECOND = ServerAddress.udp(new InetSocketAddress("192.0.2.2", 3_478));
    private static final ServerAddress THIRD =
            new ServerAddress(Transport.TLS, new InetSocketAddress("192.0.2.3", 443));
    private static final InetSocketAddress MAPPED = new InetSocketAddress("203.0.113.9", 6_000);

    private final List<AllocationRequest> asked = new ArrayList<>();
    private final List<Long> askedAt = new ArrayList<>();
    private final List<GatherEvent> events = new ArrayList<>();
    private long now;

    private final Gatherer gatherer = gathererAt(FIRST, SECOND, THIRD);

    private Gatherer gathererAt(ServerAddress... places) {
        Gatherer made =
                new Gatherer(UsualSettings.servers(List.of(), List.of("turn.example.net")), new SplittableRandom(1));
        Base base = new Base(1, Transport.UDP, new InetSocketAddress("192.168.1.5", 40_000));
        made.start(now, List.of(new LocalBase(0, 1, base, "eth0", InterfaceKind.WIRED)));
        made.turnServerResolved(now, 0, List.of(places));
        return made;
    }

    private void runUntil(long end) {
        runUntil(gatherer, end);
    }

    private void runUntil(Gatherer running, long end) {
        drain(running);
        while (running.nextTimeout() <= end) {
            now = Math.max(now, running.nextTimeout());
            running.handleTimeout(now);
            drain(running);
        }
        now = end;
    }

    private void drain() {
        drain(gatherer);
    }

    private void drain(Gatherer drained) {
        drained.drainTo(new Output<GatherEvent>() {
            @Override
            public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
                throw new AssertionError("only allocations are asked for");
            }

            @Override
            public void event(GatherEvent event) {
                events.add(event);
                if (event instanceof GatherEvent.AllocationDue due) {
                    asked.add(due.request());
                    askedAt.add(now / MILLI);
                }
            }
        });
    }

    private void allocated(AllocationRequest request, int port) {
        Base relay = new Base(
                (long) port << 32,
                Transport.UDP,
                new InetSocketAddress(request.address().address().getAddress(), port));
        gatherer.allocated(now, request, relay, MAPPED, OptionalLong.empty());
        drain();
    }

    private long relayed() {
        return gatherer.candidates().stream()
                .filter(each -> each.base().id() >>> 32 != 0)
                .count();
    }

    @Test
    void anAddressHasAHeadStartAndATransportALongerOne() {
        runUntil(2_000 * MILLI);

        assertThat(asked).extracting(AllocationRequest::address).containsExactly(FIRST, SECOND, THIRD);
        assertThat(askedAt).containsExactly(0L, 250L, 1_250L);
    }

    @Test
    void theFirstThatAllocatesWinsAndNobodyElseIsAsked() {
        runUntil(300 * MILLI);

        allocated(asked.get(1), 50_000);
        runUntil(2_000 * MILLI);
        allocated(asked.get(0), 50_001);

        assertThat(asked).as("the third is not asked").hasSize(2);
        assertThat(relayed()).isEqualTo(1);
        assertThat(gatherer.complete()).isTrue();
        assertThat(gatherer.missing()).isEmpty();
    }

    // RFC 8305 §5: a failure lets the next one begin
    @Test
    void anAddressThatFailsMakesWayAtOnce() {
        runUntil(100 * MILLI);

        gatherer.allocationFailed(now, asked.get(0), "refused");
        runUntil(200 * MILLI);

        assertThat(asked).hasSize(2);
        assertThat(askedAt.get(1)).isEqualTo(100L);
    }

    @Test
    void onlyWhenAllHaveFailedIsTheCandidateMissing() {
        runUntil(1_300 * MILLI);

        gatherer.allocationFailed(now, asked.get(2), "refused");
        gatherer.allocationFailed(now, asked.get(0), "no answer");
        assertThat(gatherer.missing()).isEmpty();
        gatherer.allocationFailed(now, asked.get(1), "not trusted");
        drain();

        assertThat(gatherer.missing()).singleElement().satisfies(missing -> assertThat(missing.why())
                .isEqualTo("not trusted"));
        assertThat(gatherer.complete()).isTrue();
    }

    // RFC 5928 §3: a transport that nothing names is tried and then the other, which is for servers that cannot be
    // reached by it.
    @Test
    void aServerThatHasSaidNoIsNotAskedByAnotherTransport() {
        Gatherer refused = gathererAt(FIRST, new ServerAddress(Transport.TCP, FIRST.address()));
        runUntil(refused, 300 * MILLI);

        refused.allocationRefused(now, asked.get(0), "the server answered 401");
        runUntil(refused, 3_000 * MILLI);

        assertThat(asked).hasSize(1);
        assertThat(refused.complete()).isTrue();
        assertThat(refused.missing()).singleElement().satisfies(missing -> assertThat(missing.why())
                .isEqualTo("the server answered 401"));
    }

    @Test
    void aServerWithoutRoomIsNotAskedByAnotherTransportButElsewhere() {
        Gatherer full = gathererAt(FIRST, new ServerAddress(Transport.TCP, FIRST.address()), THIRD);
        runUntil(full, 300 * MILLI);

        full.allocationPostponed(now, asked.get(0), "the server answered 508");
        runUntil(full, 3_000 * MILLI);

        assertThat(asked).extracting(AllocationRequest::address).containsExactly(FIRST, THIRD);
    }

    @Test
    void aServerThatDoesNotAnswerIsAskedByAnotherTransport() {
        ServerAddress overTcp = new ServerAddress(Transport.TCP, FIRST.address());
        Gatherer blocked = gathererAt(FIRST, overTcp);

        runUntil(blocked, 3_000 * MILLI);

        assertThat(asked).extracting(AllocationRequest::address).containsExactly(FIRST, overTcp);
        assertThat(askedAt).containsExactly(0L, 1_000L);
    }

    // A NAT maps a connection and a datagram socket each by itself.
    @Test
    void whatTheServerSawOfAConnectionIsNoReflexiveCandidate() {
        runUntil(1_300 * MILLI);

        allocated(asked.get(2), 50_000);

        assertThat(gatherer.candidates()).hasSize(2);
    }
}
