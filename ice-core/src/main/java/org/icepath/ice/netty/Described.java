// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.util.concurrent.CompletableFuture;

/**
 * When our description may go out: with what there is at first, for a peer that trickles, and in full (RFC 8838 §4). An attempt that
 * found nothing may be followed by another. Thread-safe.
 */
final class Described {

    private final SessionShell shell;
    private IceFuture<Void> atFirst;
    private IceFuture<Void> inFull;
    private boolean ended;

    Described(SessionShell shell) {
        this.shell = shell;
        this.atFirst = shell.newFuture();
        this.inFull = shell.newFuture();
    }

    synchronized CompletableFuture<Void> when(boolean full) {
        return full ? inFull : atFirst;
    }

    /** Another attempt is to be made if the last one has failed; returns whether it has. */
    synchronized boolean renew() {
        boolean failed = !ended && atFirst.isCompletedExceptionally();
        if (failed) {
            atFirst = shell.newFuture();
            inFull = shell.newFuture();
        }
        return failed;
    }

    void atFirst() {
        renew(); // an interface has come, and nobody had to ask
        when(false).complete(null);
    }

    void inFull() {
        when(true).complete(null);
    }

    /** There is nothing to describe, for now. */
    void fail(Throwable failure) {
        when(false).completeExceptionally(failure);
        when(true).completeExceptionally(failure);
    }

    /** There will be no description any more; what is done stays done. */
    void end(Throwable failure) {
        synchronized (this) {
            ended = true;
        }
        fail(failure);
    }
}
