// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Takes the application's packets that arrive; called from within {@link IceEngine#handle}. */
@FunctionalInterface
public interface MediaSink {

    /**
     * Takes one packet.
     *
     * @param at when it arrived
     * @param peer the number that {@link Signalling#accept} gave
     * @param stream place of the stream, from 0
     * @param component 1 and up; RTCP that came multiplexed with RTP (RFC 5761 §4) is given as component 2 where the stream has one
     * @param from who sent it, as the socket or the relay saw it
     * @param packet from position to limit; borrowed for the call
     */
    void received(long at, int peer, int stream, int component, InetSocketAddress from, ByteBuffer packet);
}
