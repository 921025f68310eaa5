// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.icepath.ice.IceFailure;
import org.icepath.ice.PairState;
import org.icepath.ice.PairView;
import org.icepath.sansio.Machine;

/**
 * Decides when a stream has failed: not before the PAC timer ends, even with nothing left to try, because candidates and checks of
 * the peer may still come (RFC 8863 §4); then, once each check was waited for as long.
 */
final class Patience {

    /** A peer that goes on triggering checks, and answers none, is borne with no longer than this many times the patience. */
    private static final int MOST_PATIENCES = 3;

    private final AgentContext context;
    private final CheckClient client;
    private final long patience;
    private long next = Machine.NEVER;

    Patience(AgentContext context, CheckClient client) {
        this.context = context;
        this.client = client;
        this.patience = context.settings().timings().patience().toNanos();
    }

    long next() {
        return next;
    }

    /** Looks for streams whose patience has ended; returns whether there was one. */
    boolean review(long now) {
        next = Machine.NEVER;
        boolean failed = false;
        for (CheckList list : context.lists().lists()) {
            if (list.mayCheck() && !list.hasAllPaths()) {
                failed |= review(now, list);
            }
        }
        return failed;
    }

    private boolean review(long now, CheckList list) {
        long end = checksEndAt(list);
        long deadline = Math.min(end, list.startedAt() + patience);
        for (CheckPair pair : list.pairs()) {
            boolean counts = pair.unresolved() && pair.component().current() == null;
            if (counts && now >= deadline) {
                deadline = Math.max(deadline, hopeEnds(now, pair));
            }
        }
        deadline = Math.min(Math.min(deadline, end), list.startedAt() + MOST_PATIENCES * patience);
        if (now >= deadline) {
            fail(now, list);
            return true;
        }
        next = Math.min(next, deadline);
        return false;
    }

    /** A path that was there and is lost is looked for as long as patience lasts; where nothing else was kept, there is nothing to look for. */
    private long checksEndAt(CheckList list) {
        if (list.pathLost()) {
            return keptNothing(list) ? list.startedAt() : Machine.NEVER;
        }
        long firstChecked = PairView.NOT_YET;
        for (ComponentChecks component : list.components()) {
            long at = component.checkedByPeerAt();
            boolean earlier = at != PairView.NOT_YET && (firstChecked == PairView.NOT_YET || at < firstChecked);
            firstChecked = earlier ? at : firstChecked;
        }
        return context.rules()
                .checksEndAt(
                        list.startedAt(),
                        firstChecked,
                        context.roles().role(),
                        context.settings().timings());
    }

    /** Whether the peers have freed all but the selected pairs, so that only a restart brings others. */
    private boolean keptNothing(CheckList list) {
        return list.state() == CheckList.State.COMPLETED && !context.rules().keepsReserves();
    }

    /** A check that is on its way is waited for as long as patience lasts; one that was not sent yet will be, soon. */
    private long hopeEnds(long now, CheckPair pair) {
        Attempt attempt = pair.attempt();
        return attempt == null ? now + patience : attempt.startedAt() + patience;
    }

    private void fail(long now, CheckList list) {
        boolean keptNothing = keptNothing(list);
        list.state(CheckList.State.FAILED);
        for (CheckPair pair : List.copyOf(list.pairs())) {
            boolean waiting = pair.state() == PairState.IN_PROGRESS;
            int requests = client.forget(pair);
            list.abandon(pair);
            if (waiting) {
                pair.state(PairState.FAILED);
                pair.failures().add("no answer to " + requests + " requests");
            }
        }
        context.outbox().event(new AgentEvent.Failed(failure(now, list, keptNothing)));
    }

    private IceFailure failure(long now, CheckList list, boolean keptNothing) {
        List<ComponentChecks> missing = list.components().stream()
                .filter(component -> !component.freed() && component.current() == null)
                .toList();
        List<CheckPair> pairs = Stream.of(list.pairs(), list.removed(), list.gone())
                .flatMap(List::stream)
                .filter(pair -> missing.contains(pair.component()))
                .toList();
        IceFailure.Kind kind = list.pathLost()
                ? IceFailure.Kind.CONSENT_LOST
                : pairs.isEmpty() ? IceFailure.Kind.NOTHING_TO_PAIR : IceFailure.Kind.NO_PATH;
        // rules may have ended it before patience did
        double seconds = Math.min(now - list.startedAt(), patience) / 1e9;
        int code = pairs.stream().mapToInt(CheckPair::lastErrorCode).max().orElse(0);
        return new IceFailure(
                kind,
                explanation(kind, missing.get(0), pairs.size(), keptNothing, seconds),
                list.layout().name(),
                missing.size() == list.components().size() && missing.size() > 1
                        ? 0
                        : missing.get(0).id(),
                code,
                pairs.stream().map(PairSnapshot::of).map(PairSnapshot::line).toList());
    }

    private String explanation(
            IceFailure.Kind kind, ComponentChecks component, int pairs, boolean keptNothing, double waited) {
        String seconds = String.format(Locale.ROOT, "%.1f s", waited);
        if (context.settings().lite() && kind != IceFailure.Kind.CONSENT_LOST) {
            return "component %d: the peer nominated no pair within %s".formatted(component.id(), seconds);
        }
        return switch (kind) {
            case CONSENT_LOST ->
                "the path of component %d was lost (%s) and %s"
                        .formatted(
                                component.id(),
                                component.leftBecause(),
                                keptNothing ? "no other was kept" : "none came back within %s".formatted(seconds));
            case NOTHING_TO_PAIR ->
                "component %d: no pair can be made, with %d of our candidates and %d of the peer's"
                        .formatted(
                                component.id(),
                                component.locals().size(),
                                component.remotes().size());
            default ->
                "component %d: %s answered within %s"
                        .formatted(
                                component.id(),
                                pairs == 1 ? "the only pair was not" : "none of %d pairs was".formatted(pairs),
                                seconds);
        };
    }
}
