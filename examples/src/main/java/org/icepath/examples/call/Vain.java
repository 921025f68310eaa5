// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.icepath.ice.IceReport;

/** No path is found, until the phones give up. */
final class Vain implements Plot {

    private static final Duration INTERIM = Duration.ofSeconds(10);

    @Override
    public void play(Call call) throws InterruptedException, ExecutionException, TimeoutException {
        Duration half = call.plan().patience().dividedBy(2);
        if (!call.fails(half.compareTo(INTERIM) < 0 ? half : INTERIM)) {
            IceReport soFar = call.alice().report();
            Timeline timeline = call.timeline();
            timeline.say("alice", "knows so far: " + soFar.verdict());
            soFar.pairs().forEach(pair -> timeline.line("                      " + CallText.line(pair)));
            timeline.say("", "the firewall has dropped " + call.stage().blockedByFirewall() + " checks");
            // patience begins with the checks, so this ends before the time is up
            call.fails(call.plan().patience().plusSeconds(5));
        }
    }
}
