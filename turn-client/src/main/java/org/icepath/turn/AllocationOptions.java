// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

/**
 * What an allocation may be asked for beside a relayed address. Immutable.
 *
 * @param renewsCredentials whether {@link TurnEvent.CredentialsWanted} is answered when the server takes ours no longer
 */
public record AllocationOptions(boolean renewsCredentials) {

    /** Nothing beside. */
    public static final AllocationOptions NONE = new AllocationOptions(false);

    /** The same, with somebody who listens to {@link TurnEvent.CredentialsWanted}. */
    public AllocationOptions withRenewedCredentials() {
        return new AllocationOptions(true);
    }
}
