// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.auth;

import java.nio.charset.StandardCharsets;
import org.icepath.stun.hmac.HmacKey;

/**
 * The key of MESSAGE-INTEGRITY and of MESSAGE-INTEGRITY-SHA256 (RFC 8489 §9.1.1, §9.2.2).
 *
 * <p>Immutable and thread-safe; printing it shows nothing. Passwords are prepared by {@link PasswordPreparation}; user name
 * and realm are taken as they stand, since that is how they stand in the message.
 */
public final class IntegrityKey extends HmacKey {

    private IntegrityKey(byte[] key) {
        super(key);
    }

    /** The short-term key: the password itself. ICE uses it with the peer's password (RFC 8445 §7.1.2). */
    public static IntegrityKey shortTerm(String password) {
        return new IntegrityKey(PasswordPreparation.prepare(password).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The long-term key under MD5: what servers without PASSWORD-ALGORITHMS expect.
     *
     * @param realm as the server sent it, without quotes
     */
    public static IntegrityKey longTerm(String username, String realm, String password) {
        return longTerm(PasswordAlgorithm.MD5, username, realm, password);
    }

    /** The long-term key under SHA-256. */
    public static IntegrityKey longTermSha256(String username, String realm, String password) {
        return longTerm(PasswordAlgorithm.SHA256, username, realm, password);
    }

    /** The long-term key under an algorithm that was agreed on. */
    public static IntegrityKey longTerm(PasswordAlgorithm algorithm, String username, String realm, String password) {
        return longTermPrepared(algorithm, username, realm, PasswordPreparation.prepare(password));
    }

    /**
     * The long-term key of a password that has been prepared elsewhere, as by a PRECIS library (RFC 8489 §9.2.2).
     *
     * @param password in the form in which it goes into the key
     */
    public static IntegrityKey longTermPrepared(
            PasswordAlgorithm algorithm, String username, String realm, String password) {
        String text = username + ':' + realm + ':' + password;
        return new IntegrityKey(algorithm.hash(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * A key that came from elsewhere as bytes, such as the session key of a token (RFC 7635 §4).
     *
     * @param key not kept
     */
    public static IntegrityKey ofBytes(byte[] key) {
        return new IntegrityKey(key);
    }

    /** Says that it is a key, and nothing of it. */
    @Override
    public String toString() {
        return "IntegrityKey";
    }
}
