// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.util.List;
import java.util.function.BiConsumer;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IcePeer;

/** Those who listen to all peers of a session. Adding is thread-safe; telling is for the event loop. */
final class PeerListeners {

    private final SessionLog log;
    private volatile List<BiConsumer<? super IcePeer, ? super IceEvent>> listeners = List.of(); // as in Callbacks

    PeerListeners(SessionLog log) {
        this.log = log;
    }

    synchronized void add(BiConsumer<? super IcePeer, ? super IceEvent> listener) {
        listeners = Callbacks.plus(listeners, listener);
    }

    void tell(IcePeer peer, IceEvent event) {
        for (BiConsumer<? super IcePeer, ? super IceEvent> listener : listeners) {
            Callbacks.<IceEvent>call(log, told -> listener.accept(peer, told), event);
        }
    }
}
