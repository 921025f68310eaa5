// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.icepath.stun.auth.IntegrityKey;

/**
 * A self-contained token with its session key, as an authorization server gives it to us for a TURN server (RFC 7635 §4).
 *
 * <p>Immutable and thread-safe; printing it shows neither token nor key.
 */
public final class AccessToken implements TurnCredentials {

    private static final int LONGEST_TOKEN = 1_024;

    private final String keyId;
    private final byte[] token;
    private final IntegrityKey key;
    private final Optional<Duration> renewAfter;

    private AccessToken(String keyId, byte[] token, IntegrityKey key, Optional<Duration> renewAfter) {
        this.keyId = keyId;
        this.token = token;
        this.key = key;
        this.renewAfter = renewAfter;
    }

    /**
     * What an authorization server answered.
     *
     * @param keyId which key of the TURN server's the token is encrypted under, {@code kid}; goes into USERNAME
     * @param token the value of ACCESS-TOKEN, at most 1024 bytes; copied
     * @param sessionKey {@code key} of the answer: signs our requests; copied
     */
    public static AccessToken of(String keyId, byte[] token, byte[] sessionKey) {
        Objects.requireNonNull(keyId, "keyId");
        if (token.length == 0 || token.length > LONGEST_TOKEN) {
            throw new IllegalArgumentException("a token of " + token.length + " bytes");
        }
        if (sessionKey.length == 0) {
            throw new IllegalArgumentException("the session key is empty");
        }
        return new AccessToken(keyId, token.clone(), IntegrityKey.ofBytes(sessionKey), Optional.empty());
    }

    /** {@code kid}. */
    @Override
    public String username() {
        return keyId;
    }

    @Override
    public Optional<Duration> renewAfter() {
        return renewAfter;
    }

    @Override
    public AccessToken renewedAfter(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("to be used for " + time);
        }
        return new AccessToken(keyId, token, key, Optional.of(time));
    }

    IntegrityKey key() {
        return key;
    }

    /** The value of ACCESS-TOKEN; not to be changed. */
    byte[] token() {
        return token;
    }

    /** Which key it is encrypted under, and nothing more. */
    @Override
    public String toString() {
        return "AccessToken[" + keyId + "]";
    }
}
