// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Each phone puts the other on hold and takes the call up again; the path is the same all the while (RFC 8839 §4.4.1.1.1). */
final class Hold implements Plot {

    @Override
    public void play(Call call) throws InterruptedException, ExecutionException, TimeoutException {
        if (!call.agrees()) {
            return;
        }
        Duration part = call.plan().talk().dividedBy(4);
        if (!call.fails(part) && !holds(call, call.alice(), call.bob(), false, part) && !call.fails(part)) {
            holds(call, call.bob(), call.alice(), true, part);
        }
        call.talk();
    }

    /** Returns whether a phone gives up meanwhile. */
    private static boolean holds(Call call, Softphone holder, Softphone held, boolean old, Duration time)
            throws InterruptedException, ExecutionException, TimeoutException {
        silence(call, true);
        synchronized (call.reinvites()) {
            holder.rehear(held.reanswer(holder.hold(old)));
        }
        boolean failed = call.fails(time);
        call.timeline()
                .say("", "nobody speaks; the path stands, " + holder.way() + ", generation " + holder.generation());
        synchronized (call.reinvites()) {
            holder.rehear(held.reanswer(holder.reinvite()));
        }
        silence(call, false);
        return failed;
    }

    private static void silence(Call call, boolean silent) {
        call.alice().silent(silent);
        call.bob().silent(silent);
    }
}
