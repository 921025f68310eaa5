// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives candidates their foundations (RFC 8445 §5.1.1.3): same type, base address, protocol and server, same foundation.
 *
 * <p>Numbers from 1 in the order of asking. Mutable; not thread-safe.
 */
public final class Foundations {
    private final Map<Key, Foundation> assigned = new HashMap<>(4);

    /** An assigner that has given nothing yet; one per agent. */
    public Foundations() {}

    /**
     * The foundation of a candidate that no server had a part in.
     *
     * @param base the IP address of the candidate's base
     */
    public Foundation assign(CandidateType type, InetAddress base, TransportType transport) {
        return assign(new Key(type, base, transport, null));
    }

    /**
     * The foundation of a reflexive or relayed candidate.
     *
     * @param base the IP address of the candidate's base; for a relayed candidate, the relayed address itself
     * @param server the IP address of the STUN or TURN server it came from
     */
    public Foundation assign(CandidateType type, InetAddress base, TransportType transport, InetAddress server) {
        return assign(new Key(type, base, transport, server));
    }

    private Foundation assign(Key key) {
        return assigned.computeIfAbsent(key, k -> new Foundation(Integer.toString(assigned.size() + 1)));
    }

    private record Key(
            CandidateType type,
            InetAddress base,
            TransportType transport,
            @Nullable InetAddress server) {}
}
