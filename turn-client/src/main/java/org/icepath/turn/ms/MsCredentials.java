// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import java.util.Base64;
import java.util.Optional;
import org.icepath.turn.TurnCredentials;

/**
 * User name and password as bytes, which a media relay authentication service gives in base64 ([MS-AVEDGEA], seen). Text would be
 * another key, and the server's 431 would not say why: it is refused before.
 */
record MsCredentials(byte[] username, byte[] password) {

    /** @throws IllegalArgumentException when there is an {@link #objectionTo objection} to them */
    static MsCredentials of(TurnCredentials credentials) {
        objectionTo(credentials).ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
        return new MsCredentials(
                decoded(credentials.username()).orElseThrow(),
                decoded(passwordOf(credentials)).orElseThrow());
    }

    /** Why they are none for an Edge, without saying what they are. */
    static Optional<String> objectionTo(TurnCredentials credentials) {
        if (!(credentials instanceof TurnCredentials.LongTerm)) {
            return Optional.of("such a server takes a user name and a password, and no access token");
        }
        if (decoded(credentials.username()).isEmpty()) {
            return Optional.of("the user name is not in base64");
        }
        return decoded(passwordOf(credentials)).isPresent()
                ? Optional.empty()
                : Optional.of("the password is not in base64");
    }

    private static String passwordOf(TurnCredentials credentials) {
        return credentials instanceof TurnCredentials.LongTerm longTerm ? longTerm.password() : "";
    }

    private static Optional<byte[]> decoded(String text) {
        try {
            return Optional.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException another) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "MsCredentials";
    }
}
