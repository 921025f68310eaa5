// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.icepath.ice.StreamConfig;
import org.icepath.ice.engine.EngineEvent;
import org.icepath.ice.engine.MediaSink;
import org.icepath.net.Endpoint;
import org.icepath.net.MachineDriver;
import org.jspecify.annotations.Nullable;

/**
 * The peers of one session, by the numbers that the engine gave them: what it says of one of them, and the packets it hands over, come to
 * him. Confined to the event loop.
 */
final class PeerTable implements MediaSink {

    private final Map<Integer, NettyIcePeer> peers = new HashMap<>(2);
    private @Nullable NettyIcePeer heard; // the peer of the last packet: the next is mostly his, too

    void add(int number, NettyIcePeer peer) {
        peers.put(number, peer);
    }

    /** The peer of a number; null when there is none any more. */
    @Nullable
    NettyIcePeer peer(int number) {
        return peers.get(number);
    }

    /** Forgets a peer that is closed. */
    void forget(NettyIcePeer peer) {
        peers.remove(peer.number());
        heard = null;
    }

    @Override
    public void received(long at, int peer, int stream, int component, InetSocketAddress from, ByteBuffer packet) {
        NettyIcePeer known = heard;
        if (known == null || known.number() != peer) {
            known = peers.get(peer);
            heard = known;
        }
        if (known != null) {
            known.path(stream, component).received(at, from, packet);
        }
    }

    /** The packets of a component leave otherwise than before. */
    void routeChanged(EngineEvent.RouteChanged changed, MachineDriver<?> driver) {
        NettyIcePeer peer = peers.get(changed.peer());
        if (peer != null) {
            PathRoute route =
                    changed.route().flatMap(way -> PathRoute.of(way, driver)).orElse(null);
            peer.path(changed.stream(), changed.component()).routeChanged(route, changed.whenAbsent());
        }
    }

    void answerDue(int number) {
        NettyIcePeer peer = peers.get(number);
        if (peer != null) {
            peer.answerDue();
        }
    }

    void writabilityChanged(Endpoint socket) {
        all().forEach(peer -> peer.writabilityChanged(socket));
    }

    /** A stream was added to our side. */
    void streamAdded(int place, StreamConfig stream) {
        peers.values().forEach(peer -> peer.added(place, stream));
    }

    /** A stream was removed from our side. */
    void streamRemoved(int place) {
        peers.values().forEach(peer -> peer.removed(place));
    }

    /** The session ends. */
    void close() {
        all().forEach(NettyIcePeer::closed);
    }

    /** A copy: whoever is told may forget a peer. */
    private List<NettyIcePeer> all() {
        return List.copyOf(peers.values());
    }
}
