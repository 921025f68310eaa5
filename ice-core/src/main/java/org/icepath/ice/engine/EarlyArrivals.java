// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.icepath.sansio.Base;

/** What came before the description of the peer that sent it: checks and packets, kept until that is here. Not thread-safe. */
final class EarlyArrivals {

    private final OurGeneration first;
    private final MediaFlow media;
    private final EarlyPackets packets = new EarlyPackets();
    private final EarlyPackets ofAnybody = new EarlyPackets();
    private final ArrayDeque<PeerSession> toReplay = new ArrayDeque<>(1);

    /** @param first what the session tells all peers at first */
    EarlyArrivals(OurGeneration first, MediaFlow media) {
        this.first = first;
        this.media = media;
    }

    /** A description of the peer's has come: what it sent before is acted upon at the next {@link #replay}. */
    void described(PeerSession peer) {
        toReplay.add(peer);
    }

    void forget(PeerSession peer) {
        toReplay.remove(peer);
    }

    void clear() {
        toReplay.clear();
        packets.clear();
        ofAnybody.clear();
    }

    /** Takes a check for our first credentials that no agent takes. */
    boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
        return first.early().handle(now, base, from, payload);
    }

    /** Whether a source has sent such a check. */
    boolean knows(Base base, InetSocketAddress from) {
        return first.early().knows(base, from);
    }

    /** Keeps a packet of a source whose check has authenticated, if there is room. */
    boolean keep(Base base, InetSocketAddress from, ByteBuffer packet) {
        return packets.keep(base, from, packet);
    }

    /**
     * Keeps a packet, if there is room, that came before any description of a peer: a telephone without ICE sends no check, and often
     * speaks before its answer is here (RFC 3264 §5.1). Nobody vouches for these, so they take no room of the others', and go when
     * the first description does not say that they are its sender's.
     */
    boolean keepOfAnybody(Base base, InetSocketAddress from, ByteBuffer packet) {
        return ofAnybody.keep(base, from, packet);
    }

    boolean isReplayDue() {
        return !toReplay.isEmpty();
    }

    /**
     * Acts upon the checks that came before the description. Done once the agent's own first check has left: a triggered check would
     * take its place, and then wait for a beat of its own.
     */
    void replay(long now) {
        for (PeerSession peer = toReplay.poll(); peer != null; peer = toReplay.poll()) {
            peer.replayEarlyChecks(now);
            packets.deliver(now, peer, media);
            ofAnybody.deliver(now, peer, media);
            ofAnybody.clear();
        }
    }
}
