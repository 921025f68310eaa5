// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.net.InetSocketAddress;
import org.icepath.sansio.Cause;

/** What sits on a port of a host. */
interface Endpoint {

    String hostName();

    InetSocketAddress address();

    void receive(InetSocketAddress from, byte[] payload);

    void sendFailed(InetSocketAddress to, Cause cause);

    void lost(Cause cause);
}
