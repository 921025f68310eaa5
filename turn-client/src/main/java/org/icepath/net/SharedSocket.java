// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import java.net.InetSocketAddress;

/** A socket that several machines use, as one of them sees it: it stays open when that one is done. On the socket's event loop. */
public interface SharedSocket {

    /** The socket; of one event loop with the driver. */
    UdpSocket socket();

    /** The machine sends something there: what comes from there is for it. */
    void sendsTo(InetSocketAddress remote);

    /** The machine needs it no longer; nothing is handed to its listener any more. */
    void release();
}
