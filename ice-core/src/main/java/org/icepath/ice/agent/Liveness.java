// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.ArrayList;
import java.util.List;
import org.icepath.ice.PairView;
import org.icepath.ice.agent.PairHealth.Duty;
import org.icepath.sansio.Machine;

/**
 * Keeps valid pairs alive: consent on those that carry data (RFC 7675 §5.1), a probe now and then on two reserves a component,
 * keepalives on the others (RFC 8445 §11). A consent check is a keepalive, too.
 */
final class Liveness {

    /** Late answers in a row that make a pair suspect. */
    private static final int SUSPECT_AFTER = 3;

    /** RFC 7675 §5.1: checks of consent are at least 0.8 of their interval apart. */
    private static final double SHORTEST_INTERVAL = 0.8;

    /** An answer is late after this many round trips, or after an RTO where that is longer. */
    private static final int LATE_ROUND_TRIPS = 2;

    /** Every packet of the application may fail to be sent: that is no reason to ask more often than this. */
    private static final long LEAST_HURRY_NANOS = 1_000_000_000;

    private final AgentContext context;
    private final CheckClient client;
    private final CheckResults results;
    private final long consentInterval;
    private final long consentExpiry;
    private final long keepalive;
    private final long rto;
    private long next = Machine.NEVER;

    Liveness(AgentContext context, CheckClient client, CheckResults results) {
        this.context = context;
        this.client = client;
        this.results = results;
        this.consentInterval = context.settings().timings().consentInterval().toNanos();
        this.consentExpiry = context.settings().timings().consentExpiry().toNanos();
        this.keepalive = context.settings().timings().keepalive().toNanos();
        this.rto = context.settings().timings().rto().toNanos();
    }

    long next() {
        return next;
    }

    /** Gives every pair its duty, after something has changed. */
    void review(long now) {
        for (CheckList list : context.lists().lists()) {
            for (ComponentChecks component : list.components()) {
                assign(now, list, component);
            }
        }
        computeNext();
    }

    private void assign(long now, CheckList list, ComponentChecks component) {
        boolean stands =
                list.state() == CheckList.State.COMPLETED && !context.rules().keepsReserves();
        List<CheckPair> reserves =
                list.mayCheck() && !component.freed() && !stands ? Reserves.of(component) : List.of();
        for (CheckPair pair : list.pairs()) {
            if (pair.component() != component) {
                continue;
            }
            Duty duty = duty(list, component, pair, reserves);
            if (duty == Duty.NONE && pair.mayCarryData()) {
                // One reserve too many: nobody would notice if it broke, so it must not be counted on.
                pair.noLongerValid();
            }
            assign(now, pair, duty);
            if (duty == Duty.PROBE && isNeededSoon(component, pair)) {
                pair.health().duty(duty, now);
            }
        }
    }

    private Duty duty(CheckList list, ComponentChecks component, CheckPair pair, List<CheckPair> reserves) {
        if (context.settings().lite()) {
            return !pair.mayCarryData() ? Duty.NONE : context.peer().lite() ? Duty.HOLD : Duty.LISTEN;
        }
        if (pair == component.current()) {
            return Duty.CONSENT;
        }
        if (reserves.contains(pair) || component.contest().isChallenger(pair)) {
            return Duty.PROBE;
        }
        boolean kept = pair.mayCarryData() && list.mayCheck() && !component.freed();
        return kept ? spare(list) : Duty.NONE;
    }

    /** The pair in use is in doubt, and the reserve was not asked since. */
    private static boolean isNeededSoon(ComponentChecks component, CheckPair reserve) {
        CheckPair current = component.current();
        return current != null
                && current.health().inDoubt()
                && reserve.health().askedAt() < current.health().doubtedSince();
    }

    /** RFC 8445 §11: once pairs are selected, keepalives go over those only. */
    private static Duty spare(CheckList list) {
        return list.state() == CheckList.State.RUNNING ? Duty.KEEPALIVE : Duty.NONE;
    }

    private void assign(long now, CheckPair pair, Duty duty) {
        if (pair.health().duty() != duty) {
            pair.health().duty(duty, duty == Duty.NONE ? Machine.NEVER : firstDue(now, pair, duty));
        }
    }

    /**
     * A pair that becomes a reserve may not have been heard of for long: it is asked when it would have been asked as one. One that was
     * left because the network refused to send is asked whether that is true, before another is nominated in its place.
     */
    private long firstDue(long now, CheckPair pair, Duty duty) {
        if (duty == Duty.PROBE && pair.health().unreachable()) {
            return earliestHurry(now, pair.health());
        }
        long from = duty == Duty.PROBE && pair.lastAnsweredAt() != PairView.NOT_YET ? pair.lastAnsweredAt() : now;
        return Math.max(now, from + interval(pair, duty));
    }

    private long interval(CheckPair pair, Duty duty) {
        // Media returns to the nominated pair as soon as that works again.
        boolean leftForAWhile = duty == Duty.PROBE && pair == pair.component().nominated();
        return switch (leftForAWhile ? Duty.CONSENT : duty) {
            case CONSENT -> context.jittered(consentInterval);
            case PROBE -> context.jittered(keepalive);
            // Tr is a lower bound: it may be longer, not shorter.
            case KEEPALIVE, LISTEN, HOLD -> keepalive + context.jittered(keepalive / 10);
            case NONE -> Machine.NEVER;
        };
    }

    /** A pair in use may be broken: its next consent check is due now, unless one was sent a moment ago. */
    void hurry(long now, CheckPair pair) {
        PairHealth health = pair.health();
        if (health.duty() == Duty.CONSENT && earliestHurry(now, health) == now) {
            health.duty(Duty.CONSENT, now);
            next = now;
        }
    }

    /** When a pair may be asked out of turn. */
    private static long earliestHurry(long now, PairHealth health) {
        boolean asked = health.askedAt() != PairView.NOT_YET;
        return asked ? Math.max(now, health.askedAt() + LEAST_HURRY_NANOS) : now;
    }

    /** A pair in use may be broken, or the peer has paused: its next consent check is due as soon as the standard lets it be. */
    void bringForward(long now, CheckPair pair) {
        PairHealth health = pair.health();
        long last = Math.max(health.askedAt(), health.lastAnsweredAt());
        long at = Math.max(now, last + (long) (consentInterval * SHORTEST_INTERVAL));
        if (health.duty() == Duty.CONSENT && !health.inDoubt() && at < health.dutyAt()) {
            health.duty(Duty.CONSENT, at);
            next = Math.min(next, at);
        }
    }

    /** Does what is due; returns whether a pair was lost. */
    boolean handleTimeout(long now) {
        if (now < next) {
            return false;
        }
        boolean lost = false;
        for (CheckPair pair : pairsOnDuty()) {
            if (now >= expiry(pair)) {
                expire(now, pair);
                lost = true;
            } else if (now >= lateAt(pair)) {
                doubt(now, pair);
            } else if (now >= pair.health().dutyAt()) {
                perform(now, pair);
            }
        }
        computeNext();
        return lost;
    }

    /** When the answer to the last consent check will be late, or {@link Machine#NEVER}. */
    private long lateAt(CheckPair pair) {
        PairHealth health = pair.health();
        boolean waits =
                health.duty() == Duty.CONSENT && !health.suspect() && health.askedAt() > health.lastAnsweredAt();
        return waits ? health.askedAt() + Math.max(rto, LATE_ROUND_TRIPS * health.rttNanos()) : Machine.NEVER;
    }

    /** An answer is late: it is asked again, and what may stand in is asked, too, to be known when the pair becomes suspect. */
    private void doubt(long now, CheckPair pair) {
        int late = pair.health().countLate(now);
        Reserves.follow(now, pair.component(), now - consentExpiry);
        if (late >= SUSPECT_AFTER) {
            pair.health().suspectAt(now);
            pair.failures().add(late + " checks in a row unanswered");
            ComponentChecks component = pair.component();
            if (component.current() == pair) {
                context.outbox().event(new AgentEvent.PathSuspect(component.stream(), component.id(), pair.active()));
            }
        } else {
            perform(now, pair);
        }
    }

    private List<CheckPair> pairsOnDuty() {
        List<CheckPair> onDuty = new ArrayList<>(4);
        for (CheckList list : context.lists().lists()) {
            for (CheckPair pair : list.pairs()) {
                if (pair.health().duty() != Duty.NONE) {
                    onDuty.add(pair);
                }
            }
        }
        return onDuty;
    }

    private void perform(long now, CheckPair pair) {
        Duty duty = pair.health().duty();
        pair.health().askedAt(now);
        pair.health().duty(duty, now + interval(pair, duty));
        switch (duty) {
            case CONSENT -> client.renewConsent(now, pair);
            case PROBE -> client.probe(now, pair);
            case KEEPALIVE -> client.keepAlive(pair);
            case LISTEN, HOLD -> keepAliveIfUsed(pair);
            case NONE -> throw new IllegalStateException("nothing is due on " + pair);
        }
    }

    private void keepAliveIfUsed(CheckPair pair) {
        if (pair == pair.component().current()) {
            client.keepAlive(pair);
        }
    }

    private long expiry(CheckPair pair) {
        return switch (pair.health().duty()) {
            case HOLD -> Machine.NEVER;
            case LISTEN -> lastHeard(pair) + consentExpiry;
            case CONSENT -> consentSeenAt(pair) + consentExpiry;
            case NONE, PROBE, KEEPALIVE -> pair.lastAnsweredAt() + consentExpiry;
        };
    }

    private long consentSeenAt(CheckPair pair) {
        return context.rules().dataShowsConsent()
                ? Math.max(pair.lastAnsweredAt(), pair.health().heardAt())
                : pair.lastAnsweredAt();
    }

    /** A peer of RFC 5245 has no consent to renew: what it sends must do. */
    private long lastHeard(CheckPair pair) {
        return context.peer().ice2()
                ? pair.lastAnsweredAt()
                : Math.max(pair.lastAnsweredAt(), pair.health().heardAt());
    }

    private void expire(long now, CheckPair pair) {
        Duty duty = pair.health().duty();
        pair.health().duty(Duty.NONE, Machine.NEVER);
        switch (duty) {
            case CONSENT ->
                results.loseConsent(
                        now, pair, "consent expired: no answer for " + consentExpiry / 1_000_000_000 + " s");
            // Nothing was ever sent here on the strength of consent: the pair may be checked again.
            case PROBE -> results.fail(pair, "no longer answered");
            // It was not asked, only kept open; whether it works is no longer known.
            case KEEPALIVE, NONE, HOLD -> pair.noLongerValid();
            case LISTEN -> unheard(now, pair);
        }
    }

    private void unheard(long now, CheckPair pair) {
        if (pair == pair.component().current()) {
            results.loseConsent(
                    now, pair, "consent expired: no check of the peer's for " + consentExpiry / 1_000_000_000 + " s");
        } else {
            pair.noLongerValid();
        }
    }

    private void computeNext() {
        next = Machine.NEVER;
        for (CheckPair pair : pairsOnDuty()) {
            next = Math.min(next, Math.min(lateAt(pair), Math.min(pair.health().dutyAt(), expiry(pair))));
        }
    }
}
