// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.TransportType;
import org.icepath.ice.pacing.Beat;
import org.icepath.ice.pacing.Turns;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.stun.AddressFamily;
import org.icepath.turn.ServerAddress;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the candidates of one session (RFC 8445 §5.1).
 *
 * <p>Host candidates are there at once. Each base then asks each STUN server it may reach for its reflexive address, and asks its
 * owner for a relay allocation on each TURN server, one new transaction a Ta. The description is due when all is gathered or at the
 * deadline; what comes later is told all the same. Where not one candidate is there at the deadline, the first one makes the
 * description due, because a description without any would say that this side has no ICE.
 *
 * <p>Not thread-safe.
 */
public final class Gatherer implements Machine<GatherEvent> {

    private final Findings findings;
    private final CandidateBook book;
    private final Servers servers;
    private final ReflexiveGathering reflexive;
    private final RelayedGathering relayed;
    private final Beat beat;
    private final Milestones milestones;
    private final List<LocalBase> bases = new ArrayList<>(2);
    private final @Nullable PortPairs pairs;

    /**
     * Makes a gatherer that has not begun.
     *
     * @param random cryptographically strong outside of tests
     */
    public Gatherer(GatherSettings settings, RandomGenerator random) {
        this(settings, random, new Turns());
    }

    /**
     * Makes a gatherer that has not begun.
     *
     * @param random cryptographically strong outside of tests
     * @param turns shared with the agent that it gathers for
     */
    public Gatherer(GatherSettings settings, RandomGenerator random, Turns turns) {
        findings = new Findings(settings);
        book = new CandidateBook(settings, findings);
        pairs = settings.portPairs() ? new PortPairs() : null;
        servers = new Servers(settings, book, findings, this::arrange);
        reflexive = new ReflexiveGathering(settings, random, book, servers, findings);
        relayed = new RelayedGathering(settings, book, servers, findings, bases, pairs);
        beat = new Beat(settings.pacer(), turns, settings.ta());
        milestones = new Milestones(settings.deadline(), settings.atOnce(), findings);
    }

    /**
     * Begins: the host candidates are found within the call.
     *
     * @throws IllegalStateException when it has begun already
     */
    public void start(long now, List<LocalBase> locals) {
        milestones.begin(now);
        gatherFrom(now, locals);
    }

    /**
     * Gathers from sockets that were bound later, on an interface that has appeared. What is found is told as all candidates are; when
     * all was gathered before, it is told anew that it is. Where not one candidate was found, all is gathered once more, from the sockets
     * that stand, too: what the servers' names stand for, or that nobody knew them, may have changed with the network. Else servers
     * that none of {@code locals} can reach are looked up once more.
     *
     * @param locals may be empty, to try once more
     * @return whether all is gathered once more: the names of all servers are to be given again
     * @throws IllegalStateException when gathering has not begun, or is stopped
     */
    public boolean add(long now, List<LocalBase> locals) {
        boolean anew = milestones.isFruitless();
        milestones.more(now);
        if (anew) {
            servers.forgetNames();
        }
        seek(locals);
        gatherFrom(now, locals);
        return anew;
    }

    private boolean seek(List<LocalBase> locals) {
        boolean some = false;
        for (Attempt.Kind kind : Attempt.Kind.values()) {
            some |= servers.seek(kind, asking(kind, locals));
        }
        return some;
    }

    /** Whether there is a server whose name stood for no address. */
    public boolean hasNamelessServers() {
        return servers.hasNameless();
    }

    /** Has the servers looked up once more whose names stood for nothing that can be reached, where gathering goes on. */
    public void seekServers(long now) {
        if (milestones.gathers() && seek(bases)) {
            milestones.more(now);
            progress(now);
        }
    }

    /** A server that has put us off is asked again by who was put off; RTCP's relay may have to wait for RTP's. */
    private @Nullable Attempt arrange(Attempt meant) {
        boolean asked =
                switch (meant.kind()) {
                    case BINDING -> reflexive.isAsked(meant.local(), meant.server());
                    case ALLOCATION -> relayed.isAsked(meant.local(), meant.server());
                };
        if (asked) {
            return null;
        }
        return pairs == null ? meant : pairs.arrange(meant, bases);
    }

    /** Those of {@code locals} that a server is asked from for something. */
    private List<LocalBase> asking(Attempt.Kind kind, List<LocalBase> locals) {
        return locals.stream()
                .filter(local -> local.transport().isUdp() || local.transport().isTcp() && overTcp(kind, local))
                .toList();
    }

    /** Of use is what a NAT makes of a port that accepts (RFC 6544 §5.2): an active candidate has none. */
    private boolean overTcp(Attempt.Kind kind, LocalBase local) {
        return kind == Attempt.Kind.BINDING ? local.transport().tcpType().accepts() : speaksForAddress(local);
    }

    /** One relay serves all TCP candidates of a component on an address, passive and active ones alike (RFC 6062 §4.3, §4.4). */
    private boolean speaksForAddress(LocalBase local) {
        return switch (local.transport().tcpType()) {
            case PASSIVE -> true;
            case ACTIVE ->
                bases.stream()
                        .noneMatch(
                                other -> other.transport().equals(TransportType.TCP_PASSIVE) && other.isBeside(local));
            case SIMULTANEOUS_OPEN, NONE -> false;
        };
    }

    private void gatherFrom(long now, List<LocalBase> locals) {
        bases.addAll(locals);
        book.rank(bases);
        for (LocalBase local : book.inOrder(locals)) {
            book.host(now, local).ifPresent(findings::found);
        }
        locals.forEach(local -> book.mapped(now, local).ifPresent(findings::found));
        for (Attempt.Kind kind : Attempt.Kind.values()) {
            servers.askAll(kind, asking(kind, locals));
        }
        progress(now);
    }

    /** Asks a TURN server for a relay once more, from a socket that stands or from a further one, which yields nothing else. */
    public void allocateAgain(long now, LocalBase local, int server) {
        if (milestones.gathers()) {
            milestones.more(now);
            relayed.expect(local, server, true);
            askAgain(now, local, server);
        }
    }

    /**
     * As {@link #allocateAgain}, with little hope: where all was gathered before, more is only awaited, and told to be at an end anew, once
     * the relay stands.
     */
    public void allocateQuietly(long now, LocalBase local, int server) {
        if (milestones.gathers()) {
            relayed.expect(local, server, false);
            askAgain(now, local, server);
        }
    }

    private void askAgain(long now, LocalBase local, int server) {
        if (!bases.contains(local)) {
            bases.add(local);
            book.rank(bases);
        }
        servers.askForRelay(server, local);
        progress(now);
    }

    /**
     * Asks the STUN servers once more where a component's sockets are seen from, since a NAT may have forgotten what it made of them. A
     * candidate that has moved takes the place of the one that the same server gave before; no nomination waits for it.
     */
    public void mapAgain(long now, int stream, int component) {
        if (milestones.gathers()) {
            List<LocalBase> mapped = bases.stream()
                    .filter(local -> local.stream() == stream && local.component() == component)
                    .filter(local -> local.transport().isUdp())
                    .toList();
            servers.askAll(Attempt.Kind.BINDING, mapped);
            progress(now);
        }
    }

    /** Notes a candidate that the owner could not even try for. */
    public void missing(MissingCandidate candidate) {
        findings.miss(candidate);
    }

    /**
     * Says where a STUN server is, before the start or later. From each base the first that it may reach, over UDP or TCP as the base's
     * candidate has it, is asked first, and the others each a quarter of a second later, until one has answered.
     */
    public void stunServerResolved(long now, int server, List<ServerAddress> addresses) {
        servers.resolved(Attempt.Kind.BINDING, server, addresses, asking(Attempt.Kind.BINDING, bases));
        progress(now);
    }

    /** Gives up a STUN server whose name did not resolve. */
    public void stunServerUnresolved(long now, int server, String why) {
        servers.unresolved(Attempt.Kind.BINDING, server, why, asking(Attempt.Kind.BINDING, bases));
        progress(now);
    }

    /**
     * Says where a TURN server is, before the start or later. From each base the first that it may reach is asked first, and the others
     * each a quarter of a second later, until one has allocated.
     */
    public void turnServerResolved(long now, int server, List<ServerAddress> addresses) {
        servers.resolved(Attempt.Kind.ALLOCATION, server, addresses, asking(Attempt.Kind.ALLOCATION, bases));
        progress(now);
    }

    /** Gives up a TURN server whose name did not resolve. */
    public void turnServerUnresolved(long now, int server, String why) {
        servers.unresolved(Attempt.Kind.ALLOCATION, server, why, asking(Attempt.Kind.ALLOCATION, bases));
        progress(now);
    }

    /**
     * Takes the success of an allocation: a relayed candidate, and over UDP a server-reflexive one. The NAT's mapping of a connection is
     * none for datagrams.
     *
     * @param relay the base that stands for the relayed address
     * @param mapped our address as the server sees it
     * @param nextPort the token for the next port, where the server keeps that
     */
    public void allocated(
            long now, AllocationRequest request, Base relay, InetSocketAddress mapped, OptionalLong nextPort) {
        took(now, () -> relayed.allocated(now, request, relay, mapped, nextPort));
    }

    /**
     * Takes the success of an allocation that relays connections (RFC 6062): of each type of TCP candidate that is gathered on the address it
     * was asked for from, a relayed one.
     *
     * @param accepting the base that peers connect to, of a passive candidate
     * @param opening the base that the server connects from, of an active candidate
     * @param mapped our address as the server sees it
     */
    public void allocated(long now, AllocationRequest request, Base accepting, Base opening, InetSocketAddress mapped) {
        took(now, () -> relayed.allocated(now, request, accepting, opening, mapped));
    }

    private void took(long now, Runnable success) {
        long before = book.found();
        success.run();
        goOn(now, before);
    }

    /** @param before how many candidates had been found: one that comes when all was gathered is followed by the end once more */
    private void goOn(long now, long before) {
        if (milestones.complete() && milestones.gathers() && book.found() > before) {
            milestones.more(now);
        }
        progress(now);
    }

    /**
     * Takes the relayed address of the other family that an allocation has beside the first (RFC 8656 §7.3); after {@link #allocated}.
     *
     * @param relay the base that stands for it
     * @param mapped our address as the server sees it
     */
    public void additionallyAllocated(long now, AllocationRequest request, Base relay, InetSocketAddress mapped) {
        relayed.additionallyAllocated(now, request, relay, mapped);
        progress(now);
    }

    /**
     * An allocation that was to have an address of this family has none; {@link #missing} says so.
     *
     * @param why for people
     */
    public void familyRefused(AllocationRequest request, AddressFamily family, String why) {
        findings.miss(request, Findings.Beside.of(family), why);
    }

    /** An allocation has failed for a reason that is gone: the same is asked of the same address of the server. */
    public void allocateOnceMore(long now, AllocationRequest request) {
        relayed.again(request);
        progress(now);
    }

    /** Takes the failure of an allocation; the server's next address is tried at once, if it has one. */
    public void allocationFailed(long now, AllocationRequest request, String why) {
        relayed.failed(request, why);
        progress(now);
    }

    /** As {@link #allocationFailed}, where the server itself has said no: it is not asked by another transport at the same address. */
    public void allocationRefused(long now, AllocationRequest request, String why) {
        relayed.refused(request, why);
        progress(now);
    }

    /**
     * The server has no room for an allocation now, and is asked again later: {@link #awaited} says so. Gathering does not wait for that
     * (RFC 8656 §7.4: a minute at least); what comes of it is told all the same.
     */
    public void allocationPostponed(long now, AllocationRequest request, String why) {
        relayed.postponed(request, why);
        progress(now);
    }

    /** The server does not give the port that {@code request} wishes for: it is asked for any, and keeps none for the next component. */
    public void portRefused(long now, AllocationRequest request, String why) {
        relayed.portRefused(request, why);
        progress(now);
    }

    /** Forgets a component that is multiplexed into another (RFC 5761), or whose socket is lost. */
    public void freeComponent(long now, int stream, int component) {
        book.removeComponent(stream, component);
        removeBases(now, local -> local.stream() == stream && local.component() == component);
    }

    private void removeBases(long now, Predicate<LocalBase> gone) {
        servers.forget(gone);
        relayed.forget(gone);
        reflexive.forget(gone, bases);
        bases.removeIf(gone);
        progress(now);
    }

    /** Every peer has its selected pairs: bindings are kept alive no longer (RFC 8445 §8.3, RFC 6544 §11.2). */
    public void stopKeepalives() {
        reflexive.concluded();
    }

    /** Ends everything. */
    public void stop() {
        milestones.stop();
        servers.clear();
        beat.rest(NEVER);
        relayed.clear();
        reflexive.clear();
    }

    /** Whether a connection leads to a STUN server: what becomes of it, and comes over it, is ours. */
    public boolean owns(Base connection) {
        return reflexive.owns(connection);
    }

    /** The candidates so far, in the order in which they were found. */
    public List<GatheredCandidate> candidates() {
        return book.candidates();
    }

    /** A candidate of this base. */
    public Optional<GatheredCandidate> placeOf(Base base) {
        return book.candidates().stream()
                .filter(each -> each.base().equals(base))
                .findFirst();
    }

    /** What is not there, and why. */
    public List<MissingCandidate> missing() {
        return findings.missing();
    }

    /** Whether the description may go out. */
    public boolean described() {
        return milestones.described();
    }

    /** Whether nothing more will come. */
    public boolean complete() {
        return milestones.complete();
    }

    /** The best type preference that a candidate still to come may have; 0 when none comes that would be better than a relay. */
    public int bestTypeToCome() {
        boolean more = servers.hasUnresolved() || servers.hasDue() || relayed.isAwaited() || reflexive.open() > 0;
        return more && !complete() ? CandidateType.SERVER_REFLEXIVE.typePreference() : 0;
    }

    /** What is being waited for, in words. */
    public List<String> awaited() {
        List<String> awaited = servers.awaited();
        awaited.addAll(relayed.awaited());
        if (reflexive.open() > 0) {
            awaited.add(reflexive.open() + " answers of STUN servers");
        }
        return awaited;
    }

    @Override
    public boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
        long before = book.found();
        boolean mine = reflexive.handle(now, base, from, payload);
        if (mine) {
            goOn(now, before);
        }
        return mine;
    }

    @Override
    public void handleTimeout(long now) {
        reflexive.handleTimeout(now);
        relayed.handleTimeout(now);
        progress(now);
    }

    @Override
    public long nextTimeout() {
        long next = Math.min(milestones.next(), Math.min(reflexive.nextTimeout(), relayed.nextTimeout()));
        return servers.hasDue() ? Math.min(next, beat.next()) : next;
    }

    @Override
    public void transmitted(long now) {
        beat.left(now);
    }

    @Override
    public void drainTo(Output<? super GatherEvent> out) {
        reflexive.drainTo(out);
        findings.drainTo(out);
    }

    @Override
    public void sendFailed(long now, Base base, InetSocketAddress to, Cause cause) {
        reflexive.sendFailed(now, base, to, cause);
        progress(now);
    }

    @Override
    public void opened(long now, Base connection) {
        reflexive.opened(connection);
    }

    @Override
    public void closed(long now, Base connection, Cause cause) {
        reflexive.closed(now, connection, cause);
        progress(now);
    }

    @Override
    public void baseLost(long now, Base base, Cause cause) {
        for (LocalBase local : List.copyOf(bases)) {
            if (local.base().equals(base)) {
                findings.gone(local);
                findings.miss(new MissingCandidate(
                        local.stream(), local.component(), "all candidates of " + local, "lost: " + cause.detail()));
            }
        }
        book.removeBase(base);
        removeBases(now, local -> local.base().equals(base));
    }

    /** A relay that stood is gone, and its candidate with it. */
    public void relayLost(Base relay) {
        book.removeBase(relay);
    }

    private void progress(long now) {
        while (milestones.begun() && servers.hasDue() && beat.grants(now)) {
            begin(now, servers.next());
        }
        if (!servers.hasDue()) {
            beat.rest(NEVER);
        }
        boolean complete = !servers.hasDue() && relayed.isDone() && reflexive.open() == 0 && !servers.hasUnresolved();
        milestones.reached(now, complete, !book.candidates().isEmpty());
    }

    private void begin(long now, Attempt attempt) {
        switch (attempt.kind()) {
            case BINDING -> reflexive.begin(now, attempt);
            case ALLOCATION -> relayed.begin(now, attempt);
        }
    }
}
