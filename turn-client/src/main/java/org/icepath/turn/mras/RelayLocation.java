// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.mras;

import java.util.Locale;
import java.util.Optional;

/** From where relays are wanted or reached. */
public enum RelayLocation {
    /** From within the enterprise. */
    INTRANET,
    /** From outside. */
    INTERNET;

    String token() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<RelayLocation> ofToken(String token) {
        for (RelayLocation location : values()) {
            if (location.token().equalsIgnoreCase(token.strip())) {
                return Optional.of(location);
            }
        }
        return Optional.empty();
    }
}
