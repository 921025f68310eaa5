// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import org.icepath.sansio.Base;
import org.icepath.turn.TurnEvent;

/** Takes what an allocation says; may give it inputs only through {@link Relays}. */
interface RelayListener {

    /** An allocation is about to be asked for. */
    void allocating(long now, Relay relay);

    void relayEvent(long now, Relay relay, TurnEvent event);

    /** There is no room for another peer's address. */
    void crowdedOut(long now, Relay relay, InetSocketAddress peer);

    /** A peer has come over the connection that all share, or may be sent to. */
    void connected(long now, Relay relay, Base connection, InetSocketAddress peer, boolean incoming);
}
