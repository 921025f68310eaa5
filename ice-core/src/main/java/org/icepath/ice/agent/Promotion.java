// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.concurrent.TimeUnit;
import org.icepath.sansio.Machine;

/**
 * Moves one concluded stream to better pairs, or tells that an ICE restart would: media after the nomination stays where both peers have
 * agreed that it goes (RFC 8445 §8.1.1), until they agree anew. A stream's components move together.
 */
final class Promotion {

    /** How long a pair must have been better before it is nominated. */
    private static final long HOLD_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How long it must have been where only an offer and answer would help. */
    private static final long OFFER_HOLD_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** The controlled side leaves the first word to the controlling one. */
    private static final long CONTROLLED_HOLD_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** The time between two promotions at least; it doubles with each that follows soon. */
    private static final long SHORTEST_REST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long LONGEST_REST_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final AgentContext context;
    private final CheckClient client;
    private final Nomination nomination;
    private final CheckList list;
    private long restUntil = Long.MIN_VALUE;
    private long rest = SHORTEST_REST_NANOS;
    private boolean wished;
    private long next = Machine.NEVER;

    Promotion(AgentContext context, CheckClient client, Nomination nomination, CheckList list) {
        this.context = context;
        this.client = client;
        this.nomination = nomination;
        this.list = list;
    }

    /** When it is to look again at the latest. */
    long next() {
        return next;
    }

    /** Looks for something better, after something has changed or time has passed. */
    void review(long now) {
        next = Machine.NEVER;
        boolean stands = context.settings().lite() || !context.rules().keepsReserves();
        if (list.state() != CheckList.State.COMPLETED || stands) {
            list.components().forEach(component -> component.contest().rest());
            wish(false);
            return;
        }
        for (ComponentChecks component : list.components()) {
            Contest contest = component.contest();
            contest.review(now, context.strategies().ranking());
            contest.retry(now, context, client);
            next = Math.min(next, contest.next());
        }
        if (mayRenominate()) {
            wish(false);
            if (isDue(now, HOLD_NANOS) && isRested(now)) {
                renominate(now);
            }
        } else {
            wish(mayWish() && (isDue(now, offerHold()) || wished));
        }
    }

    private boolean mayRenominate() {
        return context.mayRenominate()
                && context.roles().controlling()
                && context.rules().mayNominate(context.traits());
    }

    /** What is better is the controlling side's affair; where the selected pair is lost for good, either side may speak. */
    private boolean mayWish() {
        boolean contested = false;
        boolean lost = false;
        for (ComponentChecks component : list.components()) {
            CheckPair nominated = component.nominated();
            if (component.freed() || nominated == null || component.contest().challenger() == null) {
                continue;
            }
            contested |= nominated.valid();
            lost |= !nominated.mayCarryData();
        }
        return lost || (contested && context.roles().controlling());
    }

    private long offerHold() {
        return context.roles().controlling() ? OFFER_HOLD_NANOS : CONTROLLED_HOLD_NANOS;
    }

    /** Whether there is a challenger, and every component's has been there for so long. */
    private boolean isDue(long now, long hold) {
        boolean contested = false;
        for (ComponentChecks component : list.components()) {
            if (component.freed() || component.contest().challenger() == null) {
                continue;
            }
            contested = true;
            long at = component.contest().since() + hold;
            if (component.nominating() != null || now < at) {
                next = component.nominating() != null ? next : Math.min(next, at);
                return false;
            }
        }
        return contested;
    }

    /** Where the selected pair does not work, what has happened already is only agreed upon: that needs no rest. */
    private boolean isRested(long now) {
        boolean works = true;
        for (ComponentChecks component : list.components()) {
            CheckPair nominated = component.nominated();
            works &= nominated == null || nominated.valid();
        }
        if (works && now < restUntil) {
            next = Math.min(next, restUntil);
            return false;
        }
        return true;
    }

    private void renominate(long now) {
        boolean soon = restUntil != Long.MIN_VALUE && now < restUntil + LONGEST_REST_NANOS;
        rest = soon ? Math.min(2 * rest, LONGEST_REST_NANOS) : SHORTEST_REST_NANOS;
        restUntil = now + rest;
        for (ComponentChecks component : list.components()) {
            CheckPair challenger = component.contest().challenger();
            if (!component.freed() && challenger != null) {
                nomination.nominate(list, challenger);
            }
        }
    }

    private void wish(boolean wish) {
        if (wish != wished) {
            wished = wish;
            context.outbox().event(new AgentEvent.RestartWished(list.layout().index(), wish));
        }
    }
}
