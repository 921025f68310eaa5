// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.pacing.Turns;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.sansio.Timers;

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

    private static final int MAX_ATTEMPTS = 200;
    private static final int MAX_MISSING = 200;

    private final GatherSettings settings;
    private final CandidateBook book;
    private final Bindings bindings;
    private final Beat beat;
    private final PriorityQueue<Attempt> due = new PriorityQueue<>(Attempt.ORDER);
    private final Map<AllocationRequest, Attempt> allocating = new LinkedHashMap<>();
    private final BitSet unresolvedStun = new BitSet();
    private final BitSet unresolvedTurn = new BitSet();
    private final List<LocalBase> bases = new ArrayList<>();
    private final List<MissingCandidate> missing = new ArrayList<>();
    /** What became of names before it was known what to ask from. */
    private final ArrayDeque<LongConsumer> deferred = new ArrayDeque<>();

    private final ArrayDeque<GatherEvent> events = new ArrayDeque<>();
    private final Timers<Deadline> deadlines = new Timers<>(Deadline.class);
    private State state = State.NEW;
    private int attempts;

    private enum Deadline {
        DESCRIPTION
    }

    private enum State {
        /** Nothing is asked for yet. */
        NEW,
        /** Candidates are awaited, and so is the description. */
        GATHERING,
        /** The description should be due, but there is no candidate yet. */
        OVERDUE,
        /** The description is due; candidates are still awaited. */
        DESCRIBED,
        /** Nothing more will come. */
        COMPLETE,
        /** Given up by the owner. */
        STOPPED
    }

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
        this.settings = settings;
        this.book = new CandidateBook(settings, this::miss);
        this.bindings = new Bindings(settings, random, new BindingOutcome());
        this.beat = new Beat(settings.pacer(), turns, settings.ta().toNanos());
        unresolvedStun.set(0, settings.stunServers().size());
        unresolvedTurn.set(0, settings.turnServers().size());
    }

    /**
     * Begins: the host candidates are found within the call.
     *
     * @throws IllegalStateException when it has begun already
     */
    public void start(long now, List<LocalBase> locals) {
        if (state != State.NEW) {
            throw new IllegalStateException("gathering has begun already");
        }
        state = State.GATHERING;
        bases.addAll(locals);
        book.rank(bases);
        deadlines.set(Deadline.DESCRIPTION, now + settings.deadline().toNanos());
        for (LocalBase local : bases) {
            book.host(now, local).ifPresent(this::found);
        }
        for (LongConsumer known = deferred.poll(); known != null; known = deferred.poll()) {
            known.accept(now);
        }
        progress(now);
    }

    /** Notes a candidate that the owner could not even try for. */
    public void missing(MissingCandidate candidate) {
        miss(candidate);
    }

    /** Names the addresses of a STUN server, before the start or later; of each family the first is asked first. */
    public void stunServerResolved(long now, int server, List<InetSocketAddress> addresses) {
        if (state == State.NEW) {
            deferred.add(at -> stunServerResolved(at, server, addresses));
            return;
        }
        if (unresolvedStun.get(server)) {
            unresolvedStun.clear(server);
            enqueue(Attempt.Kind.BINDING, CandidateType.SERVER_REFLEXIVE, server, addresses);
            progress(now);
        }
    }

    /** Gives up a STUN server whose name did not resolve. */
    public void stunServerUnresolved(long now, int server, String why) {
        if (state == State.NEW) {
            deferred.add(at -> stunServerUnresolved(at, server, why));
            return;
        }
        if (unresolvedStun.get(server)) {
            unresolvedStun.clear(server);
            bases.forEach(local -> miss(local, Attempt.Kind.BINDING, server, why));
            progress(now);
        }
    }

    /** Names the addresses of a TURN server, before the start or later; of each family the first is asked first. */
    public void turnServerResolved(long now, int server, List<InetSocketAddress> addresses) {
        if (state == State.NEW) {
            deferred.add(at -> turnServerResolved(at, server, addresses));
            return;
        }
        if (unresolvedTurn.get(server)) {
            unresolvedTurn.clear(server);
            enqueue(Attempt.Kind.ALLOCATION, CandidateType.RELAYED, server, addresses);
            progress(now);
        }
    }

    /** Gives up a TURN server whose name did not resolve. */
    public void turnServerUnresolved(long now, int server, String why) {
        if (state == State.NEW) {
            deferred.add(at -> turnServerUnresolved(at, server, why));
            return;
        }
        if (unresolvedTurn.get(server)) {
            unresolvedTurn.clear(server);
            bases.forEach(local -> miss(local, Attempt.Kind.ALLOCATION, server, why));
            progress(now);
        }
    }

    /**
     * Takes the success of an allocation: a relayed candidate, and a server-reflexive one.
     *
     * @param relay the base that stands for the relayed address
     * @param mapped our address as the server sees it
     */
    public void allocated(long now, AllocationRequest request, Base relay, InetSocketAddress mapped) {
        if (allocating.remove(request) == null) {
            return;
        }
        CandidateBook.Server server = new CandidateBook.Server(
                settings.turnServers().get(request.server()),
                settings.stunServers().size() + request.server(),
                request.address().getAddress());
        book.relayed(now, request.local(), relay, mapped, server).ifPresent(this::found);
        book.serverReflexive(now, request.local(), mapped, server).ifPresent(this::found);
        progress(now);
    }

    /** Takes the failure of an allocation; the server's next address is tried, if it has one. */
    public void allocationFailed(long now, AllocationRequest request, String why) {
        Attempt attempt = allocating.remove(request);
        if (attempt != null) {
            elsewhereOrMiss(attempt, why);
            progress(now);
        }
    }

    /** Forgets a component that is multiplexed into another (RFC 5761), or whose socket is lost. */
    public void freeComponent(long now, int stream, int component) {
        book.removeComponent(stream, component);
        removeBases(now, local -> local.stream() == stream && local.component() == component);
    }

    private void removeBases(long now, Predicate<LocalBase> gone) {
        due.removeIf(each -> gone.test(each.local()));
        allocating.keySet().removeIf(each -> gone.test(each.local()));
        bases.stream().filter(gone).forEach(local -> bindings.remove(local.base()));
        bases.removeIf(gone);
        progress(now);
    }

    /** Every peer has its selected pairs: bindings are kept alive no longer (RFC 8445 §8.3). */
    public void stopKeepalives() {
        bindings.stopKeepalives();
    }

    /** Ends everything. */
    public void stop() {
        state = State.STOPPED;
        due.clear();
        beat.rest();
        allocating.clear();
        bindings.clear();
        deadlines.clear();
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
        return Collections.unmodifiableList(missing);
    }

    /** Whether the description may go out. */
    public boolean described() {
        return state == State.DESCRIBED || state == State.COMPLETE || state == State.STOPPED;
    }

    /** Whether nothing more will come. */
    public boolean complete() {
        return state == State.COMPLETE || state == State.STOPPED;
    }

    /** The best type preference that a candidate still to come may have; 0 when none comes that would be better than a relay. */
    public int bestTypeToCome() {
        boolean reflexive = !unresolvedStun.isEmpty()
                || !unresolvedTurn.isEmpty()
                || !due.isEmpty()
                || !allocating.isEmpty()
                || bindings.open() > 0;
        return reflexive && !complete() ? CandidateType.SERVER_REFLEXIVE.typePreference() : 0;
    }

    /** What is being waited for, in words. */
    public List<String> awaited() {
        List<String> awaited = new ArrayList<>();
        unresolvedStun.stream()
                .forEach(i -> awaited.add("the name " + settings.stunServers().get(i)));
        unresolvedTurn.stream()
                .forEach(i -> awaited.add("the name " + settings.turnServers().get(i)));
        due.forEach(each -> awaited.add("a turn to ask " + CandidateAddress.of(each.address())));
        allocating.keySet().forEach(each -> awaited.add("an allocation from " + CandidateAddress.of(each.address())));
        if (bindings.open() > 0) {
            awaited.add(bindings.open() + " answers of STUN servers");
        }
        return awaited;
    }

    @Override
    public boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
        boolean mine = bindings.handle(now, base, from, payload);
        if (mine) {
            progress(now);
        }
        return mine;
    }

    @Override
    public void handleTimeout(long now) {
        bindings.handleTimeout(now);
        progress(now);
    }

    @Override
    public long nextTimeout() {
        long next = Math.min(deadlines.next(), bindings.nextTimeout());
        return due.isEmpty() ? next : Math.min(next, beat.next());
    }

    @Override
    public void drainTo(Output<? super GatherEvent> out) {
        bindings.drainTransmits(out);
        for (GatherEvent event = events.poll(); event != null; event = events.poll()) {
            out.event(event);
        }
    }

    @Override
    public void sendFailed(long now, Base base, InetSocketAddress to, Cause cause) {
        bindings.sendFailed(now, base, to, cause);
        progress(now);
    }

    @Override
    public void baseLost(long now, Base base, Cause cause) {
        for (LocalBase local : List.copyOf(bases)) {
            if (local.base().equals(base)) {
                miss(new MissingCandidate(
                        local.stream(), local.component(), "all candidates of " + local, "lost: " + cause.detail()));
            }
        }
        removeBases(now, local -> local.base().equals(base));
    }

    private void enqueue(Attempt.Kind kind, CandidateType type, int server, List<InetSocketAddress> addresses) {
        for (LocalBase local : bases) {
            List<InetSocketAddress> reachable =
                    addresses.stream().filter(local::mayReach).toList();
            // a TURN allocation is worth its reflexive candidate alone; a binding is worth nothing else
            boolean useless = book.filters(type, local)
                    && (kind == Attempt.Kind.BINDING || book.filters(CandidateType.SERVER_REFLEXIVE, local));
            if (useless) {
                miss(local, kind, server, "not asked for: a filter would keep it back");
            } else if (reachable.isEmpty()) {
                miss(local, kind, server, "the server has no address that can be reached from there");
            } else if (attempts++ < MAX_ATTEMPTS) {
                due.add(new Attempt(kind, local, book.rank(local), server, reachable));
            } else {
                miss(local, kind, server, MAX_ATTEMPTS + " others were asked for already");
            }
        }
    }

    private void progress(long now) {
        while (!due.isEmpty() && beat.take(now)) {
            begin(now, due.remove());
        }
        if (due.isEmpty()) {
            beat.rest();
        }
        boolean complete = state != State.NEW
                && due.isEmpty()
                && allocating.isEmpty()
                && bindings.open() == 0
                && unresolvedStun.isEmpty()
                && unresolvedTurn.isEmpty();
        if (state == State.GATHERING && (settings.atOnce() || deadlines.takeExpired(Deadline.DESCRIPTION, now))) {
            state = State.OVERDUE;
        }
        boolean overdue = state == State.OVERDUE && !book.candidates().isEmpty();
        if (!described() && (complete || overdue)) {
            state = State.DESCRIBED;
            deadlines.clear();
            events.add(new GatherEvent.DescriptionDue());
        }
        if (state == State.DESCRIBED && complete) {
            state = State.COMPLETE;
            events.add(new GatherEvent.Completed());
        }
    }

    private void begin(long now, Attempt attempt) {
        if (attempt.kind() == Attempt.Kind.BINDING) {
            bindings.ask(now, attempt);
            return;
        }
        AllocationRequest request = new AllocationRequest(attempt.local(), attempt.server(), attempt.address());
        allocating.put(request, attempt);
        events.add(new GatherEvent.AllocationDue(request));
    }

    private void elsewhereOrMiss(Attempt attempt, String why) {
        attempt.elsewhere()
                .ifPresentOrElse(due::add, () -> miss(attempt.local(), attempt.kind(), attempt.server(), why));
    }

    private void found(GatheredCandidate candidate) {
        events.add(new GatherEvent.Found(candidate));
    }

    private void miss(LocalBase local, Attempt.Kind kind, int server, String why) {
        String what = kind == Attempt.Kind.BINDING
                ? "server-reflexive candidate from " + settings.stunServers().get(server)
                : "relayed candidate from " + settings.turnServers().get(server);
        miss(new MissingCandidate(local.stream(), local.component(), what + " over " + local, why));
    }

    private void miss(MissingCandidate candidate) {
        if (missing.size() < MAX_MISSING) {
            missing.add(candidate);
            events.add(new GatherEvent.Missed(candidate));
        }
    }

    private final class BindingOutcome implements Bindings.Outcome {
        @Override
        public void mapped(long now, Attempt attempt, InetSocketAddress mapped) {
            CandidateBook.Server server = new CandidateBook.Server(
                    settings.stunServers().get(attempt.server()),
                    attempt.server(),
                    attempt.address().getAddress());
            book.serverReflexive(now, attempt.local(), mapped, server).ifPresent(Gatherer.this::found);
        }

        @Override
        public void unmapped(long now, Attempt attempt, String why) {
            elsewhereOrMiss(attempt, why);
        }
    }
}
