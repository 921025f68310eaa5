// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.List;
import java.util.random.RandomGenerator;
import org.icepath.ice.gather.Gatherer;

/**
 * What keeps the relays of a session going: fresh credentials, other sockets, another try, now or later. There is one from the first
 * allocation on; most of ten thousand sessions on a server never have any.
 *
 * @param sockets those that stand beside the host candidates'
 */
record RelayRecovery(
        RelayCredentials credentials,
        SpareSockets sockets,
        RelayRetries retries,
        RelayMoves moves,
        AbsentRelays absences) {

    /** @param hosts the sockets that stand; a live view */
    static RelayRecovery of(
            RelayTable relays, EngineOutbox outbox, Gatherer gatherer, List<HostBase> hosts, RandomGenerator random) {
        SpareSockets sockets = new SpareSockets(outbox);
        return new RelayRecovery(
                new RelayCredentials(outbox, relays),
                sockets,
                new RelayRetries(outbox, gatherer, sockets),
                new RelayMoves(hosts, sockets, outbox),
                new AbsentRelays(relays, gatherer, outbox, hosts, random));
    }
}
