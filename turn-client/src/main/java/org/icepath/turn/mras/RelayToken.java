// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.mras;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a user name of the service says of itself: a token whose expiry can be read (seen in two versions). */
final class RelayToken {

    private static final int EXPIRY = 4;
    private static final int FIRST_VERSION_LENGTH = 32;
    private static final int SECOND_VERSION_LENGTH = 36;
    private static final int MAC_LENGTH = 20;
    private static final Instant FILETIME_EPOCH = Instant.parse("1601-01-01T00:00:00Z");
    private static final long UNITS_A_SECOND = 10_000_000;

    private RelayToken() {}

    /**
     * When the token expires: a FILETIME, low word first.
     *
     * @return empty when the user name is no such token, or its time no time
     */
    static Optional<Instant> expiry(byte[] username) {
        if (username.length < FIRST_VERSION_LENGTH + MAC_LENGTH) {
            return Optional.empty();
        }
        ByteBuffer token = ByteBuffer.wrap(username);
        int length = token.getShort(2) & 0xFFFF;
        boolean known = token.get(0) == 1 && length == FIRST_VERSION_LENGTH
                || token.get(0) == 2 && length == SECOND_VERSION_LENGTH;
        if (!known || username.length != length + MAC_LENGTH) {
            return Optional.empty();
        }
        long units = (token.getInt(EXPIRY) & 0xFFFFFFFFL) | (long) token.getInt(EXPIRY + 4) << 32;
        return units <= 0
                ? Optional.empty()
                : Optional.of(FILETIME_EPOCH.plus(Duration.ofSeconds(units / UNITS_A_SECOND)));
    }
}
