// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.icepath.sansio.Base;
import org.jspecify.annotations.Nullable;

/** The UDP sockets of one machine: its own, and those that it shares with others. Everything here on the event loop. */
final class Sockets {

    private final Map<Base, UdpSocket> open = new HashMap<>(2);
    private final Map<Base, SharedSocket> shared = new HashMap<>(2);

    void add(UdpSocket socket) {
        open.put(socket.base(), socket);
    }

    void add(SharedSocket socket) {
        add(socket.socket());
        shared.put(socket.socket().base(), socket);
    }

    @Nullable
    UdpSocket find(Base base) {
        return open.get(base);
    }

    List<UdpSocket> all() {
        return List.copyOf(open.values());
    }

    /** A datagram has left; on a socket of many machines the answer to it shall find this one. */
    void sent(Base base, InetSocketAddress to) {
        SharedSocket ofMany = shared.get(base);
        if (ofMany != null) {
            ofMany.sendsTo(to);
        }
    }

    /** The socket has gone by itself. */
    void forget(Base base) {
        open.remove(base);
        shared.remove(base);
    }

    /** Closes the socket, or leaves it to the others that share it; of no effect when there is none. */
    void close(Base base) {
        UdpSocket socket = open.remove(base);
        SharedSocket ofMany = shared.remove(base);
        if (ofMany != null) {
            ofMany.release();
        } else if (socket != null) {
            socket.close();
        }
    }

    void closeAll() {
        List.copyOf(open.keySet()).forEach(this::close);
    }
}
