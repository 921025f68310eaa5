// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.icepath.ice.IceReport;

/** The firewall shuts in the midst of the call, without a word: what it swallows is lost, until the relay in reserve carries on. */
final class Cut implements Plot {

    /** So long they talk before; the reserve is checked meanwhile. */
    private static final Duration BEFORE = Duration.ofSeconds(2);

    @Override
    public void play(Call call) throws InterruptedException, ExecutionException, TimeoutException {
        if (!call.agrees() || call.fails(BEFORE)) {
            return;
        }
        call.shutFirewall();
        if (call.both(Softphone::saved, "rescue")) {
            sayWhy(call, call.alice());
            sayWhy(call, call.bob());
        }
        call.talk();
        sayHowLong(call, call.alice(), call.bob());
        sayHowLong(call, call.bob(), call.alice());
    }

    private static void sayWhy(Call call, Softphone phone)
            throws InterruptedException, ExecutionException, TimeoutException {
        phone.report().timeline().stream()
                .map(IceReport.Moment::what)
                .filter(what -> what.contains(" leaves "))
                .reduce((first, last) -> last)
                .ifPresent(what -> call.timeline().say(phone.name(), "why: " + what));
    }

    static void sayHowLong(Call call, Softphone phone, Softphone other) {
        call.timeline()
                .say(
                        phone.name(),
                        "heard nothing of %s for %.1f s"
                                .formatted(
                                        other.name(),
                                        phone.ear().longestSilence().toMillis() / 1e3));
    }
}
