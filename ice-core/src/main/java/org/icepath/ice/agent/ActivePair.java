// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.Envelope;
import org.icepath.sansio.Base;

/**
 * A valid pair and what it takes to send on it (RFC 8445 §12.1).
 *
 * @param pair the candidates
 * @param base where packets leave
 * @param remote where they go
 * @param envelope what must stand before each
 * @param generation the number of the generation whose pair it is, 0 for the first of a peer; agents know no other
 */
public record ActivePair(
        CandidatePair pair, Base base, InetSocketAddress remote, Optional<Envelope> envelope, int generation) {

    public ActivePair {
        Objects.requireNonNull(pair, "pair");
        Objects.requireNonNull(base, "base");
        Objects.requireNonNull(remote, "remote");
        Objects.requireNonNull(envelope, "envelope");
    }

    /** One whose packets go as they are. */
    public ActivePair(CandidatePair pair, Base base, InetSocketAddress remote) {
        this(pair, base, remote, Optional.empty(), 0);
    }

    /** The same with something before each packet. */
    public ActivePair within(Envelope said) {
        return new ActivePair(pair, base, remote, Optional.of(said), generation);
    }

    /** The same as the pair of another generation. */
    public ActivePair of(int number) {
        return number == generation ? this : new ActivePair(pair, base, remote, envelope, number);
    }
}
