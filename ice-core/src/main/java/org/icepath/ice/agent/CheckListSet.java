// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.icepath.ice.IceRole;
import org.icepath.ice.PairState;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.jspecify.annotations.Nullable;

/** The check lists of all streams, in order, and what is decided across them (RFC 8445 §6.1.2.6, §6.1.4.2). */
final class CheckListSet {

    private final List<CheckList> lists;
    private final long stallNanos;
    private int turn;

    /**
     * Makes empty lists.
     *
     * @param maxPairs how many pairs they hold together
     * @param stallNanos how long a check may go unanswered before pairs of its foundation are frozen no longer
     */
    CheckListSet(List<StreamLayout> streams, int maxPairs, long stallNanos) {
        lists = streams.stream().map(layout -> new CheckList(layout, maxPairs)).toList();
        this.stallNanos = stallNanos;
    }

    List<CheckList> lists() {
        return lists;
    }

    @Nullable
    CheckList list(int stream) {
        for (CheckList list : lists) {
            if (list.layout().index() == stream) {
                return list;
            }
        }
        return null;
    }

    /** The component that a base belongs to; none when it was freed. */
    @Nullable
    ComponentChecks component(Base base) {
        for (int i = 0; i < lists.size(); i++) {
            List<ComponentChecks> components = lists.get(i).components();
            for (int j = 0; j < components.size(); j++) {
                ComponentChecks component = components.get(j);
                if (!component.freed() && component.hasBase(base)) {
                    return component;
                }
            }
        }
        return null;
    }

    /** Whether every stream that takes part has its selected pairs. */
    boolean completed() {
        boolean some = false;
        for (CheckList list : lists) {
            if (list.state() == CheckList.State.RUNNING) {
                return false;
            }
            some |= list.state() == CheckList.State.COMPLETED;
        }
        return some;
    }

    Stream<CheckPair> pairs() {
        return lists.stream().flatMap(list -> list.pairs().stream());
    }

    int pairCount() {
        int count = 0;
        for (CheckList list : lists) {
            count += list.pairs().size();
        }
        return count;
    }

    /** Computes all priorities and orders anew: our role has changed (RFC 8445 §7.3.1.1). */
    void prioritise(IceRole role) {
        for (CheckList list : lists) {
            list.pairs().forEach(pair -> pair.prioritise(role));
            list.removed().forEach(pair -> pair.prioritise(role));
            list.sort();
        }
    }

    /**
     * Gives pairs that were just formed their states: of each foundation that is not being tried, the first pair becomes Waiting, by
     * check list, component and priority (RFC 8445 §6.1.2.6); where a pair of the foundation has succeeded, all do (RFC 8838 §12).
     */
    void computeStates() {
        Set<String> succeeded = foundations(PairState.SUCCEEDED);
        Set<String> tried = foundations(PairState.WAITING, PairState.IN_PROGRESS);
        for (CheckList list : lists) {
            List<CheckPair> byComponent = new ArrayList<>(list.pairs());
            byComponent.sort(Comparator.comparingInt(pair -> pair.component().id()));
            for (CheckPair pair : byComponent) {
                boolean unfreezes = pair.state() == PairState.FROZEN
                        && (succeeded.contains(pair.foundation()) || tried.add(pair.foundation()));
                if (unfreezes) {
                    pair.state(PairState.WAITING);
                }
            }
        }
    }

    private Set<String> foundations(PairState... states) {
        List<PairState> wanted = List.of(states);
        return pairs().filter(pair -> wanted.contains(pair.state()))
                .map(CheckPair::foundation)
                .collect(Collectors.toSet());
    }

    /** A pair of this foundation has succeeded: all Frozen ones become Waiting, in all lists (RFC 8445 §7.2.5.3.3). */
    void unfreeze(String foundation) {
        for (CheckList list : lists) {
            for (CheckPair pair : list.pairs()) {
                if (pair.state() == PairState.FROZEN && pair.foundation().equals(foundation)) {
                    pair.state(PairState.WAITING);
                }
            }
        }
    }

    /** Whether a check could be sent at once. */
    boolean hasWork(long now) {
        for (CheckList list : lists) {
            if (list.mayCheck() && (list.hasQueued(now) || waiting(now, list) != null)) {
                return true;
            }
        }
        return false;
    }

    /** When a triggered check that is held back may be sent, or a Frozen pair thaws, or {@link Machine#NEVER}. */
    long nextWork(long now) {
        long next = nextThaw(now);
        for (CheckList list : lists) {
            next = list.mayCheck() ? Math.min(next, list.nextTrigger()) : next;
        }
        return next;
    }

    private long nextThaw(long now) {
        long next = Machine.NEVER;
        if (lists.stream().noneMatch(CheckListSet::hasFrozen)) {
            return next;
        }
        for (CheckList list : lists) {
            for (CheckPair pair : list.pairs()) {
                if (isTried(now, pair) && pair.attempt() != null) {
                    next = Math.min(next, pair.attempt().startedAt() + stallNanos);
                }
            }
        }
        return next;
    }

    /**
     * Performs one check: nominations and triggered checks of any list first, then ordinary checks, then further forms, so that no pair
     * waits for what another one's check may not need; the lists take turns (RFC 8445 §6.1.4.2).
     *
     * @return whether there was one
     */
    boolean perform(long now, CheckClient client) {
        return inTurn(list -> performTriggered(now, list, client))
                || inTurn(list -> performOrdinary(now, list, client))
                || inTurn(list -> performCompanion(now, list, client));
    }

    private interface Attempted {
        boolean on(CheckList list);
    }

    private boolean inTurn(Attempted check) {
        for (int i = 0; i < lists.size(); i++) {
            int index = (turn + i) % lists.size();
            CheckList list = lists.get(index);
            if (list.mayCheck() && check.on(list)) {
                turn = (index + 1) % lists.size();
                return true;
            }
        }
        return false;
    }

    private static boolean performTriggered(long now, CheckList list, CheckClient client) {
        CheckPair nomination = list.pollNomination();
        if (nomination != null) {
            client.check(now, nomination, true, false);
            return true;
        }
        CheckPair triggered = list.pollTriggered(now);
        if (triggered != null) {
            client.check(now, triggered, false, true);
        }
        return triggered != null;
    }

    private static boolean performCompanion(long now, CheckList list, CheckClient client) {
        Attempt attempt = list.pollCompanion();
        if (attempt != null) {
            client.sendNextForm(now, attempt);
        }
        return attempt != null;
    }

    private boolean performOrdinary(long now, CheckList list, CheckClient client) {
        CheckPair pair = waiting(now, list);
        if (pair != null) {
            client.check(now, pair, false, false);
        }
        return pair != null;
    }

    /** The pair that an ordinary check would take, thawing what may be thawed (RFC 8445 §6.1.4.2, steps 2 and 3). */
    private @Nullable CheckPair waiting(long now, CheckList list) {
        CheckPair first = list.firstWaiting();
        if (first != null || !hasFrozen(list)) {
            return first;
        }
        thaw(now, list);
        return list.firstWaiting();
    }

    private static boolean hasFrozen(CheckList list) {
        boolean frozen = false;
        for (CheckPair pair : list.pairs()) {
            frozen |= pair.state() == PairState.FROZEN && list.mayCheck();
        }
        return frozen;
    }

    private void thaw(long now, CheckList list) {
        Set<String> tried = pairs().filter(pair -> isTried(now, pair))
                .map(CheckPair::foundation)
                .collect(Collectors.toSet());
        for (CheckPair pair : list.pairs()) {
            if (pair.state() == PairState.FROZEN && tried.add(pair.foundation())) {
                pair.state(PairState.WAITING);
            }
        }
    }

    /**
     * Whether others of the foundation wait for this pair. A check without an answer so far is waited for no longer than a while: behind
     * a NAT that maps by destination the path of the first component is found as a pair of another foundation, and the check that
     * holds the other components back would go on unanswered until it is too late for them.
     */
    private boolean isTried(long now, CheckPair pair) {
        if (pair.state() != PairState.IN_PROGRESS) {
            return pair.state() == PairState.WAITING;
        }
        Attempt attempt = pair.attempt();
        return attempt == null || now < attempt.startedAt() + stallNanos;
    }
}
