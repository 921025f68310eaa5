// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.List;
import org.icepath.ice.IceState;
import org.icepath.ice.pacing.Beat;
import org.icepath.sansio.Machine;

/**
 * What follows when something has changed: the paths of media, nominations and the states of streams and agent (RFC 8445 §8), then the
 * checks whose time has come (§6.1.4.2).
 */
final class IceProcessing {

    private final AgentContext context;
    private final CheckClient client;
    private final MediaSelection media;
    private final Nomination nomination;
    private final List<Promotion> promotions;
    private final Liveness liveness;
    private final Patience patience;
    private final Beat beat;
    private ToCome toCome = ToCome.NOTHING;
    private IceState state = IceState.WAITING;

    IceProcessing(AgentContext context, CheckClient client, Liveness liveness, Beat beat) {
        this.context = context;
        this.client = client;
        this.liveness = liveness;
        this.beat = beat;
        media = new MediaSelection(context);
        nomination = new Nomination(context, client);
        promotions = context.lists().lists().stream()
                .map(list -> new Promotion(context, client, nomination, list))
                .toList();
        patience = new Patience(context, client);
    }

    /** Where the peer stands. */
    IceState state() {
        return state;
    }

    boolean isClosed() {
        return state == IceState.CLOSED;
    }

    /** @param bestTypePreference as {@link IceAgent#localToCome} has it */
    void localToCome(int bestTypePreference) {
        toCome = new ToCome(bestTypePreference, toCome.remote());
    }

    /** @param more whether the peer may still trickle candidates */
    void remoteToCome(boolean more) {
        toCome = new ToCome(toCome.localPreference(), more);
    }

    /** Draws the conclusions from what has changed, then begins the checks whose time has come; of no effect once closed. */
    void goOn(long now) {
        if (isClosed()) {
            return;
        }
        media.review(now, toCome);
        List<CheckList> concluded = nomination.conclude();
        if (!concluded.isEmpty()) {
            media.review(now, toCome);
            concluded.forEach(list ->
                    context.outbox().event(new AgentEvent.Selected(list.layout().index())));
        }
        nomination.review(now, toCome);
        if (patience.review(now)) {
            media.review(now, toCome);
        }
        promotions.forEach(promotion -> promotion.review(now));
        context.lists().lists().forEach(list -> list.components().forEach(Reserves::seek));
        liveness.review(now);
        moveTo(StateRule.of(context.lists(), state));
        while (beginChecks(now) && nomination.waits()) {
            // a pair whose check has not left is waited for without end; once it has, for a while
            nomination.review(now, toCome);
        }
    }

    /** Begins the checks whose time has come; returns whether there was one. */
    private boolean beginChecks(long now) {
        boolean begun = false;
        if (context.settings().lite()) {
            return begun;
        }
        while (context.lists().hasWork(now)) {
            if (!beat.grants(now)) {
                return begun;
            }
            begun |= context.lists().perform(now, client);
        }
        beat.rest(context.lists().nextWork(now));
        return begun;
    }

    private void moveTo(IceState next) {
        if (next == state) {
            return;
        }
        if (!state.successors().contains(next)) {
            throw new IllegalStateException("from " + state + " to " + next);
        }
        context.outbox().event(new AgentEvent.StateChanged(state, next));
        state = next;
    }

    /** The checks that were begun have left by {@code now}. */
    void transmitted(long now) {
        beat.left(now);
    }

    /** When it is to go on at the latest, or {@link Machine#NEVER}. */
    long next() {
        long next = Math.min(beat.next(), Math.min(nomination.next(), patience.next()));
        for (int i = 0; i < promotions.size(); i++) { // asked after packets: no iterator
            next = Math.min(next, promotions.get(i).next());
        }
        return next;
    }

    /** Nothing follows from anything any more. */
    void close() {
        moveTo(IceState.CLOSED);
        beat.rest(Machine.NEVER);
    }
}
