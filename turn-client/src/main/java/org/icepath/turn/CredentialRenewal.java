// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.time.Duration;
import org.icepath.sansio.Machine;

/**
 * When other credentials are wanted though the server takes those that there are: before they end. Not thread-safe.
 *
 * <p>Asked again a minute later while nobody has any; the server says when the old ones are good no longer.
 */
final class CredentialRenewal {

    private static final long ASK_AGAIN_AFTER = Duration.ofMinutes(1).toNanos();

    /** Whoever supplies such as end sooner is not asked without a pause. */
    private static final long SHORTEST_USE = Duration.ofSeconds(30).toNanos();

    private final boolean renewable;
    private String username;
    private long dueAt = Machine.NEVER;

    /** @param username of the credentials that there are from the beginning; empty for none */
    CredentialRenewal(boolean renewable, String username) {
        this.renewable = renewable;
        this.username = username;
    }

    /** Of the credentials in use; empty for none. */
    String username() {
        return username;
    }

    /** Requests are signed with these from now on. */
    void used(long now, TurnCredentials credentials) {
        username = credentials.username();
        dueAt = renewable
                ? credentials
                        .renewAfter()
                        .map(time -> now + Math.max(time.toNanos(), SHORTEST_USE))
                        .orElse(Machine.NEVER)
                : Machine.NEVER;
    }

    /** Whether somebody is to be asked for others now. */
    boolean takeDue(long now) {
        if (now < dueAt) {
            return false;
        }
        dueAt = now + ASK_AGAIN_AFTER;
        return true;
    }

    void end() {
        dueAt = Machine.NEVER;
    }

    long nextTimeout() {
        return dueAt;
    }
}
