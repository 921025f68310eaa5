// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.icepath.ice.IceException;

/** Commands to a session that somebody waits for: each gets its answer, at the latest when the session ends. Thread-safe. */
final class Commands {

    private final SessionShell shell;
    private final Set<IceFuture<?>> pending = ConcurrentHashMap.newKeySet(1);

    Commands(SessionShell shell) {
        this.shell = shell;
    }

    /** As {@link SessionShell#perform}; the future fails with what the command throws. */
    CompletableFuture<Void> run(LongConsumer command) {
        IceFuture<Void> outcome = shell.newFuture();
        answer(outcome, now -> {
            command.accept(now);
            outcome.complete(null);
        });
        return outcome;
    }

    /** Asks the engine; the future fails with what the question throws. */
    <T> CompletableFuture<T> compute(LongFunction<T> question) {
        IceFuture<T> outcome = shell.newFuture();
        answer(outcome, now -> outcome.complete(question.apply(now)));
        return outcome;
    }

    // A command that reaches the session after its end is dropped: whoever waits for it must hear so.
    private void answer(IceFuture<?> outcome, LongConsumer command) {
        pending.add(outcome);
        shell.perform(now -> {
            try {
                command.accept(now);
            } catch (Throwable failure) {
                outcome.completeExceptionally(failure);
            }
            pending.remove(outcome);
        });
        if (shell.ended().isDone()) {
            pending.remove(outcome);
            outcome.completeExceptionally(SessionShell.closedFailure());
        }
    }

    /** Fails what is still waited for: the session has ended. */
    void fail(IceException reason) {
        pending.forEach(outcome -> outcome.completeExceptionally(reason));
        pending.clear();
    }
}
