// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.net.InetSocketAddress;
import org.icepath.ice.CandidatePair;
import org.icepath.net.Endpoint;

/**
 * How packets of a component leave now, down to the socket. Immutable; published to all threads.
 *
 * @param socket where they leave
 * @param destination where the datagrams go: the peer, or the TURN server
 * @param channel 0, or the channel number whose ChannelData header goes in front (RFC 8656 §12.4)
 * @param viaEngine whether the engine wraps them, because no channel stands yet
 * @param relayed whether they leave from a relay of ours
 * @param pair the candidates in use
 */
record PathRoute(
        Endpoint socket,
        InetSocketAddress destination,
        int channel,
        boolean viaEngine,
        boolean relayed,
        CandidatePair pair) {}
