// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IceReport;

/** No path is found, until the phones give up. */
final class Vain implements Plot {

    private static final Duration INTERIM = Duration.ofSeconds(10);

    @Override
    public void play(Call call) throws InterruptedException, ExecutionException, TimeoutException {
        Duration patience = call.plan().patience();
        CompletableFuture<IceFailure> gaveUp = call.alice().failed();
        if (!Call.within(untilInterim(patience), gaveUp)) {
            IceReport soFar = call.alice().report();
            Timeline timeline = call.timeline();
            timeline.say("alice", "knows so far: " + soFar.verdict());
            soFar.pairs().forEach(pair -> timeline.line("                      " + CallText.line(pair)));
            timeline.say("", "the firewall has dropped " + call.stage().blockedByFirewall() + " packets");
        }
        // bob's checks began first and so does his patience end: the diagnosis is alice's, who must have given up, too
        Call.within(
                patience.plus(Call.LONGEST_WAIT),
                CompletableFuture.allOf(gaveUp, call.bob().failed()));
    }

    /** When alice is asked what she knows so far: while she still tries, however short her patience is. */
    static Duration untilInterim(Duration patience) {
        Duration half = patience.dividedBy(2);
        return half.compareTo(INTERIM) < 0 ? half : INTERIM;
    }
}
