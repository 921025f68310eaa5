// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.icepath.sansio.Machine;

/**
 * The requests that were refused for their credentials and wait for better ones. Not thread-safe.
 *
 * <p>Whoever supplies credentials is asked once; what he supplied must have served before he is asked again, so that neither a wrong
 * password nor forged answers make a loop.
 */
final class AwaitedCredentials {

    private static final long PATIENCE = Duration.ofSeconds(30).toNanos();

    private final boolean renewable;
    private final List<TurnRequest> waiting = new ArrayList<>();
    private long deadline = Machine.NEVER;
    private boolean unproven;

    AwaitedCredentials(boolean renewable) {
        this.renewable = renewable;
    }

    /** Whether a refused request may wait for other credentials. */
    boolean mayWait() {
        return renewable && !unproven;
    }

    /** Lets a request wait; answers whether it is the first, and so somebody is to be asked. */
    boolean add(long now, TurnRequest request) {
        waiting.add(request);
        if (deadline != Machine.NEVER) {
            return false;
        }
        deadline = now + PATIENCE;
        return true;
    }

    /** Credentials have come: what has waited is to be sent again. */
    List<TurnRequest> supplied() {
        unproven = deadline != Machine.NEVER;
        return takeAll();
    }

    /** The server has taken what we have. */
    void proven() {
        unproven = false;
    }

    /** What has waited in vain. */
    List<TurnRequest> takeExpired(long now) {
        return now < deadline ? List.of() : takeAll();
    }

    /** All that has waited. */
    List<TurnRequest> takeAll() {
        List<TurnRequest> all = List.copyOf(waiting);
        clear();
        return all;
    }

    void clear() {
        waiting.clear();
        deadline = Machine.NEVER;
    }

    int count() {
        return waiting.size();
    }

    long nextTimeout() {
        return deadline;
    }
}
