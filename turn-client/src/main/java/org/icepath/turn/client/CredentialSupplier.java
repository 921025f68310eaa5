// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import java.util.concurrent.CompletionStage;
import org.icepath.turn.TurnCredentials;
import org.icepath.turn.TurnEvent;

/** Knows credentials that last only for a while: time-limited passwords of a REST service, or tokens (RFC 7635). */
@FunctionalInterface
public interface CredentialSupplier {

    /**
     * Asked when a server wants credentials and there are none, or takes those that it had no longer.
     *
     * @param wanted says what the server said; where it takes tokens, for whom they must be made
     * @return to be completed within 30 s on any thread; otherwise, or if it fails, the requests that wait fail then. Called on the
     *     relay's event loop, and must not wait there
     */
    CompletionStage<TurnCredentials> supply(TurnEvent.CredentialsWanted wanted);
}
