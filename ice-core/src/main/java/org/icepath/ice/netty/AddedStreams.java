// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Binds and gathers for streams that are added while a session runs. Confined to the event loop, unless it says otherwise. */
final class AddedStreams {

    private final SessionShell shell;
    private final HostChanges changes;
    private final IceFuture<Void> begun;
    private final List<IceFuture<Void>> awaiting = new ArrayList<>();

    AddedStreams(SessionShell shell, HostChanges changes) {
        this.shell = shell;
        this.changes = changes;
        this.begun = shell.newFuture();
    }

    /** The engine gathers; streams that come from now on need sockets of their own. */
    void begin() {
        begun.complete(null);
    }

    /** Completes when the candidates of a stream are gathered, or at the deadline; where they are trickled, with the first of them. */
    CompletableFuture<Void> add(int place) {
        return begun.thenCompose(ready -> changes.bind(place)).thenCompose(bound -> gathered());
    }

    private CompletableFuture<Void> gathered() {
        if (shell.config().offersAtOnce() || shell.engine().network().isGathered()) {
            return CompletableFuture.completedFuture(null);
        }
        IceFuture<Void> gathered = shell.newFuture();
        awaiting.add(gathered);
        long deadline = shell.config().gatherDeadline().toMillis();
        ScheduledFuture<?> timer =
                shell.driver().eventLoop().schedule(() -> gathered.complete(null), deadline, TimeUnit.MILLISECONDS);
        return gathered.whenComplete((done, failure) -> timer.cancel(false));
    }

    /** All that was asked for is there, or given up. */
    void completed() {
        awaiting.forEach(gathered -> gathered.complete(null));
        awaiting.clear();
    }

    /** The session ends. */
    void fail(Throwable failure) {
        begun.completeExceptionally(failure);
        awaiting.forEach(gathered -> gathered.completeExceptionally(failure));
        awaiting.clear();
    }
}
