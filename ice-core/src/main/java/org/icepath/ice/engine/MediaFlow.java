// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.ice.agent.IceAgent;
import org.icepath.sansio.Base;
import org.jspecify.annotations.Nullable;

/**
 * The way to the application, and whose packet went there last. The packets of a burst come from one source, with nothing else in between: then
 * it is not asked anew for each of them whose it is. Not thread-safe.
 */
final class MediaFlow {

    private final MediaSink sink;
    private @Nullable IceAgent agent;
    private @Nullable PeerPaths paths;
    private int place;
    private boolean quiet;

    MediaFlow(MediaSink sink) {
        this.sink = sink;
    }

    /** Takes all packets that are the application's. */
    MediaSink sink() {
        return sink;
    }

    /** Whether the packet that was asked about last has left nothing to hand over, and no earlier deadline. */
    boolean isQuiet() {
        return quiet;
    }

    /**
     * A packet was delivered, and quietly.
     *
     * @param source the agent that knows its source; null where there are several to tell of each packet
     * @param placed where it belongs, as the agent says
     */
    void follow(@Nullable IceAgent source, PeerPaths ways, int placed) {
        agent = source;
        paths = ways;
        place = placed;
        quiet = true;
    }

    /** Something else has happened: whose the next packet is, has to be asked. */
    void end() {
        agent = null;
        paths = null;
        quiet = false;
    }

    /** Whether a packet is of the same source as the last one; it is then delivered. */
    boolean deliver(long now, Base base, InetSocketAddress from, ByteBuffer packet) {
        IceAgent known = agent;
        PeerPaths ways = paths;
        if (known == null || ways == null || !known.dataGoesOn(now, base, from, packet.remaining())) {
            return false;
        }
        if (ways.deliver(now, IceAgent.streamIn(place), IceAgent.componentIn(place), from, packet, sink)) {
            end();
        }
        return true;
    }
}
