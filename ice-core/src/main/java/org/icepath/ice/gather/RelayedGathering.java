// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.TcpType;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.jspecify.annotations.Nullable;

/**
 * The relayed candidates of a session (RFC 8445 §5.1.1.2): which allocations are to be made, on which ports, and what becomes of
 * them. Not thread-safe.
 */
final class RelayedGathering {

    private final GatherSettings settings;
    private final CandidateBook book;
    private final Servers servers;
    private final Findings findings;
    private final List<LocalBase> bases;
    private final @Nullable PortPairs pairs;
    private final AddressRaces<AllocationRequest> races;

    /**
     * @param bases all that are gathered from; a live list
     * @param pairs null where ports need not follow each other
     */
    RelayedGathering(
            GatherSettings settings,
            CandidateBook book,
            Servers servers,
            Findings findings,
            List<LocalBase> bases,
            @Nullable PortPairs pairs) {
        this.settings = settings;
        this.book = book;
        this.servers = servers;
        this.findings = findings;
        this.bases = bases;
        this.pairs = pairs;
        this.races = new AddressRaces<>(servers);
    }

    /** Begins an attempt whose turn has come. */
    void begin(long now, Attempt attempt) {
        AllocationRequest request =
                new AllocationRequest(attempt.local(), attempt.server(), attempt.place(), attempt.port());
        races.begin(now, attempt, request);
        findings.tell(new GatherEvent.AllocationDue(request));
    }

    /** As {@link Gatherer#allocated(long, AllocationRequest, Base, InetSocketAddress, OptionalLong)}. */
    void allocated(long now, AllocationRequest request, Base relay, InetSocketAddress mapped, OptionalLong nextPort) {
        if (!races.won(request)) {
            return;
        }
        findings.came(request.local(), Attempt.Kind.ALLOCATION, request.server());
        if (pairs != null) {
            pairs.redeemed(request);
        }
        release(request, nextPort);
        if (relay.transport().reliable()) {
            String why = "the server relays TCP, as it was asked over TCP, and that yields no candidate here";
            findings.miss(request.local(), Attempt.Kind.ALLOCATION, request.server(), why);
            return;
        }
        CandidateBook.Server server = server(request);
        book.relayed(now, request.local(), relay, mapped, server).ifPresent(findings::found);
        if (request.address().transport() == Transport.UDP) {
            book.serverReflexive(now, request.local(), mapped, server).ifPresent(findings::found);
        }
    }

    /** As {@link Gatherer#allocated(long, AllocationRequest, Base, Base, InetSocketAddress)}. */
    void allocated(long now, AllocationRequest request, Base accepting, Base opening, InetSocketAddress mapped) {
        if (!races.won(request)) {
            return;
        }
        findings.came(request.local(), Attempt.Kind.ALLOCATION, request.server());
        for (LocalBase local : List.copyOf(bases)) {
            TcpType type = local.transport().tcpType();
            if (local.isBeside(request.local()) && type == TcpType.PASSIVE) {
                book.relayed(now, local, accepting, mapped, server(request)).ifPresent(findings::found);
            } else if (local.isBeside(request.local()) && type == TcpType.ACTIVE) {
                book.relayed(now, local, opening, mapped, server(request)).ifPresent(findings::found);
                if (settings.sdp().tellsWhereConnectionsComeFrom()) {
                    book.serverReflexive(now, local, mapped, server(request)).ifPresent(findings::found);
                }
            }
        }
    }

    /** As {@link Gatherer#additionallyAllocated}. */
    void additionallyAllocated(long now, AllocationRequest request, Base relay, InetSocketAddress mapped) {
        boolean four = relay.address().getAddress() instanceof Inet4Address;
        findings.came(request, four ? Findings.Beside.IPV4 : Findings.Beside.IPV6);
        book.relayed(now, request.local(), relay, mapped, server(request).besides(book.servers()))
                .ifPresent(findings::found);
    }

    private CandidateBook.Server server(AllocationRequest request) {
        return new CandidateBook.Server(
                settings.turnServers().get(request.server()),
                settings.stunServers().size() + request.server(),
                request.address().address().getAddress());
    }

    /** As {@link Gatherer#allocationFailed}. */
    void failed(AllocationRequest request, String why) {
        if (races.lost(request)) {
            findings.miss(request.local(), Attempt.Kind.ALLOCATION, request.server(), why);
            release(request, OptionalLong.empty());
        }
    }

    /** As {@link Gatherer#allocateOnceMore}. */
    void again(AllocationRequest request) {
        races.lost(request);
        servers.again(PortPairs.onceMore(request, book.rank(request.local()), request.port()));
    }

    /** As {@link Gatherer#allocationRefused}. */
    void refused(AllocationRequest request, String why) {
        races.answered(request);
        failed(request, why);
    }

    /** As {@link Gatherer#allocationPostponed}; RTCP's relay does not wait so long for the port beside it. */
    void postponed(AllocationRequest request, String why) {
        races.answered(request);
        races.postponed(request, why);
        release(request, OptionalLong.empty());
    }

    /** As {@link Gatherer#portRefused}. */
    void portRefused(AllocationRequest request, String why) {
        findings.miss(request, Findings.Beside.PORTS_IN_A_ROW, why);
        races.answered(request);
        races.lost(request);
        int rank = book.rank(request.local());
        servers.again(pairs == null ? PortPairs.anywhere(request, rank) : pairs.anyPort(request, rank));
        release(request, OptionalLong.empty());
    }

    /** Whether it is waited for what a server says that is asked from a base now; with little hope nobody does. */
    void expect(LocalBase local, int server, boolean much) {
        races.expect(local, server, much);
    }

    /** Has RTCP's relay asked for, if it has waited for this one. */
    private void release(AllocationRequest rtp, OptionalLong nextPort) {
        if (pairs != null) {
            pairs.released(rtp, nextPort).ifPresent(servers::again);
        }
    }

    /** Whether an answer of a server is awaited that comes soon: not by one that has put us off (RFC 8656 §7.4: a minute at least). */
    boolean isAwaited() {
        return races.isAwaited();
    }

    /** Whether a server is asked from a base already, or has put us off there. */
    boolean isAsked(LocalBase local, int server) {
        return races.isAsked(local, server);
    }

    /** Whether nothing is awaited, another relay's port included. */
    boolean isDone() {
        return !races.isAwaited() && (pairs == null || pairs.isEmpty());
    }

    /** What is being waited for, in words. */
    Collection<String> awaited() {
        return races.awaited(RelayedGathering::words);
    }

    private static String words(AllocationRequest request, String why) {
        String what =
                "an allocation from " + CandidateAddress.of(request.address().address());
        return why.isEmpty() ? what : what + ", which has put us off: " + why;
    }

    void handleTimeout(long now) {
        races.handleTimeout(now);
    }

    long nextTimeout() {
        return races.nextTimeout();
    }

    /** Forgets what was asked from bases that are gone. */
    void forget(Predicate<LocalBase> gone) {
        races.forget(gone);
        if (pairs != null) {
            pairs.forget(gone).forEach(servers::again);
        }
    }

    void clear() {
        races.clear();
        if (pairs != null) {
            pairs.clear();
        }
    }
}
