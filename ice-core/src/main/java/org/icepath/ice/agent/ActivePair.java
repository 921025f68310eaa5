// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import java.util.Objects;
import org.icepath.ice.CandidatePair;
import org.icepath.sansio.Base;

/**
 * A valid pair and what it takes to send on it (RFC 8445 §12.1).
 *
 * @param pair the candidates
 * @param base where packets leave
 * @param remote where they go
 */
public record ActivePair(CandidatePair pair, Base base, InetSocketAddress remote) {

    public ActivePair {
        Objects.requireNonNull(pair, "pair");
        Objects.requireNonNull(base, "base");
        Objects.requireNonNull(remote, "remote");
    }
}
