// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.util.concurrent.CompletableFuture;

/** When our description may go out: with what there is at first, for a peer that trickles, and in full (RFC 8838 §4). Thread-safe. */
final class Described {

    private final IceFuture<Void> atFirst;
    private final IceFuture<Void> inFull;

    Described(SessionShell shell) {
        this.atFirst = shell.newFuture();
        this.inFull = shell.newFuture();
    }

    CompletableFuture<Void> when(boolean full) {
        return full ? inFull : atFirst;
    }

    void atFirst() {
        atFirst.complete(null);
    }

    void inFull() {
        inFull.complete(null);
    }

    /** There will be no description any more; what is done stays done. */
    void fail(Throwable failure) {
        atFirst.completeExceptionally(failure);
        inFull.completeExceptionally(failure);
    }
}
