// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.sansio.Cause;

/** An endpoint with one other end. Not thread-safe: confined to its event loop. */
interface Connection extends Endpoint {

    /** Hears what becomes of a connection, on its event loop; may be called from within a send. */
    interface Listener {

        /** Datagrams can be sent now. */
        void opened(Connection connection);

        /**
         * A datagram has arrived.
         *
         * @param payload the datagram from position to limit, borrowed for the call
         */
        void received(Connection connection, ByteBuffer payload);

        /** Media has to wait from now on, or no longer. */
        void writabilityChanged(Connection connection);

        /** It could not be opened, or has ended, and not by {@link Endpoint#close}. */
        void closed(Connection connection, Cause cause);
    }

    /** Begins. Called once; answered by {@link Listener#opened} or {@link Listener#closed}. */
    void start();

    /** The other end. */
    InetSocketAddress remote();
}
