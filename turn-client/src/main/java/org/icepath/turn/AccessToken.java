// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.util.Objects;
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

    private AccessToken(String keyId, byte[] token, IntegrityKey key) {
        this.keyId = keyId;
        this.token = token;
        this.key = key;
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
        return new AccessToken(keyId, token.clone(), IntegrityKey.ofBytes(sessionKey));
    }

    /** {@code kid}. */
    @Override
    public String username() {
        return keyId;
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
