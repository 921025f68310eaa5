// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Who we are to a TURN server. Immutable and thread-safe; printing them shows no secret. */
public sealed interface TurnCredentials permits TurnCredentials.LongTerm, AccessToken {

    /** Most bytes of UTF-8 that a user name may have (RFC 8489 §14.3). */
    int MAX_USERNAME_BYTES = 508;

    /** What USERNAME says. */
    String username();

    /**
     * How long they are to be used from the moment when they are supplied; then others are asked for, while the server still takes these.
     *
     * @return empty where they are used until the server takes them no longer
     */
    Optional<Duration> renewAfter();

    /**
     * The same, to be used for that long.
     *
     * @param time not negative; what is less than half a minute counts as that
     * @throws IllegalArgumentException when it is negative
     */
    TurnCredentials renewedAfter(Duration time);

    /**
     * A user name and a password, as people and time-limited REST services have them.
     *
     * @param username 1 to {@link #MAX_USERNAME_BYTES} bytes of UTF-8
     * @throws IllegalArgumentException outside that range
     */
    static TurnCredentials longTerm(String username, String password) {
        return new LongTerm(username, password, Optional.empty());
    }

    /**
     * What a server that shares a secret with us takes until a certain time (draft-uberti-behave-turn-rest): the user name says until
     * when, the password is the HMAC-SHA1 of the user name.
     *
     * @param user tells users apart in the server's log; may be empty
     * @param expiresAt seconds since 1970; allocations must be refreshed with others after it
     */
    static TurnCredentials timeLimited(String user, byte[] sharedSecret, long expiresAt) {
        String username = user.isEmpty() ? Long.toString(expiresAt) : expiresAt + ":" + user;
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(sharedSecret, "HmacSHA1"));
            byte[] password = mac.doFinal(username.getBytes(UTF_8));
            return longTerm(username, Base64.getEncoder().encodeToString(password));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has HmacSHA1", impossible);
        }
    }

    /**
     * User name and password (RFC 8489 §9.2).
     *
     * @param username not empty, at most 508 bytes of UTF-8
     * @param password never printed
     */
    record LongTerm(String username, String password, Optional<Duration> renewAfter) implements TurnCredentials {

        public LongTerm {
            Objects.requireNonNull(password, "password");
            Objects.requireNonNull(renewAfter, "renewAfter");
            checkUsername(username);
        }

        @Override
        public TurnCredentials renewedAfter(Duration time) {
            return new LongTerm(username, password, Optional.of(checked(time)));
        }

        /** The user name alone. */
        @Override
        public String toString() {
            return "LongTerm[" + username + "]";
        }
    }

    /** A time for {@link #renewedAfter}. */
    private static Duration checked(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("to be used for " + time);
        }
        return time;
    }

    private static void checkUsername(String username) {
        if (username.isEmpty() || username.getBytes(UTF_8).length > MAX_USERNAME_BYTES) {
            throw new IllegalArgumentException("a user name has 1 to " + MAX_USERNAME_BYTES + " bytes");
        }
    }
}
