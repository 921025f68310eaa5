// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.InterfaceKind;
import org.icepath.ice.CandidateFilter;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;
import org.icepath.turn.ServerAddress;
import org.junit.jupiter.api.Test;

/** RFC 8445 §5.1, step by step. */
class GathererTest {

    private static final InetSocketAddress STUN_A = new InetSocketAddress("198.51.100.1", 3478);
    private static final InetSocketAddress STUN_B = new InetSocketAddress("198.51.100.2", 3478);
    private static final InetSocketAddress STUN_V6 = new InetSocketAddress("2001:db8::1", 3478);
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final List<Sent> sent = new ArrayList<>();
    private final List<GatherEvent> events = new ArrayList<>();
    private long now = -5_000 * MILLI;
    private Gatherer gatherer = gatherer(List.of(), 1, 0);

    private record Sent(long at, Base base, InetSocketAddress to, ByteBuffer payload) {}

    private static Gatherer gatherer(List<CandidateFilter> filters, int stunServers, int turnServers) {
        GatherSettings settings =
                UsualSettings.filtered(filters, names("stun", stunServers), names("turn", turnServers));
        return new Gatherer(settings, new SplittableRandom(1));
    }

    private static List<String> names(String kind, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(kind + i + ".example.net");
        }
        return names;
    }

    private static LocalBase base(long id, int component, String address, InterfaceKind kind) {
        InetSocketAddress bound = new InetSocketAddress(address, 40_000 + (int) id);
        return new LocalBase(0, component, new Base(id, Transport.UDP, bound), "if" + id, kind);
    }

    private static LocalBase base(long id, String address) {
        return base(id, 1, address, InterfaceKind.WIRED);
    }

    private void drain() {
        gatherer.drainTo(new Output<GatherEvent>() {
            @Override
            public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
                ByteBuffer copy = ByteBuffer.allocate(payload.remaining());
                copy.put(payload.duplicate()).flip();
                sent.add(new Sent(now, base, to, copy));
            }

            @Override
            public void event(GatherEvent event) {
                events.add(event);
            }
        });
    }

    private void runFor(Duration time) {
        long end = now + time.toNanos();
        drain();
        while (gatherer.nextTimeout() <= end) {
            now = Math.max(now, gatherer.nextTimeout());
            gatherer.handleTimeout(now);
            drain();
        }
        now = end;
    }

    private boolean answer(Sent request, String mapped, int port) {
        return answer(request, request.to(), mapped, port);
    }

    private boolean answer(Sent request, InetSocketAddress from, String mapped, int port) {
        StunMessage asked = new StunMessage().wrap(request.payload());
        ByteBuffer answer = StunWriter.into(ByteBuffer.allocate(100))
                .success(asked.method(), asked.transactionId())
                .put(Attributes.XOR_MAPPED_ADDRESS, new InetSocketAddress(mapped, port))
                .fingerprint()
                .finish();
        boolean taken = gatherer.handle(now, request.base(), from, answer);
        drain();
        return taken;
    }

    private List<Candidate> candidates() {
        return gatherer.candidates().stream().map(GatheredCandidate::candidate).toList();
    }

    private List<Candidate> candidates(CandidateType type) {
        return candidates().stream()
                .filter(candidate -> candidate.type() == type)
                .toList();
    }

    private boolean said(Class<? extends GatherEvent> type) {
        return events.stream().anyMatch(type::isInstance);
    }

    @Test
    void hostCandidatesAreThereAtOnceInTheOrderOfTheirAddresses() {
        gatherer = gatherer(List.of(), 0, 0);

        gatherer.start(
                now, List.of(base(1, 1, "10.8.0.2", InterfaceKind.VPN), base(2, "192.0.2.1"), base(3, "2001:db8::5")));
        drain();

        // RFC 8421 §4: IPv6 first where the families alternate; a tunnel comes last
        assertThat(candidates().stream()
                        .sorted((a, b) -> Long.compare(b.priority(), a.priority()))
                        .map(candidate -> candidate.address().host()))
                .containsExactly("2001:db8::5", "192.0.2.1", "10.8.0.2");
        assertThat(candidates()).extracting(Candidate::priority).doesNotHaveDuplicates();
        assertThat(said(GatherEvent.DescriptionDue.class)).isTrue();
        assertThat(said(GatherEvent.Completed.class)).isTrue();
    }

    // RFC 8445 §14.2: one new transaction a Ta, the first one waits for nothing
    @Test
    void bindingRequestsAreOneTaApart() {
        gatherer.start(now, List.of(base(1, "192.0.2.1"), base(2, 2, "192.0.2.1", InterfaceKind.WIRED)));
        long start = now;

        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A), ServerAddress.udp(STUN_V6)));
        runFor(Duration.ofMillis(400));

        assertThat(sent).extracting(Sent::at).containsExactly(start, start + 50 * MILLI);
        assertThat(sent).extracting(Sent::to).containsOnly(STUN_A);
    }

    @Test
    void theAnswerYieldsAReflexiveCandidateWithItsBaseAndTheDescription() {
        gatherer.start(now, List.of(base(1, "192.168.1.5")));
        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        drain();
        assertThat(said(GatherEvent.DescriptionDue.class)).isFalse();

        assertThat(answer(sent.get(0), "203.0.113.9", 6000)).isTrue();

        Candidate reflexive = candidates(CandidateType.SERVER_REFLEXIVE).get(0);
        assertThat(reflexive.address().toString()).isEqualTo("203.0.113.9:6000");
        assertThat(reflexive.relatedAddress().orElseThrow().toString()).isEqualTo("192.168.1.5:40001");
        assertThat(reflexive.foundation())
                .isNotEqualTo(candidates(CandidateType.HOST).get(0).foundation());
        assertThat(said(GatherEvent.DescriptionDue.class)).isTrue();
        assertThat(said(GatherEvent.Completed.class)).isTrue();
    }

    // RFC 8445 §5.1.3: same address and same base
    @Test
    void aReflexiveCandidateThatIsTheHostCandidateIsDroppedAndExplained() {
        gatherer.start(now, List.of(base(1, "192.0.2.1")));
        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        drain();

        answer(sent.get(0), "192.0.2.1", 40_001);

        assertThat(candidates()).hasSize(1);
        assertThat(gatherer.missing().get(0).why()).contains("no NAT");
    }

    @Test
    void answersOfOthersAndUnusableAddressesAreNotBelieved() {
        gatherer.start(now, List.of(base(1, "192.168.1.5")));
        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        drain();
        Sent request = sent.get(0);

        assertThat(answer(request, STUN_B, "203.0.113.66", 6000))
                .as("another sender")
                .isFalse();
        ByteBuffer damaged = request.payload().duplicate();
        assertThat(gatherer.handle(now, request.base(), STUN_A, damaged))
                .as("a request")
                .isFalse();
        answer(request, "224.0.0.1", 6000);

        assertThat(candidates(CandidateType.SERVER_REFLEXIVE)).isEmpty();
        assertThat(gatherer.missing().get(0).why()).contains("unusable address 224.0.0.1:6000");
    }

    @Test
    void aServerThatStaysSilentIsNamedWithHowLongItWasWaitedFor() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            gatherer.start(now, List.of(base(1, "192.168.1.5")));
            gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));

            runFor(Duration.ofSeconds(10));

            assertThat(gatherer.missing().get(0).why()).isEqualTo("no answer from 198.51.100.1:3478 within 9.5 s");
        } finally {
            Locale.setDefault(before);
        }
    }

    // an ICMP error can be forged: one alone ends nothing, a second one spares the wait
    @Test
    void theSecondUnreachableEndsAnAttempt() {
        gatherer.start(now, List.of(base(1, "192.168.1.5")));
        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        drain();
        Cause unreachable = new Cause(Cause.Kind.UNREACHABLE, "port unreachable");

        gatherer.sendFailed(now, sent.get(0).base(), STUN_A, unreachable);
        drain();
        assertThat(said(GatherEvent.Completed.class)).isFalse();
        gatherer.sendFailed(now, sent.get(0).base(), STUN_A, unreachable);
        drain();

        assertThat(said(GatherEvent.Completed.class)).isTrue();
        assertThat(gatherer.missing().get(0).why()).contains("port unreachable");
    }

    @Test
    void aServerOfAnotherFamilyIsNotAskedAndThatIsSaid() {
        gatherer.start(now, List.of(base(1, "192.168.1.5")));

        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_V6)));
        drain();

        assertThat(sent).isEmpty();
        assertThat(gatherer.missing().get(0).why()).contains("no address that can be reached");
    }

    // the limit on candidates is there for many interfaces, and the relay that comes last may be the only way
    @Test
    void theFirstOfATypeIsNotCrowdedOut() {
        gatherer = gatherer(List.of(), 0, 1);
        List<LocalBase> bases = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            bases.add(base(i, "192.168.1." + i));
        }
        gatherer.start(now, bases);
        gatherer.turnServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        runFor(Duration.ofMillis(50));

        List<AllocationRequest> requests = events.stream()
                .filter(GatherEvent.AllocationDue.class::isInstance)
                .map(event -> ((GatherEvent.AllocationDue) event).request())
                .toList();
        for (int i = 0; i < 2; i++) {
            Base relay = new Base((i + 1L) << 32, Transport.UDP, new InetSocketAddress("198.51.100.1", 50_000 + i));
            gatherer.allocated(
                    now, requests.get(i), relay, new InetSocketAddress("203.0.113.9", 6000 + i), OptionalLong.empty());
        }

        assertThat(gatherer.candidates())
                .filteredOn(each -> !each.candidate().type().equals(CandidateType.HOST))
                .extracting(each -> each.candidate().type())
                .containsExactlyInAnyOrder(CandidateType.RELAYED, CandidateType.SERVER_REFLEXIVE);
        assertThat(gatherer.candidates()).hasSize(22);
    }

    // random network 7638: an interface that appears may have the only address that leads straight to the peer
    @Test
    void theFirstOfAFamilyIsNotCrowdedOut() {
        List<LocalBase> bases = new ArrayList<>();
        for (int i = 1; i <= 21; i++) {
            bases.add(base(i, "192.168.1." + i));
        }
        gatherer.start(now, bases);

        gatherer.add(now, List.of(base(22, "2001:db8::22"), base(23, "2001:db8::23")));

        assertThat(candidates(CandidateType.HOST))
                .hasSize(21)
                .extracting(candidate -> candidate.address().host())
                .doesNotContain("192.168.1.21")
                .endsWith("2001:db8::22");
    }

    @Test
    void anAllocationThatStandsYieldsARelayedAndAReflexiveCandidate() {
        gatherer = gatherer(List.of(), 0, 1);
        LocalBase local = base(1, "192.168.1.5");
        gatherer.start(now, List.of(local));
        gatherer.turnServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        drain();
        AllocationRequest request = events.stream()
                .filter(GatherEvent.AllocationDue.class::isInstance)
                .map(event -> ((GatherEvent.AllocationDue) event).request())
                .findFirst()
                .orElseThrow();

        Base relay = new Base(1L << 32, Transport.UDP, new InetSocketAddress("198.51.100.1", 50_000));
        gatherer.allocated(now, request, relay, new InetSocketAddress("203.0.113.9", 6000), OptionalLong.empty());

        Candidate relayed = candidates(CandidateType.RELAYED).get(0);
        assertThat(relayed.address().toString()).isEqualTo("198.51.100.1:50000");
        assertThat(relayed.relatedAddress().orElseThrow().toString()).isEqualTo("203.0.113.9:6000");
        assertThat(candidates(CandidateType.SERVER_REFLEXIVE)).hasSize(1);
        assertThat(gatherer.bestTypeToCome()).isZero();
    }

    // RFC 8839 §5.1: what a filter hides does not stand in the related address either
    @Test
    void withoutHostCandidatesTheReflexiveOneHidesItsBase() {
        gatherer = gatherer(List.of(CandidateFilter.noHost()), 1, 0);
        gatherer.start(now, List.of(base(1, "192.168.1.5")));
        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        drain();

        answer(sent.get(0), "203.0.113.9", 6000);

        assertThat(candidates()).hasSize(1);
        assertThat(candidates().get(0).relatedAddress().orElseThrow().toString())
                .isEqualTo("0.0.0.0:9");
        assertThat(gatherer.missing().get(0).why()).contains("no host candidates");
    }

    // RFC 8445 §5.1.1.4: the binding is kept alive by further requests
    @Test
    void theBindingOfAReflexiveCandidateIsKeptAliveUntilToldOtherwise() {
        gatherer.start(now, List.of(base(1, "192.168.1.5")));
        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        drain();
        answer(sent.get(0), "203.0.113.9", 6000);

        runFor(Duration.ofSeconds(16));
        assertThat(sent).hasSizeGreaterThan(1);
        answer(sent.get(1), "203.0.113.9", 6000);
        gatherer.stopKeepalives();
        int before = sent.size();
        runFor(Duration.ofMinutes(2));

        // the request that was on its way may be repeated; no new one begins
        assertThat(sent.size() - before).isLessThanOrEqualTo(5);
        assertThat(gatherer.nextTimeout()).isEqualTo(Machine.NEVER);
        assertThat(candidates()).hasSize(2);
    }

    @Test
    void aLostSocketTakesItsAttemptsAlong() {
        gatherer.start(now, List.of(base(1, "192.168.1.5")));
        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        drain();

        gatherer.baseLost(now, sent.get(0).base(), new Cause(Cause.Kind.LOCAL_GONE, "eth0 went down"));
        drain();

        assertThat(said(GatherEvent.Completed.class)).isTrue();
        assertThat(gatherer.missing().get(0).why()).contains("eth0 went down");
        assertThat(gatherer.nextTimeout()).isEqualTo(Machine.NEVER);
    }

    // An address that nothing can be sent from any more must not go into a later description
    @Test
    void theCandidatesOfALostSocketAreForgotten() {
        gatherer.start(now, List.of(base(1, "192.168.1.5"), base(2, "10.8.0.5")));
        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        drain();
        answer(sent.get(0), "203.0.113.9", 6000);

        gatherer.baseLost(now, sent.get(0).base(), new Cause(Cause.Kind.LOCAL_GONE, "eth0 went down"));

        assertThat(candidates()).extracting(each -> each.address().host()).containsExactly("10.8.0.5");
    }

    @Test
    void aSocketThatComesLaterAsksTheServersThatAreKnownAndCompletesAnew() {
        gatherer.start(now, List.of(base(1, 1, "10.8.0.5", InterfaceKind.VPN)));
        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        drain();
        answer(sent.get(0), "203.0.113.9", 6000);
        long vpn = candidates(CandidateType.HOST).get(0).priority();
        events.clear();

        gatherer.add(now, List.of(base(2, "192.168.1.5")));
        runFor(Duration.ofMillis(100));
        answer(sent.get(1), "203.0.113.10", 7000);

        assertThat(candidates()).extracting(each -> each.address().host()).contains("192.168.1.5", "203.0.113.10");
        assertThat(candidates(CandidateType.HOST).get(1).priority())
                .as("what was told stays, and a wire is better")
                .isGreaterThan(vpn);
        assertThat(events).filteredOn(GatherEvent.Completed.class::isInstance).hasSize(1);
        assertThat(said(GatherEvent.DescriptionDue.class)).isFalse();
    }

    private AllocationRequest allocationDue() {
        drain();
        List<AllocationRequest> requests = events.stream()
                .filter(GatherEvent.AllocationDue.class::isInstance)
                .map(event -> ((GatherEvent.AllocationDue) event).request())
                .toList();
        return requests.get(requests.size() - 1);
    }

    private void allocate(AllocationRequest request) {
        Base relay = new Base(1L << 32, Transport.UDP, new InetSocketAddress("198.51.100.1", 50_000));
        gatherer.allocated(now, request, relay, new InetSocketAddress("203.0.113.9", 6000), OptionalLong.empty());
        drain();
    }

    // RFC 8656 §7.4: a server without room is asked again after a minute. Nobody waits so long to call somebody.
    @Test
    void aServerThatHasPutUsOffHoldsNeitherTheDescriptionNorTheEndBack() {
        gatherer = gatherer(List.of(), 0, 1);
        gatherer.start(now, List.of(base(1, "192.168.1.5")));
        gatherer.turnServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        AllocationRequest request = allocationDue();
        assertThat(said(GatherEvent.DescriptionDue.class)).isFalse();

        gatherer.allocationPostponed(now, request, "486");
        drain();

        assertThat(said(GatherEvent.DescriptionDue.class)).isTrue();
        assertThat(said(GatherEvent.Completed.class)).isTrue();
        assertThat(gatherer.bestTypeToCome()).isZero();
        assertThat(gatherer.awaited()).singleElement().asString().endsWith("which has put us off: 486");
        now += Duration.ofMinutes(1).toNanos();
        allocate(request);
        assertThat(candidates(CandidateType.RELAYED)).hasSize(1);
        assertThat(events)
                .filteredOn(GatherEvent.DescriptionDue.class::isInstance)
                .hasSize(1);
    }

    // What failed is asked for anew while others are still awaited: the end of gathering is the others' affair
    @Test
    void aRelayThatIsAskedForWithLittleHopeHoldsNothingBack() {
        gatherer = gatherer(List.of(), 1, 1);
        LocalBase local = base(1, "192.168.1.5");
        gatherer.start(now, List.of(local));
        gatherer.turnServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        gatherer.allocationFailed(now, allocationDue(), "no answer");
        gatherer.allocateQuietly(now, local, 0);
        runFor(Duration.ofSeconds(1));
        assertThat(said(GatherEvent.Completed.class))
                .as("a name is being looked up")
                .isFalse();

        gatherer.stunServerUnresolved(now, 0, "no such name");
        drain();
        assertThat(said(GatherEvent.Completed.class)).isTrue();

        gatherer.allocationFailed(now, allocationDue(), "no answer");
        events.clear();
        gatherer.allocateAgain(now, local, 0);
        runFor(Duration.ofSeconds(1));
        assertThat(said(GatherEvent.Completed.class))
                .as("this one is waited for")
                .isFalse();
    }

    @Test
    void theNextServerOfAPoolNeedNotWaitForOneThatHasPutUsOff() {
        gatherer = gatherer(List.of(), 0, 1);
        gatherer.start(now, List.of(base(1, "192.168.1.5")));
        gatherer.turnServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A), ServerAddress.udp(STUN_B)));
        AllocationRequest first = allocationDue();

        gatherer.allocationPostponed(now, first, "508");
        runFor(Duration.ofMillis(50));

        assertThat(allocationDue().address().address()).isEqualTo(STUN_B);
        assertThat(said(GatherEvent.Completed.class)).isFalse();
    }

    @Test
    void whereNothingElseWasFoundTheRelayThatComesLateMakesTheDescriptionDueAnew() {
        gatherer = gatherer(List.of(CandidateFilter.relayOnly()), 0, 1);
        gatherer.start(now, List.of(base(1, "192.168.1.5")));
        gatherer.turnServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        AllocationRequest request = allocationDue();
        gatherer.allocationPostponed(now, request, "486");
        drain();
        assertThat(said(GatherEvent.DescriptionDue.class)).isTrue();
        events.clear();

        now += Duration.ofMinutes(1).toNanos();
        allocate(request);

        assertThat(events)
                .filteredOn(event ->
                        event instanceof GatherEvent.DescriptionDue || event instanceof GatherEvent.FullDescriptionDue)
                .hasSize(2);
    }

    @Test
    void whereNothingWasFoundAllIsGatheredOnceMoreAndNamesAreGivenAnew() {
        gatherer = gatherer(List.of(CandidateFilter.noHost()), 1, 0);
        gatherer.start(now, List.of(base(1, "192.168.1.5")));
        gatherer.stunServerUnresolved(now, 0, "no network");
        drain();
        assertThat(said(GatherEvent.DescriptionDue.class)).isTrue();
        events.clear();

        assertThat(gatherer.add(now, List.of())).isTrue();
        runFor(Duration.ofMillis(100));
        assertThat(said(GatherEvent.DescriptionDue.class))
                .as("the name is being looked up")
                .isFalse();
        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        drain();
        answer(sent.get(0), "203.0.113.9", 6000);

        assertThat(candidates(CandidateType.SERVER_REFLEXIVE)).hasSize(1);
        assertThat(said(GatherEvent.DescriptionDue.class)).isTrue();
        assertThat(said(GatherEvent.FullDescriptionDue.class)).isTrue();
        assertThat(said(GatherEvent.Completed.class)).isTrue();
        assertThat(gatherer.add(now, List.of())).as("something was found").isFalse();
    }

    @Test
    void aSecondAttemptHasADeadlineOfItsOwn() {
        gatherer = gatherer(List.of(CandidateFilter.noHost()), 1, 0);
        gatherer.start(now, List.of(base(1, "192.168.1.5")));
        runFor(Duration.ofSeconds(2));
        gatherer.stunServerUnresolved(now, 0, "no network");
        drain();
        events.clear();
        gatherer.add(now, List.of());
        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        runFor(Duration.ofSeconds(1));

        answer(sent.get(0), "203.0.113.9", 6000);

        assertThat(said(GatherEvent.FullDescriptionDue.class)).isTrue();
        assertThat(gatherer.nextTimeout())
                .as("no deadline is left")
                .isGreaterThan(now + Duration.ofSeconds(5).toNanos());
    }

    // It would be two allocations of one socket on one server, the second of which is refused (437)
    @Test
    void aServerThatHasPutUsOffIsNotAskedASecondTime() {
        gatherer = gatherer(List.of(CandidateFilter.relayOnly()), 0, 1);
        gatherer.start(now, List.of(base(1, "192.168.1.5")));
        gatherer.turnServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        gatherer.allocationPostponed(now, allocationDue(), "486");
        drain();
        events.clear();

        gatherer.add(now, List.of());
        gatherer.turnServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        runFor(Duration.ofSeconds(1));

        assertThat(said(GatherEvent.AllocationDue.class)).isFalse();
        assertThat(said(GatherEvent.DescriptionDue.class)).isTrue();
    }

    @Test
    void theServerOfASocketThatComesLaterIsAskedWhenItsNameIsKnown() {
        gatherer.start(now, List.of());
        gatherer.add(now, List.of(base(2, "192.168.1.5")));

        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        drain();

        assertThat(sent).extracting(each -> each.base().id()).containsExactly(2L);
    }

    // a description without any candidate would say that we have no ICE
    @Test
    void withNothingToTellAtTheDeadlineTheFirstCandidateMakesTheDescriptionDue() {
        gatherer = gatherer(List.of(CandidateFilter.noHost()), 2, 0);
        gatherer.start(now, List.of(base(1, "192.168.1.5")));
        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        gatherer.stunServerResolved(now, 1, List.of(ServerAddress.udp(STUN_B)));
        runFor(Duration.ofSeconds(1));
        assertThat(said(GatherEvent.DescriptionDue.class)).isFalse();

        answer(sent.get(0), "203.0.113.9", 6000);

        assertThat(said(GatherEvent.DescriptionDue.class)).isTrue();
        assertThat(said(GatherEvent.Completed.class))
                .as("one server is still silent")
                .isFalse();
    }

    @Test
    void namesThatAreResolvedBeforeTheSocketsAreBoundAreAskedLater() {
        gatherer = gatherer(List.of(), 2, 0);
        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        gatherer.stunServerUnresolved(now, 1, "no such name");

        gatherer.start(now, List.of(base(1, "192.168.1.5")));
        drain();

        assertThat(sent).hasSize(1);
        assertThat(gatherer.missing()).extracting(MissingCandidate::why).containsExactly("no such name");
    }

    @Test
    void loopbackAddressesAskLoopbackServersAlone() {
        gatherer.start(
                now,
                List.of(new LocalBase(
                        0,
                        1,
                        new Base(1, Transport.UDP, new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000)),
                        "lo",
                        InterfaceKind.UNKNOWN)));

        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        drain();

        assertThat(sent).isEmpty();
        assertThat(said(GatherEvent.DescriptionDue.class)).isTrue();
    }

    private static List<LocalBase> manyBases() {
        return LongStream.rangeClosed(1, 30)
                .mapToObj(id -> base(id, "192.0.2." + id))
                .toList();
    }

    // RFC 8445 §5.1.1.2 asks each server from each base; a machine may have as many addresses as it likes
    @Test
    void noMoreThan200QuestionsWaitForTheirTurn() {
        gatherer = gatherer(List.of(), 10, 0);
        gatherer.start(now, manyBases());

        for (int server = 0; server < 10; server++) {
            gatherer.stunServerResolved(now, server, List.of(ServerAddress.udp(STUN_A)));
        }

        // the first one is asked at once
        assertThat(gatherer.missing())
                .filteredOn(missing -> missing.why().contains("200 others are to be asked for before"))
                .hasSize(30 * 10 - 1 - 200);
    }

    private static final GatherEvent SOUGHT = new GatherEvent.StunServerSought(0);

    // A WLAN that has just come up, a captive portal: the name is unknown when the call begins
    @Test
    void aServerWhoseNameWasUnknownIsLookedUpAgainForASocketThatComesLater() {
        gatherer.start(now, List.of(base(1, "192.0.2.1")));
        gatherer.stunServerUnresolved(now, 0, "no such name");
        runFor(Duration.ofSeconds(1));

        gatherer.add(now, List.of(base(2, "192.0.2.2")));
        runFor(Duration.ofSeconds(1));
        assertThat(events).containsOnlyOnce(SOUGHT);
        assertThat(gatherer.awaited()).containsExactly("the name stun0.example.net");
        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        runFor(Duration.ofSeconds(1));

        assertThat(sent).extracting(each -> each.base().id()).contains(1L, 2L);
        answer(sent.get(0), "203.0.113.9", 5000);
        assertThat(candidates(CandidateType.SERVER_REFLEXIVE)).hasSize(1);
    }

    // From a WLAN to a mobile network of IPv6 alone, where DNS64 has an address of the server (RFC 6147)
    @Test
    void aServerOfAnotherFamilyIsLookedUpAgainForWhoCannotReachIt() {
        gatherer.start(now, List.of(base(1, "192.0.2.1")));
        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        runFor(Duration.ofMillis(100));
        answer(sent.get(0), "203.0.113.9", 5000);
        sent.clear();

        gatherer.add(now, List.of(base(2, "2001:db8::2")));
        drain();
        assertThat(gatherer.complete()).isFalse();
        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_V6)));
        runFor(Duration.ofMillis(100));

        assertThat(sent).extracting(Sent::to).containsOnly(STUN_V6);
        assertThat(gatherer.missing()).isEmpty();
        // what is known of the other family is of use to whoever comes next
        sent.clear();
        gatherer.add(now, List.of(base(3, "192.0.2.3")));
        runFor(Duration.ofMillis(100));
        assertThat(sent).extracting(Sent::to).containsOnly(STUN_A);
        assertThat(events).containsOnlyOnce(SOUGHT);
    }

    @Test
    void aServerThatIsSoughtInVainEndsGatheringAllTheSame() {
        gatherer.start(now, List.of(base(1, "192.0.2.1")));
        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        runFor(Duration.ofMillis(100));
        answer(sent.get(0), "203.0.113.9", 5000);

        gatherer.add(now, List.of(base(2, "2001:db8::2")));
        gatherer.stunServerUnresolved(now, 0, "no such name");
        drain();

        assertThat(gatherer.complete()).isTrue();
        assertThat(gatherer.missing())
                .extracting(MissingCandidate::why)
                .containsExactly("the server has no address that can be reached from there");
    }

    @Test
    void whatWasNotSoughtIsNotHeardTwice() {
        gatherer.start(now, List.of(base(1, "192.0.2.1")));
        gatherer.stunServerUnresolved(now, 0, "no such name");

        gatherer.stunServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        runFor(Duration.ofSeconds(1));

        assertThat(sent).isEmpty();
    }

    @Test
    void whatIsMissingIsTheLatestOfEachAndNothingOfSocketsThatAreGone() {
        gatherer = gatherer(List.of(), 0, 1);
        LocalBase local = base(1, "192.0.2.1");
        gatherer.start(now, List.of(local));
        gatherer.turnServerResolved(now, 0, List.of(ServerAddress.udp(STUN_A)));
        for (String why : List.of("no answer", "no answer", "refused")) {
            gatherer.allocationFailed(now, allocationDue(), why);
            gatherer.allocateQuietly(now, local, 0);
            runFor(Duration.ofSeconds(1));
        }
        assertThat(gatherer.missing()).extracting(MissingCandidate::why).containsExactly("refused");
        assertThat(events).filteredOn(GatherEvent.Missed.class::isInstance).hasSize(2);

        gatherer.allocationFailed(now, allocationDue(), "no answer");
        gatherer.baseLost(now, local.base(), new Cause(Cause.Kind.LOCAL_GONE, "unplugged"));

        assertThat(gatherer.missing()).extracting(MissingCandidate::what).containsExactly("all candidates of " + local);
    }

    // each is a line of the report and an event
    @Test
    void noMoreThan200MissingCandidatesAreToldOf() {
        gatherer = gatherer(List.of(), 10, 0);
        gatherer.start(now, manyBases());

        for (int server = 0; server < 10; server++) {
            gatherer.stunServerUnresolved(now, server, "no such name");
        }
        drain();

        assertThat(gatherer.missing()).hasSize(200);
        assertThat(events).filteredOn(GatherEvent.Missed.class::isInstance).hasSize(200);
    }
}
