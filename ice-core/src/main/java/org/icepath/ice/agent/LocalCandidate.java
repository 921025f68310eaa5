// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import java.util.Objects;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.InterfaceKind;
import org.icepath.sansio.Base;

/**
 * A candidate of ours and where it sends from (RFC 8445 §4).
 *
 * @param candidate as it is told to the peer; an IP address, never a name
 * @param base for a host candidate its socket, for a reflexive one the socket it was learnt on, for a relayed one the relay
 * @param kind what the interface is made of that its packets leave by
 */
public record LocalCandidate(Candidate candidate, Base base, InterfaceKind kind) {

    /** @throws IllegalArgumentException when the candidate's address is a name */
    public LocalCandidate {
        Objects.requireNonNull(candidate, "candidate");
        Objects.requireNonNull(base, "base");
        Objects.requireNonNull(kind, "kind");
        if (candidate.address().socketAddress().isEmpty()) {
            throw new IllegalArgumentException("a local candidate with a name: " + candidate.address());
        }
    }

    /** A candidate on an interface of which nothing is known. */
    public LocalCandidate(Candidate candidate, Base base) {
        this(candidate, base, InterfaceKind.UNKNOWN);
    }

    /** The candidate's transport address. */
    public InetSocketAddress address() {
        return candidate.address().socketAddress().orElseThrow();
    }
}
