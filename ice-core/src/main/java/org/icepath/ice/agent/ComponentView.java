// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Priority;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.CheckListView;
import org.icepath.ice.IceRole;
import org.icepath.ice.PairView;
import org.icepath.ice.Timings;
import org.jspecify.annotations.Nullable;

/** One component as strategies see it; made for one question. */
final class ComponentView implements CheckListView {

    /** The best local preference there is (RFC 8445 §5.1.2.1). */
    private static final int BEST_LOCAL_PREFERENCE = 65535;

    private final AgentContext context;
    private final ComponentChecks component;
    private final ToCome toCome;
    private final List<PairView> pairs;

    /** @param shown the pairs that the strategy is to know of */
    private ComponentView(AgentContext context, ComponentChecks component, ToCome toCome, Predicate<CheckPair> shown) {
        this.context = context;
        this.component = component;
        this.toCome = toCome;
        List<PairView> own = new ArrayList<>(component.list().pairs().size());
        for (CheckPair pair : component.list().pairs()) {
            if (pair.component() == component && shown.test(pair)) {
                own.add(pair);
            }
        }
        // A valid pair's own priority may lie below the one it was
        // checked with: its local candidate is the mapped address.
        own.sort((one, other) ->
                Long.compareUnsigned(other.pair().priority(), one.pair().priority()));
        this.pairs = List.copyOf(own);
    }

    /** All pairs; once media had to leave a broken one, those that were heard of since, as others may have broken with it. */
    static ComponentView of(AgentContext context, ComponentChecks component, ToCome toCome) {
        CheckPair current = component.current();
        long brokenAt = component.brokenAt();
        return brokenAt == PairView.NOT_YET || current == null || current.lastAnsweredAt() < brokenAt
                ? new ComponentView(context, component, toCome, pair -> true)
                : answeredSince(context, component, toCome, brokenAt);
    }

    /** The pairs that were heard of since a time. */
    static ComponentView answeredSince(AgentContext context, ComponentChecks component, ToCome toCome, long since) {
        return new ComponentView(context, component, toCome, pair -> pair.lastAnsweredAt() >= since);
    }

    /** The stream of the component, by its index. */
    int stream() {
        return component.stream();
    }

    /** The pair that a strategy named; none when it is not on this component's list. */
    @Nullable
    CheckPair resolve(CandidatePair named) {
        for (PairView view : pairs) {
            if (view.pair().equals(named) && view instanceof CheckPair pair) {
                return pair;
            }
        }
        return null;
    }

    @Override
    public IceRole role() {
        return context.roles().role();
    }

    @Override
    public boolean peerChecks() {
        return !context.peer().lite();
    }

    @Override
    public int component() {
        return component.id();
    }

    @Override
    public List<PairView> pairs() {
        return pairs;
    }

    @Override
    public long firstValidAt() {
        return component.firstValidAt();
    }

    @Override
    public long patienceFrom() {
        return context.rules().patienceFrom(component.firstValidAt(), component.checkedByPeerAt());
    }

    @Override
    public long bestPriorityToCome() {
        if (toCome.localPreference() == 0 && !toCome.remote()) {
            return 0;
        }
        long ours = toCome.localPreference() == 0 ? 0 : bound(toCome.localPreference());
        long theirs = toCome.remote() ? bound(CandidateType.HOST.typePreference()) : 0;
        for (LocalCandidate local : component.locals()) {
            ours = toCome.remote() ? Math.max(ours, local.candidate().priority()) : ours;
        }
        for (KnownRemote remote : component.remotes()) {
            theirs = toCome.localPreference() != 0
                    ? Math.max(theirs, remote.candidate().priority())
                    : theirs;
        }
        return role() == IceRole.CONTROLLING ? Priority.pair(ours, theirs) : Priority.pair(theirs, ours);
    }

    private long bound(int typePreference) {
        return Priority.of(typePreference, BEST_LOCAL_PREFERENCE, component.id());
    }

    @Override
    public Timings timings() {
        return context.settings().timings();
    }
}
