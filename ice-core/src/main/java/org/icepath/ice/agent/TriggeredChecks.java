// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import org.icepath.ice.PairState;
import org.icepath.stun.StunMessage;

/** What a full agent does with the peer's checks: it checks the same path, and takes nominations (RFC 8445 §7.3.1.4, §7.3.1.5). */
final class TriggeredChecks implements CheckConclusions {

    /** A check as old as this is sent again in 2 s or later. */
    private static final long SLOW_NANOS = 2_000_000_000;

    /**
     * A check younger than this may just be on its way: the one that is triggered in its place waits until it is older, and is then
     * mostly not needed. A beat spent on it would delay the nomination.
     */
    private static final long YOUNG_NANOS = 100_000_000;

    private final AgentContext context;
    private final CheckClient client;
    private final CheckResults results;
    private final Pairing former;

    TriggeredChecks(AgentContext context, CheckClient client, CheckResults results, Pairing former) {
        this.context = context;
        this.client = client;
        this.results = results;
        this.former = former;
    }

    /**
     * The peer's first check on a component: before that its NATs had seen nothing leave, and what we sent was in vain. Checks
     * whose next retransmission is far away, or that were given up, begin anew, once.
     */
    @Override
    public void peerHasBegun(long now, ComponentChecks component) {
        if (!component.list().mayCheck() || isConcluded(component)) {
            return;
        }
        for (CheckPair pair : component.list().pairs()) {
            Attempt attempt = pair.attempt();
            boolean slow = pair.state() == PairState.IN_PROGRESS
                    && !pair.isReliable()
                    && attempt != null
                    && now - attempt.startedAt() > SLOW_NANOS;
            boolean givenUp = pair.state() == PairState.FAILED
                    && !pair.consentLost()
                    && pair.lastErrorCode() == 0
                    && PairLinks.mayCheck(pair);
            if (pair.component() == component && (slow || givenUp)) {
                client.cancel(pair);
                pair.state(PairState.WAITING);
            }
        }
    }

    @Override
    public void checked(
            long now, ComponentChecks component, LocalCandidate local, KnownRemote remote, StunMessage request) {
        boolean nominates = !context.roles().controlling() && NominationOrder.nominates(request, context.renominates());
        CheckPair pair = component.list().find(component, local.base(), remote.address());
        if (pair == null) {
            pair = former.formByCheck(component, local, remote, isConcluded(component) && !nominates);
        }
        if (pair != null && !pair.consentLost()) {
            boolean counts = !nominates
                    || NominationOrder.take(
                            request, context.renominates(), context.rules().firstNominationCounts(), pair);
            pair.linked();
            pair.peerChecks().cameAt(now);
            if (pair.isReliable()
                    && !context.roles().controlling()
                    && context.rules().checkValidatesConnection()) {
                component.list().restore(pair);
                results.taken(now, pair);
            }
            boolean repeated = pair.peerChecks().repeats(request.transactionId());
            if (counts) {
                trigger(now, pair, nominates, repeated);
            }
        }
    }

    /**
     * Once a component has its nominated pair, checks are answered and lead to nothing else (RFC 8445 §8.1.2), until that pair is in
     * doubt: the peer's NAT may have given it another address.
     */
    private static boolean isConcluded(ComponentChecks component) {
        CheckPair current = component.current();
        return component.nominated() != null
                && current != null
                && !current.health().inDoubt();
    }

    private void trigger(long now, CheckPair pair, boolean nominates, boolean repeated) {
        ComponentChecks component = pair.component();
        if (pair.mayCarryData() && pair.state() == PairState.SUCCEEDED) {
            if (nominates) {
                results.nominated(pair);
            }
            return;
        }
        if (nominates) {
            pair.nominationAsked(true);
        }
        boolean again = repeated && !context.rules().repeatedTransactionIsNew();
        boolean leadsNowhere = isConcluded(component)
                && !nominates
                && !component.contest().isWorthTrying(pair, context.strategies().ranking());
        // what is on its way over a connection gets there, and needs no help
        boolean underway =
                pair.isReliable() && pair.attempt() != null && context.rules().checksArriveOverTcp();
        if (leadsNowhere || again || underway || isTooSoon(now, pair)) {
            return;
        }
        pair.peerChecks().triggerAt(now);
        Attempt attempt = pair.attempt();
        long notBefore = attempt == null ? now : attempt.startedAt() + YOUNG_NANOS;
        client.supersede(now, pair);
        pair.list().trigger(pair, notBefore);
    }

    /**
     * A check of the peer triggers ours at once, but no more often than we would send ours again: or two agents whose answers get
     * lost would check each other at the pace of the round trip.
     */
    private boolean isTooSoon(long now, CheckPair pair) {
        return pair.peerChecks()
                .triggeredWithin(context.settings().timings().rto().toNanos(), now);
    }
}
