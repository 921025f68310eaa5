// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.Envelope;
import org.icepath.ice.agent.ActivePair;
import org.icepath.sansio.Base;

/**
 * How the application's packets of one component leave now. Immutable, so that a shell may publish it to other threads.
 *
 * @param base a socket of the shell
 * @param destination where the datagram goes: the peer, or the TURN server
 * @param channel 0, or the channel number whose 4-byte ChannelData header goes in front of each packet (RFC 8656 §12.4)
 * @param viaEngine whether packets must be given to {@link IceEngine#send}, because they need a message around them: no channel stands yet
 * @param envelope what goes in front of each packet, and behind the header of a channel: what the peer wants there, or our server
 * @param pair the candidates in use, for people and statistics
 * @param generation the number of the generation whose pair it is, likewise
 */
public record Route(
        Base base,
        InetSocketAddress destination,
        int channel,
        boolean viaEngine,
        Optional<Envelope> envelope,
        CandidatePair pair,
        int generation) {

    public Route {
        Objects.requireNonNull(base, "base");
        Objects.requireNonNull(destination, "destination");
        Objects.requireNonNull(envelope, "envelope");
        Objects.requireNonNull(pair, "pair");
    }

    /** As packets of a pair leave where no relay wraps them: from a socket, or on a connection with the peer. */
    static Route direct(Base from, ActivePair pair) {
        return new Route(from, pair.remote(), 0, false, pair.envelope(), pair.pair(), pair.generation());
    }

    /** Whether packets travel over a relay of ours. */
    public boolean relayed() {
        return channel != 0 || viaEngine || pair.local().type() == CandidateType.RELAYED;
    }
}
