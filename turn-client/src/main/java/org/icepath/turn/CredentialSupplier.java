// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Knows credentials that last only for a while: time-limited passwords of a REST service, or tokens (RFC 7635). */
@FunctionalInterface
public interface CredentialSupplier {

    /**
     * Asked when a server wants credentials and there are none, or takes those that it had no longer; and while it still takes them,
     * when they have been used for as long as they should be ({@link TurnCredentials#renewAfter}).
     *
     * @param wanted says what the server said; where it takes tokens, for whom they must be made
     * @return to be completed within 30 s on any thread; otherwise, or as soon as it fails, the requests that wait fail, and what was to
     *     be renewed is asked for again a minute later. Called on an event loop, and must not wait there
     */
    CompletionStage<TurnCredentials> supply(TurnEvent.CredentialsWanted wanted);

    /** Asks a supplier; what it throws is as if it had failed. */
    static CompletionStage<TurnCredentials> ask(CredentialSupplier supplier, TurnEvent.CredentialsWanted wanted) {
        try {
            return supplier.supply(wanted);
        } catch (Throwable thrown) {
            return CompletableFuture.failedFuture(thrown);
        }
    }
}
