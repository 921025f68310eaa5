// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;

/** Hears what becomes of the connections that agents send on. */
interface ConnectionListener {

    void connected(long now, Base candidate, InetSocketAddress remote);

    void disconnected(long now, Base candidate, InetSocketAddress remote, Cause cause);
}
