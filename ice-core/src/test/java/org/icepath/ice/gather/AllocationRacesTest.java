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
    private static final ServerAddress SECOND =
            new ServerAddress(Transport.TCP, new InetSocketAddress("192.0.2.2", 3_478));
    private static final ServerAddress THIRD =
            new ServerAddress(Transport.TLS, new InetSocketAddress("192.0.2.3", 443));
    private static final InetSocketAddress MAPPED = new InetSocketAddress("203.0.113.9", 6_000);

    private final Gatherer gatherer =
            new Gatherer(UsualSettings.servers(List.of(), List.of("turn.example.net")), new SplittableRandom(1));
    private final List<AllocationRequest> asked = new ArrayList<>();
    private final List<Long> askedAt = new ArrayList<>();
    private final List<GatherEvent> events = new ArrayList<>();
    private long now;

    AllocationRacesTest() {
        Base base = new Base(1, Transport.UDP, new InetSocketAddress("192.168.1.5", 40_000));
        gatherer.start(now, List.of(new LocalBase(0, 1, base, "eth0", InterfaceKind.WIRED)));
        gatherer.turnServerResolved(now, 0, List.of(FIRST, SECOND, THIRD));
    }

    private void runUntil(long end) {
        drain();
        while (gatherer.nextTimeout() <= end) {
            now = Math.max(now, gatherer.nextTimeout());
            gatherer.handleTimeout(now);
            drain();
        }
        now = end;
    }

    private void drain() {
        gatherer.drainTo(new Output<GatherEvent>() {
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
    void eachAddressHasAHeadStartOfAQuarterOfASecond() {
        runUntil(2_000 * MILLI);

        assertThat(asked).extracting(AllocationRequest::address).containsExactly(FIRST, SECOND, THIRD);
        assertThat(askedAt).containsExactly(0L, 250L, 500L);
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
        runUntil(600 * MILLI);

        gatherer.allocationFailed(now, asked.get(2), "refused");
        gatherer.allocationFailed(now, asked.get(0), "no answer");
        assertThat(gatherer.missing()).isEmpty();
        gatherer.allocationFailed(now, asked.get(1), "not trusted");
        drain();

        assertThat(gatherer.missing()).singleElement().satisfies(missing -> assertThat(missing.why())
                .isEqualTo("not trusted"));
        assertThat(gatherer.complete()).isTrue();
    }

    // A NAT maps a connection and a datagram socket each by itself.
    @Test
    void whatTheServerSawOfAConnectionIsNoReflexiveCandidate() {
        runUntil(300 * MILLI);

        allocated(asked.get(1), 50_000);

        assertThat(gatherer.candidates()).hasSize(2);
    }
}
