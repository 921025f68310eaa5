// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * The firewall opens when the paths are agreed already. Phones that have agreed on renomination agree anew; others need an ICE restart
 * in a re-INVITE, which alice makes when her session wishes for it ({@link Reinvites}).
 */
final class LatePromotion implements Plot {

    @Override
    public void play(Call call) throws InterruptedException, ExecutionException, TimeoutException {
        if (!call.agrees()) {
            return;
        }
        call.openFirewall();
        if (call.plan().renomination()) {
            call.both(Softphone::promoted, "promotion");
        } else if (call.await(call.alice().wishes(), "wish for a promotion")) {
            call.both(Softphone::restarted, "restart");
        }
        call.talk();
    }
}
