// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * The only path is cut, until the phones may send no more on it (RFC 7675 §5.1); SIP still passes, and the re-INVITE that a session
 * wishes for begins anew. The firewall opens when that has gone out.
 */
final class Outage implements Plot {

    private static final Duration BEFORE = Duration.ofSeconds(1);

    @Override
    public void play(Call call) throws InterruptedException, ExecutionException, TimeoutException {
        if (!call.agrees() || call.fails(BEFORE)) {
            return;
        }
        call.shutFirewall();
        if (call.either(Softphone::reinvited, "re-INVITE")) {
            call.openFirewall();
            call.both(Softphone::back, "path");
        }
        call.talk();
        Cut.sayHowLong(call, call.alice(), call.bob());
        Cut.sayHowLong(call, call.bob(), call.alice());
    }
}
