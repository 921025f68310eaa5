// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.icepath.ice.PairState;
import org.icepath.ice.PairView;
import org.icepath.ice.PathRanking;
import org.icepath.sansio.Machine;
import org.jspecify.annotations.Nullable;

/**
 * What would be better than the nominated pair of one component: a valid pair is the challenger; others that would be are tried again
 * now and then, by both sides, because a way may open later and through two NATs only if both knock. Mutable; not thread-safe.
 */
final class Contest {

    /** When better pairs are tried again for the first time after the nomination, or after new ones have come. */
    private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How long the pause between two tries is at first: as between two probes of a reserve. It doubles each time. */
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(15);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(8);

    /** How many are tried at a time: the best one, and the one that was tried the longest ago. */
    private static final int MOST = 2;

    /** What is tried next. */
    private enum Scope {
        /** A few pairs that would be better. */
        FEW,
        /** All that were never tried; a few where there are none. */
        NEW,
        /** All that would be better. */
        ALL
    }

    private final ComponentChecks component;
    private final List<CheckPair> retrying = new ArrayList<>(0);
    private Scope scope = Scope.FEW;
    private @Nullable CheckPair challenger;
    private long since;
    private long retryAt = PairView.NOT_YET;
    private long pause;

    Contest(ComponentChecks component) {
        this.component = component;
    }

    /** The valid pair that should take the place of the nominated one. */
    @Nullable
    CheckPair challenger() {
        return challenger;
    }

    boolean isChallenger(CheckPair pair) {
        return pair == challenger;
    }

    /** Since when it should; means something only while there is one. */
    long since() {
        return since;
    }

    /** Whether a pair is tried because it would be better, not because a reserve is needed. */
    boolean isRetrying(CheckPair pair) {
        return retrying.contains(pair);
    }

    /** Whether a pair would be better than the one in use: a check of the peer's there says that a way may have opened. */
    boolean isWorthTrying(CheckPair pair, PathRanking ranking) {
        CheckPair inUse = component.current();
        return inUse != null && !pair.consentLost() && ranking.isBetter(pair, inUse);
    }

    /** There are new pairs: they are tried soon, however many dead ones would be better. */
    void reopen() {
        retryAt = PairView.NOT_YET;
        scope = scope == Scope.ALL ? Scope.ALL : Scope.NEW;
    }

    /** Media has come to a worse kind of path: whatever would be better is tried soon, though it may have been in vain before. */
    void reopenAll() {
        retryAt = PairView.NOT_YET;
        scope = Scope.ALL;
    }

    /** When better pairs are to be tried again, or {@link Machine#NEVER}. */
    long next() {
        return retryAt == PairView.NOT_YET ? Machine.NEVER : retryAt;
    }

    /** The stream is not concluded: nothing is contested. */
    void rest() {
        challenger = null;
        retrying.clear();
        retryAt = PairView.NOT_YET;
        scope = Scope.FEW;
    }

    /** Looks for a challenger among the valid pairs. */
    void review(long now, PathRanking ranking) {
        CheckPair next = best(ranking);
        if (next != challenger) {
            challenger = next;
            since = now;
        }
    }

    private @Nullable CheckPair best(PathRanking ranking) {
        CheckPair nominated = component.nominated();
        CheckPair current = component.current();
        if (nominated == null) {
            return null;
        }
        if (!nominated.valid()) {
            return current != null && current.valid() ? current : null;
        }
        CheckPair best = null;
        for (CheckPair pair : component.list().pairs()) {
            boolean wins = pair.component() == component
                    && pair.valid()
                    && ranking.replaces(pair, nominated)
                    && (best == null || ranking.isBetter(pair, best));
            best = wins ? pair : best;
        }
        return best;
    }

    /** Has better pairs checked again, if it is time. */
    void retry(long now, AgentContext context, CheckClient client) {
        retrying.removeIf(pair -> !pair.unresolved());
        if (retryAt == PairView.NOT_YET) {
            retryAt = now + FIRST_PAUSE_NANOS;
            pause = SHORTEST_PAUSE_NANOS;
        }
        if (now < retryAt) {
            return;
        }
        retryAt = now + context.jittered(pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        retrying.clear();
        for (CheckPair pair : chosen(
                aspirants(context.strategies().ranking()), context.strategies().ranking())) {
            retrying.add(pair);
            client.cancel(pair);
            component.list().restore(pair);
            pair.state(PairState.WAITING);
            pair.retriedAt(now);
        }
        scope = Scope.FEW;
    }

    private List<CheckPair> chosen(List<CheckPair> aspirants, PathRanking ranking) {
        if (scope == Scope.ALL || aspirants.size() <= MOST) {
            return aspirants;
        }
        List<CheckPair> chosen = new ArrayList<>(MOST);
        for (CheckPair pair : aspirants) {
            if (scope == Scope.NEW && pair.traffic().checksBegun() == 0) {
                chosen.add(pair);
            }
        }
        if (chosen.isEmpty()) {
            CheckPair best = best(aspirants, ranking);
            chosen.add(best);
            aspirants.remove(best);
            chosen.add(longestAgo(aspirants));
        }
        return chosen;
    }

    private static CheckPair best(List<CheckPair> pairs, PathRanking ranking) {
        CheckPair best = pairs.get(0);
        for (CheckPair pair : pairs) {
            best = ranking.isBetter(pair, best) ? pair : best;
        }
        return best;
    }

    private static CheckPair longestAgo(List<CheckPair> pairs) {
        CheckPair oldest = pairs.get(0);
        for (CheckPair pair : pairs) {
            oldest = pair.retriedAt() < oldest.retriedAt() ? pair : oldest;
        }
        return oldest;
    }

    /** The pairs that are not valid and would be better. */
    private List<CheckPair> aspirants(PathRanking ranking) {
        List<CheckPair> aspirants = new ArrayList<>(component.list().pairs());
        aspirants.addAll(component.list().removed());
        aspirants.removeIf(
                pair -> pair.component() != component || pair.mayCarryData() || !isWorthTrying(pair, ranking));
        return aspirants;
    }
}
