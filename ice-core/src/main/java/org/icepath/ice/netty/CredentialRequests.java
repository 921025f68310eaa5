// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.util.Optional;
import org.icepath.ice.engine.EngineEvent;
import org.icepath.ice.engine.LocalNetwork;
import org.icepath.turn.CredentialSupplier;

/** Asks the application for credentials of TURN servers, and tells the engine what it says. Confined to the session's event loop. */
final class CredentialRequests {

    private final SessionShell shell;

    CredentialRequests(SessionShell shell) {
        this.shell = shell;
    }

    void ask(EngineEvent.CredentialsWanted wanted) {
        Optional<CredentialSupplier> supplier =
                shell.config().credentialSupplier(shell.config().turnServers().get(wanted.server()));
        supplier.ifPresent(application -> CredentialSupplier.ask(application, wanted.wanted())
                .whenComplete((credentials, failure) -> shell.perform(now -> {
                    LocalNetwork network = shell.engine().network();
                    if (credentials == null) {
                        network.noCredentials(now, wanted.server(), "no credentials were supplied: " + failure);
                    } else {
                        network.credentials(now, wanted.server(), credentials);
                    }
                })));
    }
}
