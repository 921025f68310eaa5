// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;

/** Who we are to a TURN server. Immutable and thread-safe; printing them shows no secret. */
public sealed interface TurnCredentials permits TurnCredentials.LongTerm, AccessToken {

    /** Most bytes of UTF-8 that a user name may have (RFC 8489 §14.3). */
    int MAX_USERNAME_BYTES = 508;

    /** What USERNAME says. */
    String username();

    /** A user name and a password, as people and time-limited REST services have them. */
    static TurnCredentials longTerm(String username, String password) {
        return new LongTerm(username, password);
    }

    /**
     * User name and password (RFC 8489 §9.2).
     *
     * @param username not empty, at most 508 bytes of UTF-8
     * @param password never printed
     */
    record LongTerm(String username, String password) implements TurnCredentials {

        public LongTerm {
            Objects.requireNonNull(password, "password");
            checkUsername(username);
        }

        /** The user name alone. */
        @Override
        public String toString() {
            return "LongTerm[" + username + "]";
        }
    }

    private static void checkUsername(String username) {
        if (username.isEmpty() || username.getBytes(UTF_8).length > MAX_USERNAME_BYTES) {
            throw new IllegalArgumentException("a user name has 1 to " + MAX_USERNAME_BYTES + " bytes");
        }
    }
}
