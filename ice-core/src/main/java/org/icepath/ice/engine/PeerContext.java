// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import org.icepath.ice.IceConfig;

/**
 * What the parts of one peer share.
 *
 * @param number the peer's number in its session
 * @param local our side, which all peers share
 * @param glare how long an offer that was refused waits
 * @param keepalives of its streams without ICE
 */
record PeerContext(
        int number,
        Streams streams,
        EngineOutbox outbox,
        LocalSide local,
        Describer describer,
        GlareDelay glare,
        PlainKeepalives keepalives) {

    IceConfig config() {
        return streams.config();
    }

    /** The application's name for a stream. */
    String nameOf(int stream) {
        return streams.nameOf(stream);
    }
}
