// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Bob answers; where there is a firewall that opens, it does so before the paths are agreed, and media moves. */
final class Conversation implements Plot {

    @Override
    public void play(Call call) throws InterruptedException, ExecutionException, TimeoutException {
        if (!call.bothHear()) {
            return;
        }
        CallPlan plan = call.plan();
        boolean opensFirst = plan.opened().compareTo(plan.answered()) < 0;
        Duration first = opensFirst ? plan.opened() : plan.answered();
        Duration second = opensFirst ? plan.answered() : plan.opened();
        if (call.fails(first)) {
            return;
        }
        happen(call, opensFirst);
        if (call.fails(second.minus(first))) {
            return;
        }
        happen(call, !opensFirst);
        if (plan.scenario().opens()) {
            // blocked checks are sent again after 0.5, 1, 2, … s: a path that opens is found by the next one
            call.both(Softphone::promoted, "promotion");
        }
        if (plan.profile().endsWithFinalOffer()) {
            call.exchangeFinally();
        }
        call.talk();
    }

    private static void happen(Call call, boolean firewall) {
        if (!firewall) {
            call.answer();
        } else if (call.plan().scenario().opens()) {
            call.openFirewall();
        }
    }
}
