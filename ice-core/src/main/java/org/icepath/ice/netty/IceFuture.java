// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.icepath.net.EventLoops;

/**
 * A future that will not be waited for on an event loop: the loop that would complete it could be the one that waits.
 *
 * <p>Futures derived from it follow the same rule. Completed on the session's event loop.
 */
final class IceFuture<T> extends CompletableFuture<T> {

    private final EventLoops loops;

    IceFuture(EventLoops loops) {
        this.loops = loops;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new IceFuture<>(loops);
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        requireMayWait();
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        requireMayWait();
        return super.get(timeout, unit);
    }

    @Override
    public T join() {
        requireMayWait();
        return super.join();
    }

    private void requireMayWait() {
        if (!isDone() && loops.inEventLoop()) {
            throw new IllegalStateException(
                    "waiting for a future on an event loop would stop the session that completes it;"
                            + " use thenAccept and the like");
        }
    }
}
