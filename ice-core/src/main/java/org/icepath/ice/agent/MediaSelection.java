// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.Optional;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.PairState;
import org.icepath.ice.PathChange;
import org.jspecify.annotations.Nullable;

/** Which pair carries the data of each component (RFC 8445 §12.1): before nomination the selector's choice, then the nominated one. */
final class MediaSelection {

    private final AgentContext context;

    MediaSelection(AgentContext context) {
        this.context = context;
    }

    /** Looks at all components again, after something has changed. */
    void review(long now, ToCome toCome) {
        for (CheckList list : context.lists().lists()) {
            for (ComponentChecks component : list.components()) {
                if (!component.freed()) {
                    review(now, component, toCome);
                }
            }
            if (list.hasAllPaths()) {
                list.pathFound();
            }
        }
    }

    private void review(long now, ComponentChecks component, ToCome toCome) {
        CheckPair before = component.current();
        CheckPair next = component.list().mayCheck() ? choose(now, component, toCome) : null;
        if (next == before) {
            return;
        }
        component.current(next);
        if (before != null && (next == null || !before.valid())) {
            leave(now, component, before);
        }
        if (next == null) {
            losePath(now, component);
            context.outbox().event(new AgentEvent.NoPath(component.stream(), component.id()));
            return;
        }
        if (before != null && context.strategies().ranking().isOfBetterKind(before, next)) {
            component.contest().reopenAll();
        }
        PathChange cause = cause(component, before, next);
        if (!component.ready()) {
            component.becomeReady();
            context.outbox().event(new AgentEvent.Ready(component.stream(), component.id(), next.active()));
        }
        Optional<ActivePair> from = Optional.ofNullable(before).map(CheckPair::active);
        context.outbox()
                .event(new AgentEvent.PathChanged(component.stream(), component.id(), from, next.active(), cause));
    }

    private void leave(long now, ComponentChecks component, CheckPair pair) {
        component.brokenAt(pair.health().suspect() ? pair.health().doubtedSince() : now);
        if (component.list().state() == CheckList.State.RUNNING) {
            checkAgain(component, component.brokenAt());
        }
        String why = pair.lastError().isEmpty() ? "it is no longer valid" : pair.lastError();
        component.leftBecause(why);
        context.outbox().event(new AgentEvent.PathLeft(component.stream(), component.id(), pair.active(), why));
    }

    /** Before a nomination many pairs are valid, and two are asked: all are, when one has turned out to be broken. */
    private static void checkAgain(ComponentChecks component, long since) {
        for (CheckPair pair : component.list().pairs()) {
            boolean asked = pair.state() == PairState.SUCCEEDED && pair.mayCarryData();
            if (pair.component() == component && asked && pair.lastAnsweredAt() < since) {
                pair.state(PairState.WAITING);
            }
        }
    }

    private static void losePath(long now, ComponentChecks component) {
        if (component.list().mayCheck()) {
            component.list().losePath(now, component);
        }
    }

    private static PathChange cause(ComponentChecks component, @Nullable CheckPair before, CheckPair next) {
        if (before == null) {
            return component.ready() ? PathChange.FAILOVER : PathChange.EARLY_MEDIA;
        }
        if (!before.valid()) {
            return PathChange.FAILOVER;
        }
        boolean nominated = component.list().state() == CheckList.State.COMPLETED && next == component.nominated();
        return nominated && !component.renominated() ? PathChange.NOMINATED : PathChange.PROMOTED;
    }

    private @Nullable CheckPair choose(long now, ComponentChecks component, ToCome toCome) {
        CheckPair nominated = component.nominated();
        boolean decided = component.list().state() == CheckList.State.COMPLETED;
        if (decided && nominated != null && nominated.valid()) {
            return nominated;
        }
        CheckPair followed = component.followed();
        if (decided && followed != null && followed.valid()) {
            return followed;
        }
        CheckPair current = component.current();
        CheckPair chosen = select(now, component, ComponentView.of(context, component, toCome));
        CheckPair stayed = current != null && current.mayCarryData() ? current : null;
        if (stayed != null && chosen != null && isNoBetterKnown(stayed, chosen)) {
            long since = stayed.health().doubtedSince();
            chosen = select(now, component, ComponentView.answeredSince(context, component, toCome, since));
        }
        // A suspect pair in use is better than none: nobody has withdrawn consent.
        return chosen == null ? stayed : chosen;
    }

    private @Nullable CheckPair select(long now, ComponentChecks component, ComponentView view) {
        CheckPair current = component.current();
        Optional<CandidatePair> named = current == null ? Optional.empty() : Optional.of(current.pair());
        return context.strategies().select(now, view, named);
    }

    /**
     * Whether a suspect pair is in use and the other one was not heard of since: if the whole network is away, media must not wander over
     * all the reserves and wear out the consent on each.
     */
    private static boolean isNoBetterKnown(CheckPair current, CheckPair other) {
        PairHealth health = current.health();
        return health.suspect() && !health.unreachable() && other.lastAnsweredAt() < health.doubtedSince();
    }
}
