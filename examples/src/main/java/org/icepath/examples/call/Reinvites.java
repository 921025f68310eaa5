// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.icepath.examples.FailureText;
import org.icepath.ice.PendingOffer;

/**
 * Makes the further offers that the sessions of two phones ask for: in a re-INVITE, so not before the call is answered; not before the
 * time that a session names, so that two phones which want the same do not both offer it; and only if the offer is still due then. Who
 * makes another exchange holds this object's lock, so that no two of them cross.
 */
final class Reinvites implements AutoCloseable {

    private final Softphone alice;
    private final Softphone bob;
    private final Timeline timeline;
    private final ScheduledThreadPoolExecutor signalling = new ScheduledThreadPoolExecutor(
            1, task -> new Thread(task, "re-INVITEs"), new ThreadPoolExecutor.DiscardPolicy());
    private volatile boolean answered;

    Reinvites(Softphone alice, Softphone bob, Timeline timeline) {
        this.alice = alice;
        this.bob = bob;
        this.timeline = timeline;
        alice.onOfferDue(() -> look(alice, bob));
        bob.onOfferDue(() -> look(bob, alice));
    }

    /** The call is answered: what is due already goes out. */
    void answered() {
        answered = true;
        lookAtBoth();
    }

    private void lookAtBoth() {
        look(alice, bob);
        look(bob, alice);
    }

    private void look(Softphone caller, Softphone callee) {
        if (answered) {
            due(caller)
                    .ifPresent(offer -> signalling.schedule(
                            () -> send(caller, callee, offer), offer.notBefore().toNanos(), TimeUnit.NANOSECONDS));
        }
    }

    /** What is due; the final offer of a dialect is a part of the plot. */
    private static Optional<PendingOffer> due(Softphone caller) {
        return caller.pendingOffer().filter(offer -> offer.reason() != PendingOffer.Reason.PATHS_SELECTED);
    }

    /** What has changed meanwhile has been told, and waits for its own time. */
    private void send(Softphone caller, Softphone callee, PendingOffer offer) {
        synchronized (this) {
            if (!due(caller).equals(Optional.of(offer))) {
                return;
            }
            try {
                exchange(caller, callee);
            } catch (ExecutionException e) {
                refused(caller, FailureText.of(e));
            } catch (TimeoutException e) {
                refused(caller, "no answer in time");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        lookAtBoth();
    }

    private void refused(Softphone caller, String why) {
        timeline.say(caller.name(), "re-INVITE came to nothing: " + why);
        caller.rollback();
    }

    /** What SIP carries: an offer in a re-INVITE, its answer in the 200. */
    private static void exchange(Softphone caller, Softphone callee)
            throws InterruptedException, ExecutionException, TimeoutException {
        caller.rehear(callee.reanswer(caller.reinvite()));
    }

    @Override
    public void close() {
        signalling.shutdownNow();
    }
}
