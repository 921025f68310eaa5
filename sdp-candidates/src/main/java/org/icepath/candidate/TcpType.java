// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import java.util.Locale;
import java.util.Optional;

/** Who opens the connection of a TCP candidate (RFC 6544 §3). */
public enum TcpType {
    /** Not a TCP candidate. */
    NONE(""),
    /** Opens connections, accepts none. */
    ACTIVE("active"),
    /** Accepts connections, opens none. */
    PASSIVE("passive"),
    /** Opens and accepts at the same moment. */
    SIMULTANEOUS_OPEN("so");

    private final String token;

    TcpType(String token) {
        this.token = token;
    }

    /** The value of the {@code tcptype} extension (RFC 6544 §4.5); the empty string for {@link #NONE}. */
    public String token() {
        return token;
    }

    /** The type with this {@code tcptype} token in any case, or empty; never {@link #NONE}. */
    public static Optional<TcpType> ofToken(String token) {
        String lower = token.toLowerCase(Locale.ROOT);
        for (TcpType type : values()) {
            if (type != NONE && type.token.equals(lower)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** Whether a candidate of this type pairs with a remote one of that type (RFC 6544 §6.2). */
    public boolean pairsWith(TcpType remote) {
        return remote == counterpart();
    }

    /** The type at the other end of a connection; {@link #NONE} for itself. */
    public TcpType counterpart() {
        return switch (this) {
            case NONE -> NONE;
            case ACTIVE -> PASSIVE;
            case PASSIVE -> ACTIVE;
            case SIMULTANEOUS_OPEN -> SIMULTANEOUS_OPEN;
        };
    }

    /** Whether an agent opens connections from a candidate of this type. */
    public boolean opens() {
        return this == ACTIVE || this == SIMULTANEOUS_OPEN;
    }

    /** Whether an agent accepts connections at a candidate of this type. */
    public boolean accepts() {
        return this == PASSIVE || this == SIMULTANEOUS_OPEN;
    }
}
