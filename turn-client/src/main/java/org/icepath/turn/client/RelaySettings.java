// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.icepath.stun.AddressFamily;
import org.icepath.turn.AllocationOptions;
import org.icepath.turn.CredentialSupplier;

/**
 * What a relay is to be like. Immutable; its methods return copies.
 *
 * @param family of the relayed address
 * @param options what else the server is asked for
 * @param credentials asked where the server does not take those of the {@link org.icepath.turn.TurnServer}, if options say so
 */
public record RelaySettings(AddressFamily family, AllocationOptions options, CredentialSupplier credentials) {

    private static final CredentialSupplier NOBODY =
            wanted -> CompletableFuture.failedFuture(new IllegalStateException("nobody supplies credentials"));

    public RelaySettings {
        Objects.requireNonNull(family, "family");
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(credentials, "credentials");
    }

    /** An IPv4 address that relays UDP. */
    public static RelaySettings create() {
        return new RelaySettings(AddressFamily.IPV4, AllocationOptions.NONE, NOBODY);
    }

    /** The same with another family. */
    public RelaySettings withFamily(AddressFamily other) {
        return new RelaySettings(other, options, credentials);
    }

    /** The same with other options. */
    public RelaySettings withOptions(AllocationOptions other) {
        return new RelaySettings(family, other, credentials);
    }

    /** The same with somebody who supplies credentials when they are wanted. */
    public RelaySettings withCredentials(CredentialSupplier supplier) {
        return new RelaySettings(family, options.withRenewedCredentials(), supplier);
    }
}
