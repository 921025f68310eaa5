// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import org.icepath.turn.PortRequest;
import org.icepath.turn.ServerAddress;

/**
 * A relay allocation that is due now; its owner answers with {@link Gatherer#allocated} or {@link Gatherer#allocationFailed}.
 *
 * @param local where it is to be made from: the base itself over UDP, else its address
 * @param server place of the TURN server in the configuration, from 0
 * @param address where the server is asked
 * @param port which port the relay is to have; where it cannot, {@link Gatherer#portRefused}
 */
public record AllocationRequest(LocalBase local, int server, ServerAddress address, PortRequest port)
        implements AddressRaces.Runner {

    @Override
    public ServerAddress place() {
        return address;
    }
}
