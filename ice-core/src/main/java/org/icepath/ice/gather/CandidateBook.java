// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.LocalAddress;
import org.icepath.candidate.LocalPreferences;
import org.icepath.candidate.Priority;
import org.icepath.candidate.TcpType;
import org.icepath.ice.CandidateFacts;
import org.icepath.ice.CandidateFilter;
import org.icepath.sansio.Base;

/**
 * The candidates of a session: gives them foundation and priority, drops redundant and filtered ones (RFC 8445 §5.1.1 to §5.1.3).
 * Not thread-safe.
 */
final class CandidateBook {

    private static final CandidateAddress HIDDEN_IPV4 = CandidateAddress.of("0.0.0.0", 9);
    private static final CandidateAddress HIDDEN_IPV6 = CandidateAddress.of("::", 9);

    /** That of the only address (RFC 6544 §4.2). */
    private static final int MOST_OTHER_PREFERENCE = 8_191;

    private final GatherSettings settings;
    private final Findings findings;
    private final FoundationSource foundations;
    private final List<GatheredCandidate> candidates = new ArrayList<>(2);
    private Map<InetAddress, Integer> preferences = Map.of();
    private long found;

    CandidateBook(GatherSettings settings, Findings findings) {
        this.settings = settings;
        this.findings = findings;
        this.foundations =
                settings.sdp().foundationsPerStream() ? new Numbers(candidates) : FoundationSource.perAgent();
    }

    List<GatheredCandidate> candidates() {
        return Collections.unmodifiableList(candidates);
    }

    /** How many were found, those included that are gone. */
    long found() {
        return found;
    }

    /** Ranks the addresses that are gathered from (RFC 8421 §4); those that were ranked before keep their place. */
    void rank(List<LocalBase> bases) {
        Map<InetAddress, LocalAddress> addresses = new LinkedHashMap<>();
        bases.forEach(base -> addresses.putIfAbsent(base.address(), new LocalAddress(base.address(), base.kind())));
        preferences = Map.copyOf(LocalPreferences.assign(List.copyOf(addresses.values()), preferences));
    }

    /** The place of a base among the local addresses, best first, from 0. */
    int rank(LocalBase base) {
        return LocalPreferences.MAX - preferences.getOrDefault(base.address(), 0);
    }

    /** The bases in the order in which their host candidates are made: where these are numbered, the best is the first. */
    List<LocalBase> inOrder(List<LocalBase> bases) {
        if (!settings.sdp().foundationsPerStream()) {
            return bases;
        }
        List<LocalBase> ranked = new ArrayList<>(bases);
        ranked.sort(Comparator.comparingInt(this::rank));
        return ranked;
    }

    Optional<GatheredCandidate> host(long now, LocalBase local) {
        String what = "host candidate on " + local;
        if (!admitted(CandidateType.HOST, local, local.address(), what)) {
            return Optional.empty();
        }
        Foundation foundation = foundations.assign(CandidateType.HOST, local, local.address(), null);
        long priority = settings.sdp()
                .hostPriority(
                        local.address(),
                        local.transport(),
                        preference(foundation, preference(CandidateType.HOST, local, rank(local))),
                        local.component());
        Candidate candidate = Candidate.host(
                foundation,
                local.component(),
                local.transport(),
                priority,
                mapping(local, CandidateType.HOST).orElse(local.base().address()));
        return add(now, local, local.base(), candidate, what);
    }

    /** What a mapping of the configuration makes known without a server. */
    Optional<GatheredCandidate> mapped(long now, LocalBase local) {
        // nobody connects to an active candidate, wherever it may be seen
        return mapping(local, CandidateType.SERVER_REFLEXIVE)
                .filter(external -> local.transport().tcpType() != TcpType.ACTIVE)
                .flatMap(external -> serverReflexive(
                        now, local, external, new Server("the NAT mapping", servers(), external.getAddress())));
    }

    private Optional<InetSocketAddress> mapping(LocalBase local, CandidateType type) {
        return settings.natMappings().stream()
                .filter(mapping -> mapping.type() == type && mapping.internal().equals(local.address()))
                .findFirst()
                .map(mapping -> new InetSocketAddress(
                        mapping.external(), local.base().address().getPort()));
    }

    /** How many servers there are in the configuration. */
    int servers() {
        return settings.stunServers().size() + settings.turnServers().size();
    }

    Optional<GatheredCandidate> serverReflexive(long now, LocalBase local, InetSocketAddress mapped, Server server) {
        String what = "server-reflexive candidate from " + server.name() + " over " + local;
        if (!usable(mapped, local, what) || !admitted(CandidateType.SERVER_REFLEXIVE, local, local.address(), what)) {
            return Optional.empty();
        }
        Candidate candidate = learnt(CandidateType.SERVER_REFLEXIVE, local, mapped, server)
                .withRelatedAddress(
                        related(CandidateType.HOST, local, local.base().address()));
        if (isKnown(local, candidate)) {
            return Optional.empty(); // asked again, the server says the same
        }
        candidates.removeIf(known -> isByTheSameServer(local, candidate, known));
        return add(now, local, local.base(), candidate, what);
    }

    private boolean isKnown(LocalBase local, Candidate candidate) {
        return candidates.stream()
                .anyMatch(known -> isByTheSameServer(local, candidate, known)
                        && known.candidate().address().equals(candidate.address()));
    }

    /** A priority is that of one base and one server. */
    private static boolean isByTheSameServer(LocalBase local, Candidate candidate, GatheredCandidate known) {
        return known.stream() == local.stream()
                && known.base().equals(local.base())
                && known.candidate().type().equals(CandidateType.SERVER_REFLEXIVE)
                && known.candidate().priority() == candidate.priority();
    }

    /** @param relay of a candidate that travels as {@code local} does */
    Optional<GatheredCandidate> relayed(
            long now, LocalBase local, Base relay, InetSocketAddress mapped, Server server) {
        String what = "relayed candidate from " + server.name() + " over " + local;
        InetSocketAddress relayed = relay.address();
        if (!admitted(CandidateType.RELAYED, local, shown(relayed.getAddress(), local), what)) {
            return Optional.empty();
        }
        Candidate candidate = learnt(CandidateType.RELAYED, local, relayed, server)
                .withRelatedAddress(related(CandidateType.SERVER_REFLEXIVE, local, mapped));
        return add(now, local, relay, candidate, what);
    }

    /** A candidate with an address that a server has told or given. */
    private Candidate learnt(CandidateType type, LocalBase local, InetSocketAddress address, Server server) {
        Foundation foundation = foundations.assign(type, local, address.getAddress(), server);
        return Candidate.of(
                foundation,
                local.component(),
                local.transport(),
                priority(type, local, server, foundation),
                CandidateAddress.of(address),
                type);
    }

    /** Forgets the candidates of a component that is no longer needed. */
    void removeComponent(int stream, int component) {
        candidates.removeIf(each -> each.stream() == stream && each.candidate().component() == component);
    }

    /** Forgets the candidates of a socket or relay that is gone. */
    void removeBase(Base base) {
        candidates.removeIf(each -> each.base().equals(base));
    }

    /** Whether a filter keeps candidates of this type from being told. */
    boolean filters(CandidateType type, LocalBase local) {
        return refusal(type, local, local.address()).isPresent();
    }

    /** What filters see as the address of a relayed candidate. */
    private static InetAddress shown(InetAddress relayed, LocalBase local) {
        return relayed.getAddress().length == local.address().getAddress().length ? local.address() : relayed;
    }

    private boolean admitted(CandidateType type, LocalBase local, InetAddress address, String what) {
        Optional<CandidateFilter> refusal = refusal(type, local, address);
        refusal.ifPresent(filter -> miss(local, what, "kept back by the filter \"" + filter.description() + "\""));
        return refusal.isEmpty();
    }

    private Optional<CandidateFilter> refusal(CandidateType type, LocalBase local, InetAddress address) {
        CandidateFacts facts = new CandidateFacts(
                type, local.transport(), local.address(), address, local.interfaceName(), local.kind());
        return settings.filters().stream()
                .filter(filter -> !filter.admits().test(facts))
                .findFirst();
    }

    /** What a server says about our address is not believed where no packet could ever come from. */
    private boolean usable(InetSocketAddress mapped, LocalBase local, String what) {
        InetAddress ip = mapped.getAddress();
        boolean sameFamily = ip.getAddress().length == local.address().getAddress().length;
        if (sameFamily && mapped.getPort() != 0 && !ip.isAnyLocalAddress() && !ip.isMulticastAddress()) {
            return true;
        }
        miss(local, what, "the server answered with the unusable address " + CandidateAddress.of(mapped));
        return false;
    }

    /** The related address, unless a filter hides it; then the one that says nothing (RFC 8839 §5.1). */
    private CandidateAddress related(CandidateType type, LocalBase local, InetSocketAddress address) {
        if (!filters(type, local)) {
            return CandidateAddress.of(address);
        }
        return address.getAddress().getAddress().length == 4 ? HIDDEN_IPV4 : HIDDEN_IPV6;
    }

    /** No two candidates of a component and type may have the same (RFC 8445 §5.1.2.1): address first, then server. */
    private long priority(CandidateType type, LocalBase local, Server server, Foundation foundation) {
        int places = 2 * servers() + 1; // after the servers a NAT mapping, and what servers give of another family
        int preference = preference(type, local, rank(local) * places + server.place());
        return settings.sdp()
                .priority(type, local.transport(), preference(foundation, Math.max(preference, 1)), local.component());
    }

    private int preference(Foundation foundation, int preference) {
        return settings.sdp().foundationsPerStream() ? Integer.parseInt(foundation.value()) : preference;
    }

    /** @param place among all that have the same type, best first, from 0 */
    private static int preference(CandidateType type, LocalBase local, int place) {
        return local.transport().isTcp()
                ? Priority.tcpLocalPreference(
                        type, local.transport().tcpType(), Math.max(MOST_OTHER_PREFERENCE - place, 0))
                : LocalPreferences.MAX - place;
    }

    private Optional<GatheredCandidate> add(long now, LocalBase local, Base base, Candidate candidate, String what) {
        for (GatheredCandidate known : candidates) {
            if (isRedundant(local, base, candidate, known)) {
                miss(local, what, sameAs(known));
                return Optional.empty();
            }
        }
        List<Candidate> siblings = candidates.stream()
                .filter(known -> known.stream() == local.stream())
                .map(GatheredCandidate::candidate)
                .filter(known -> known.component() == local.component())
                .toList();
        if (!settings.sdp().mayOffer(candidate, siblings)) {
            miss(local, what, "the peer would not bear it beside the candidates that there are");
            return Optional.empty();
        }
        if (isFull(local) && !isFirstOfKind(local, candidate, base)) {
            miss(local, what, "there are " + settings.maxCandidates() + " candidates of this component already");
            return Optional.empty();
        }
        GatheredCandidate gathered = new GatheredCandidate(local.stream(), candidate, base, local.kind(), now);
        candidates.add(gathered);
        found++;
        foundations.added();
        return Optional.of(gathered);
    }

    /** Same transport address and same base (RFC 8445 §5.1.3). What comes later has the lower priority, or the same. */
    private static boolean isRedundant(LocalBase local, Base base, Candidate candidate, GatheredCandidate known) {
        return known.stream() == local.stream()
                && known.candidate().component() == local.component()
                && known.candidate().transport().equals(candidate.transport())
                && known.base().equals(base)
                && known.candidate().address().equals(candidate.address());
    }

    private static String sameAs(GatheredCandidate known) {
        return known.candidate().type() == CandidateType.HOST
                ? "not needed: it is the host candidate itself, there is no NAT on the way to the server"
                : "not needed: " + known.candidate().address() + " is known already";
    }

    /**
     * The first of a type, family and transport is not crowded out by what was found before: a relay may be the only way there is, and an
     * interface that appears with an address of another family the best.
     */
    private boolean isFirstOfKind(LocalBase local, Candidate candidate, Base base) {
        return candidates.stream()
                .noneMatch(each -> each.stream() == local.stream()
                        && each.candidate().component() == local.component()
                        && each.candidate().type().equals(candidate.type())
                        && each.candidate().transport().equals(candidate.transport())
                        && isSameFamily(each.base(), base));
    }

    private static boolean isSameFamily(Base one, Base other) {
        return one.address().getAddress().getClass()
                == other.address().getAddress().getClass();
    }

    private boolean isFull(LocalBase local) {
        long there = candidates.stream()
                .filter(each ->
                        each.stream() == local.stream() && each.candidate().component() == local.component())
                .count();
        return there >= settings.maxCandidates();
    }

    private void miss(LocalBase local, String what, String why) {
        findings.miss(new MissingCandidate(local.stream(), local.component(), what, why));
    }

    /**
     * A server that a candidate came from.
     *
     * @param name as in the configuration
     * @param place among all servers of the configuration, from 0
     * @param address where it was asked
     */
    record Server(String name, int place, InetAddress address) {

        /** The same for what it gives beside its first relayed address: another candidate, so another place. */
        Server besides(int servers) {
            return new Server(name, place + servers + 1, address);
        }
    }
}
