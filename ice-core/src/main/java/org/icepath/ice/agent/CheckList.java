// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.PairState;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.jspecify.annotations.Nullable;

/** The check list of one data stream, with its triggered-check queue (RFC 8445 §6.1.2, §6.1.4.1). */
final class CheckList {

    /** What became of the stream. */
    enum State {
        /** Nothing is known of the peer's side, or it has no such stream. */
        IDLE,
        /** Checks go on (RFC 8445 §6.1.2.1). */
        RUNNING,
        /** Every component has its selected pair (RFC 8445 §8.1.2). */
        COMPLETED,
        /** A component found no pair. */
        FAILED
    }

    /** How many pairs without a socket it remembers for reports. */
    private static final int MOST_GONE = 32;

    private final StreamLayout layout;
    private final int mostSpares;
    private final List<ComponentChecks> components;
    private final List<CheckPair> pairs = new ArrayList<>(2);
    private final List<CheckPair> removed = new ArrayList<>();
    private final List<CheckPair> gone = new ArrayList<>();
    private final ArrayDeque<CheckPair> nominations = new ArrayDeque<>(1);
    private final ArrayDeque<CheckPair> triggered = new ArrayDeque<>(1);
    private final ArrayDeque<Attempt> companions = new ArrayDeque<>(1);
    private State state = State.IDLE;
    private long startedAt;
    private boolean pathLost;
    private boolean sharesConnections;
    private @Nullable PeerCredentials credentials;

    /** @param mostSpares how many removed pairs are remembered for a path that breaks: all that the list could have had */
    CheckList(StreamLayout layout, int mostSpares) {
        this.layout = layout;
        this.mostSpares = mostSpares;
        this.components = layout.components().stream()
                .map(id -> new ComponentChecks(this, id))
                .toList();
    }

    StreamLayout layout() {
        return layout;
    }

    List<ComponentChecks> components() {
        return components;
    }

    @Nullable
    ComponentChecks component(int id) {
        for (ComponentChecks component : components) {
            if (component.id() == id) {
                return component;
            }
        }
        return null;
    }

    State state() {
        return state;
    }

    void state(State next) {
        state = next;
    }

    /** When the patience with this stream began: with the first checks, or when its last path was lost (RFC 8863 §4). */
    long startedAt() {
        return startedAt;
    }

    /** Checks begin, or begin again after the stream had failed. */
    void start(long now) {
        state = State.RUNNING;
        startedAt = now;
        pathLost = false;
    }

    /** Whether RTCP goes with RTP where that goes over TCP ({@link org.icepath.ice.SessionRules#rtcpSharesConnections}). */
    boolean sharesConnections() {
        return sharesConnections;
    }

    void shareConnections() {
        sharesConnections = true;
    }

    /** Whether RTP has this pair, and RTCP with it. */
    boolean carriesRtcp(@Nullable CheckPair pair) {
        return sharesConnections
                && pair != null
                && pair.isReliable()
                && pair.component().id() == Candidate.RTP;
    }

    /** Whether a component had a path and has none now. */
    boolean pathLost() {
        return pathLost;
    }

    void pathFound() {
        pathLost = false;
    }

    /** A component has lost its last path: patience begins anew, and whatever may still be used is checked again. */
    void losePath(long now, ComponentChecks component) {
        pathLost = true;
        startedAt = now;
        for (CheckPair pair : List.copyOf(removed)) {
            if (pair.component() == component) {
                restore(pair);
            }
        }
        for (CheckPair pair : pairs) {
            if (pair.component() == component && !pair.consentLost() && !pair.unresolved()) {
                pair.noLongerValid();
                pair.state(PairState.WAITING);
            }
        }
    }

    /** Whether every component that takes part has a pair that carries its data. */
    boolean hasAllPaths() {
        for (ComponentChecks component : components) {
            if (!component.freed() && component.current() == null) {
                return false;
            }
        }
        return true;
    }

    /** Whether checks may be sent: a completed list still has its reserves (RFC 8445 §8.1.2). */
    boolean mayCheck() {
        return state == State.RUNNING || state == State.COMPLETED;
    }

    /** The credentials of checks on this stream; null until the peer's description is known. */
    @Nullable
    PeerCredentials credentials() {
        return credentials;
    }

    void credentials(PeerCredentials known) {
        credentials = known;
    }

    /** The pairs, highest priority first, lower component first among equals; a live list. */
    List<CheckPair> pairs() {
        return pairs;
    }

    /** Pairs that were removed when their component was nominated (RFC 8445 §8.1.2), for reports and for a path that breaks. */
    List<CheckPair> removed() {
        return removed;
    }

    /** Pairs whose socket is gone, for reports alone. */
    List<CheckPair> gone() {
        return gone;
    }

    void insert(CheckPair pair) {
        int at = 0;
        while (at < pairs.size() && comesBefore(pairs.get(at), pair)) {
            at++;
        }
        pairs.add(at, pair);
    }

    /** Orders the pairs anew, after their priorities have changed. */
    void sort() {
        pairs.sort((one, other) -> comesBefore(one, other) ? -1 : comesBefore(other, one) ? 1 : 0);
    }

    private static boolean comesBefore(CheckPair one, CheckPair other) {
        int order = Long.compareUnsigned(one.checkPriority(), other.checkPriority());
        return order > 0
                || (order == 0 && one.component().id() < other.component().id());
    }

    /** The pair of these candidates, in the list or removed from it. */
    @Nullable
    CheckPair find(CandidatePair candidates) {
        CheckPair found = find(pairs, candidates);
        return found != null ? found : find(removed, candidates);
    }

    private static @Nullable CheckPair find(List<CheckPair> among, CandidatePair candidates) {
        for (CheckPair pair : among) {
            if (pair.pair().equals(candidates)) {
                return pair;
            }
        }
        return null;
    }

    @Nullable
    CheckPair find(ComponentChecks component, Base base, InetSocketAddress to) {
        CheckPair found = find(pairs, component, base, to);
        return found != null ? found : find(removed, component, base, to);
    }

    private static @Nullable CheckPair find(
            List<CheckPair> among, ComponentChecks component, Base base, InetSocketAddress to) {
        for (CheckPair pair : among) {
            if (pair.component() == component
                    && pair.remoteAddress().equals(to)
                    && pair.base().equals(base)) {
                return pair;
            }
        }
        return null;
    }

    /** Whether a pair of this candidate is in the list or removed from it. */
    boolean hasPairWith(KnownRemote remote) {
        return isAmong(pairs, remote) || isAmong(removed, remote);
    }

    private static boolean isAmong(List<CheckPair> pairs, KnownRemote remote) {
        for (CheckPair pair : pairs) {
            if (pair.remote() == remote) {
                return true;
            }
        }
        return false;
    }

    /**
     * Puts the pair into the triggered-check queue, if it is not there, and makes it Waiting (RFC 8445 §7.3.1.4).
     *
     * @param notBefore when its check may be sent
     */
    void trigger(CheckPair pair, long notBefore) {
        restore(pair);
        pair.state(PairState.WAITING);
        pair.triggerAt(notBefore);
        if (!triggered.contains(pair)) {
            triggered.add(pair);
        }
    }

    /** Puts the repeated check that nominates the pair ahead of all others (RFC 8445 §8.1.1). */
    void nominate(CheckPair pair) {
        nominations.remove(pair);
        nominations.addFirst(pair);
    }

    /** Keeps a check that has further forms to send. */
    void moreForms(Attempt attempt) {
        companions.add(attempt);
    }

    /** Drops the nominations that were not sent: we are controlled now. */
    void dropNominations() {
        nominations.clear();
    }

    @Nullable
    CheckPair pollNomination() {
        return nominations.poll();
    }

    @Nullable
    CheckPair pollTriggered(long now) {
        for (CheckPair pair : triggered) {
            if (pair.triggerAt() <= now) {
                triggered.remove(pair);
                return pair;
            }
        }
        return null;
    }

    /** When the first triggered check may be sent, or {@link Machine#NEVER}. */
    long nextTrigger() {
        long next = Machine.NEVER;
        for (CheckPair pair : triggered) {
            next = Math.min(next, pair.triggerAt());
        }
        return next;
    }

    /** The next check with a form to send, none that was decided meanwhile. */
    @Nullable
    Attempt pollCompanion() {
        companions.removeIf(attempt -> !attempt.hasMoreForms());
        return companions.poll();
    }

    boolean hasQueued(long now) {
        companions.removeIf(attempt -> !attempt.hasMoreForms());
        return !nominations.isEmpty() || nextTrigger() <= now || !companions.isEmpty();
    }

    /** The highest-priority Waiting pair that has no triggered check before it (RFC 8445 §6.1.4.2, step 3). */
    @Nullable
    CheckPair firstWaiting() {
        for (CheckPair pair : pairs) {
            if (pair.state() == PairState.WAITING && !triggered.contains(pair)) {
                return pair;
            }
        }
        return null;
    }

    /** A pair that has succeeded or was given up leaves the queues; a nomination that is due stays. */
    void unqueue(CheckPair pair) {
        triggered.remove(pair);
        companions.removeIf(attempt -> attempt.pair() == pair);
    }

    /** A pair that has failed leaves the queues, its nomination included. */
    void abandon(CheckPair pair) {
        unqueue(pair);
        nominations.remove(pair);
    }

    /** Takes a pair out of the list and its queues. */
    void remove(CheckPair pair) {
        abandon(pair);
        pairs.remove(pair);
    }

    /** Puts a removed pair back to its place. */
    void restore(CheckPair pair) {
        if (removed.remove(pair)) {
            insert(pair);
        }
    }

    /** Takes a pair out of the list but remembers it; where there are too many, the most redundant one is forgotten. */
    void retire(CheckPair pair) {
        remove(pair);
        removed.add(pair);
        if (removed.size() > mostSpares) {
            removed.remove(PairLimit.mostRedundant(removed));
        }
    }

    /** The socket of a pair is gone. */
    void lose(CheckPair pair) {
        remove(pair);
        if (gone.size() < MOST_GONE) {
            gone.add(pair);
        }
    }

    /** Drops everything, when the agent closes. */
    void clear() {
        pairs.clear();
        removed.clear();
        gone.clear();
        nominations.clear();
        triggered.clear();
        companions.clear();
    }
}
