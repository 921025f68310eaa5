// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.Envelope;
import org.icepath.ice.engine.Route;
import org.icepath.net.Endpoint;
import org.icepath.net.MachineDriver;
import org.jspecify.annotations.Nullable;

/**
 * How packets of a component leave now, down to the socket. Immutable; published to all threads.
 *
 * @param socket where they leave
 * @param destination where the datagrams go: the peer, or the TURN server
 * @param channel 0, or the channel number whose ChannelData header goes in front (RFC 8656 §12.4)
 * @param viaEngine whether the engine wraps them, because no channel stands yet
 * @param relayed whether they leave from a relay of ours
 * @param envelope what goes in front, behind the header of a channel; null for nothing
 * @param pair the candidates in use
 * @param generation the number of the generation whose pair it is
 */
record PathRoute(
        Endpoint socket,
        InetSocketAddress destination,
        int channel,
        boolean viaEngine,
        boolean relayed,
        @Nullable Envelope envelope,
        CandidatePair pair,
        int generation) {

    /** A route of the engine's, by the sockets of its driver; empty when its socket stands no longer. */
    static Optional<PathRoute> of(Route route, MachineDriver<?> driver) {
        return driver.endpoint(route.base())
                .map(socket -> new PathRoute(
                        socket,
                        route.destination(),
                        route.channel(),
                        route.viaEngine(),
                        route.relayed(),
                        route.envelope().orElse(null),
                        route.pair(),
                        route.generation()));
    }
}
