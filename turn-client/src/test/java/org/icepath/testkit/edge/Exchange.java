// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.InetSocketAddress;
import org.icepath.sansio.Base;
import org.icepath.stun.StunMessage;

/**
 * A message from a client, and when and where it came.
 *
 * @param message valid during the step only
 */
record Exchange(long now, FiveTuple tuple, StunMessage message) {

    InetSocketAddress client() {
        return tuple.client();
    }

    /**
     * What an allocation belongs to (RFC 8656 §3.2); the transport and the server's address are those of the base.
     */
    record FiveTuple(Base base, InetSocketAddress client) {}
}
