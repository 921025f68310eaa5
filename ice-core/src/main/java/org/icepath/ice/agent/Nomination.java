// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.ice.Decision;
import org.icepath.ice.PairView;
import org.icepath.sansio.Machine;
import org.jspecify.annotations.Nullable;

/** Nominates pairs when we are controlling, and concludes streams whose components all are nominated (RFC 8445 §8.1). */
final class Nomination {

    /** A policy that names a time in the past is asked again after this. */
    private static final long LEAST_WAIT_NANOS = 1_000_000;

    private final AgentContext context;
    private final CheckClient client;
    private long askAgainAt = Machine.NEVER;

    Nomination(AgentContext context, CheckClient client) {
        this.context = context;
        this.client = client;
    }

    /** When the policy wants to be asked again, or {@link Machine#NEVER}. */
    long next() {
        return askAgainAt;
    }

    /** Whether the policy has a valid pair, and waits for another. */
    boolean waits() {
        return askAgainAt != Machine.NEVER;
    }

    /** Asks the policy about every stream that is not concluded. */
    void review(long now, ToCome toCome) {
        askAgainAt = Machine.NEVER;
        boolean nominates = context.roles().controlling() && context.rules().mayNominate(context.traits());
        if (!nominates) {
            return;
        }
        for (CheckList list : context.lists().lists()) {
            if (list.state() == CheckList.State.RUNNING) {
                review(now, list, toCome);
            }
        }
    }

    /** A stream's components are nominated together, once there is a pair for each. */
    private void review(long now, CheckList list, ToCome toCome) {
        List<CheckPair> picked = new ArrayList<>(2);
        boolean complete = true;
        boolean carried = false;
        for (ComponentChecks component : list.components()) {
            giveUpBroken(list, component);
            carried |= list.carriesRtcp(component.nominated()) || list.carriesRtcp(component.nominating());
            boolean settled = component.freed() || component.nominated() != null || component.nominating() != null;
            if (settled || carried && component.id() == Candidate.RTCP) {
                continue;
            }
            CheckPair pick = pick(now, component, toCome);
            complete &= pick != null;
            carried |= list.carriesRtcp(pick);
            if (pick != null) {
                picked.add(pick);
            }
        }
        if (complete) {
            picked.forEach(pair -> nominate(list, pair));
        }
    }

    /** The pair whose nomination is on its way has broken, and media has left it: the nomination has failed (RFC 8445 §8.1.1). */
    private void giveUpBroken(CheckList list, ComponentChecks component) {
        CheckPair pair = component.nominating();
        CheckPair current = component.current();
        if (pair != null && pair.health().suspect() && current != null && current != pair && current.valid()) {
            client.cancel(pair);
            list.abandon(pair);
            component.nominating(null);
        }
    }

    /** Has the check that nominates a pair sent next (RFC 8445 §8.1.1). */
    void nominate(CheckList list, CheckPair pair) {
        pair.nomination(context.nextNomination());
        pair.component().nominating(pair);
        list.nominate(pair);
    }

    private @Nullable CheckPair pick(long now, ComponentChecks component, ToCome toCome) {
        ComponentView view = ComponentView.of(context, component, toCome);
        Decision decision = context.strategies().nominate(now, view);
        if (decision instanceof Decision.Nominate nominate) {
            return view.resolve(nominate.pair());
        }
        return hold(now, component, view, ((Decision.WaitUntil) decision).at());
    }

    /** The policy wants to wait: granted until the promotion window of this component ends. */
    private @Nullable CheckPair hold(long now, ComponentChecks component, ComponentView view, long until) {
        long windowEnds = Machine.NEVER;
        if (component.firstValidAt() != PairView.NOT_YET) {
            windowEnds = context.rules().windowFrom(component.list().startedAt(), component.firstValidAt())
                    + context.settings().timings().promotionWindow().toNanos();
        }
        if (now >= windowEnds) {
            return bestValid(view);
        }
        long at = Math.min(until, windowEnds);
        askAgainAt = Math.min(askAgainAt, Math.max(at, now + LEAST_WAIT_NANOS));
        return null;
    }

    private @Nullable CheckPair bestValid(ComponentView view) {
        CheckPair best = null;
        for (PairView pair : view.pairs()) {
            boolean better = pair.valid()
                    && (best == null || context.strategies().ranking().isBetter(pair, best));
            best = better && pair instanceof CheckPair own ? own : best;
        }
        return best;
    }

    /**
     * Removes what a nomination makes needless (RFC 8445 §8.1.2).
     *
     * @return the streams that are concluded now
     */
    List<CheckList> conclude() {
        List<CheckList> concluded = List.of();
        for (CheckList list : context.lists().lists()) {
            if (list.state() == CheckList.State.RUNNING && conclude(list)) {
                list.state(CheckList.State.COMPLETED);
                concluded = new ArrayList<>(concluded);
                concluded.add(list);
            }
        }
        return concluded;
    }

    private boolean conclude(CheckList list) {
        ComponentChecks rtp = list.component(Candidate.RTP);
        if (rtp != null && list.carriesRtcp(rtp.nominated())) {
            freeRtcp(list);
        }
        boolean all = true;
        boolean any = false;
        for (ComponentChecks component : list.components()) {
            boolean nominated = component.nominated() != null;
            all &= nominated || component.freed();
            any |= nominated;
            if (nominated) {
                removeOthers(list, component);
            }
        }
        return all && any;
    }

    private void freeRtcp(CheckList list) {
        ComponentChecks rtcp = list.component(Candidate.RTCP);
        if (rtcp == null || rtcp.freed()) {
            return;
        }
        rtcp.free(client);
        context.outbox().event(new AgentEvent.Multiplexed(list.layout().index()));
    }

    /** Valid pairs stay, as reserves; answers that are still on their way are welcome (RFC 8445 §8.1.2). */
    private void removeOthers(CheckList list, ComponentChecks component) {
        for (CheckPair pair : List.copyOf(list.pairs())) {
            if (pair.component() != component || pair == component.nominated()) {
                continue;
            }
            if (pair.mayCarryData()) {
                client.cancel(pair);
            } else if (!pair.nominationAsked()) {
                client.cancel(pair);
                list.retire(pair);
            }
        }
    }
}
