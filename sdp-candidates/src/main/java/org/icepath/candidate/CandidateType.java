// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import java.util.Locale;
import java.util.Optional;

/** How a candidate was obtained (RFC 8445 §4), with its recommended type preference (§5.1.2.2). */
public enum CandidateType {
    /** An address of the agent's own interface, VPNs included. */
    HOST("host", 126),
    /** The address a STUN or TURN server saw. */
    SERVER_REFLEXIVE("srflx", 100),
    /** The address a connectivity check was seen from, learnt from the peer. */
    PEER_REFLEXIVE("prflx", 110),
    /** An address a TURN server relays from. */
    RELAYED("relay", 0);

    private final String token;
    private final int typePreference;

    CandidateType(String token, int typePreference) {
        this.token = token;
        this.typePreference = typePreference;
    }

    /** The type as {@code cand-type} writes it, such as {@code srflx} (RFC 8839 §5.1). */
    public String token() {
        return token;
    }

    /** Recommended type preference, 0 to 126 (RFC 8445 §5.1.2.2). */
    public int typePreference() {
        return typePreference;
    }

    /** The type with this {@code cand-type} token in any case, or empty: an extension this agent cannot use. */
    public static Optional<CandidateType> ofToken(String token) {
        String lower = token.toLowerCase(Locale.ROOT);
        for (CandidateType type : values()) {
            if (type.token.equals(lower)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
