// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import org.icepath.ice.gather.GatheredCandidate;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;

/** What the peers must hear of our side. */
interface LocalListener {

    /** A candidate was found. */
    void found(long at, GatheredCandidate candidate);

    /** The best type preference that a candidate still to come may have has changed. */
    void toCome(long at);

    /** The description is due. */
    void described(long at);

    /** An allocation stands, and must let the peers through. */
    void relayStands(Relay relay);

    /** How packets leave over a relay has changed: it has other channels, or hangs on another socket. */
    void relayChanged(Base relay);

    /** A relay was told that what it sends to somebody does not arrive. */
    void relayFailed(long at, Base relay, InetSocketAddress to, Cause cause);

    /** A relay is gone that stood. */
    void relayLost(long at, Base relay, Cause cause);
}
