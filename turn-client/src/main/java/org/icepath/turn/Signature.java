// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.icepath.stun.Attributes.ACCESS_TOKEN;
import static org.icepath.stun.Attributes.NONCE;
import static org.icepath.stun.Attributes.PASSWORD_ALGORITHM;
import static org.icepath.stun.Attributes.PASSWORD_ALGORITHMS;
import static org.icepath.stun.Attributes.REALM;
import static org.icepath.stun.Attributes.USERHASH;
import static org.icepath.stun.Attributes.USERNAME;

import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.auth.IntegrityKey;
import org.icepath.stun.auth.PasswordAlgorithm;
import org.jspecify.annotations.Nullable;

/** What requests are signed with and their answers verified: a challenge, our credentials, and the key that comes of both. */
final class Signature implements TurnSignature {

    private final ServerChallenge challenge;
    private final TurnCredentials credentials;
    private final String username;
    private final IntegrityKey key;
    private final Integrity integrity;

    private Signature(
            ServerChallenge challenge,
            TurnCredentials credentials,
            String username,
            IntegrityKey key,
            Integrity integrity) {
        this.challenge = challenge;
        this.credentials = credentials;
        this.username = username;
        this.key = key;
        this.integrity = integrity;
    }

    /**
     * What comes of a challenge and our credentials.
     *
     * @param last the signature before, which may have the same key
     * @param integrity verifies
     */
    static Signature of(
            ServerChallenge challenge, TurnCredentials credentials, @Nullable Signature last, Integrity integrity) {
        if (last != null && last.credentials == credentials && last.challenge.hasSameKeyAs(challenge)) {
            return new Signature(challenge, credentials, last.username, last.key, integrity);
        }
        String username = OpaqueString.enforce(credentials.username()).orElse(credentials.username());
        return new Signature(challenge, credentials, username, key(challenge, credentials, username), integrity);
    }

    private static IntegrityKey key(ServerChallenge challenge, TurnCredentials credentials, String username) {
        if (credentials instanceof AccessToken token) {
            return token.key();
        }
        String password = ((TurnCredentials.LongTerm) credentials).password();
        PasswordAlgorithm algorithm = challenge.algorithm();
        if (challenge.offered().isEmpty()) { // RFC 5389 §15.4: SASLprep for the password, and the realm as it came
            return IntegrityKey.longTerm(algorithm, username, challenge.realmText(), password);
        }
        String realm = preparedRealm(challenge);
        // SASLprep, too, where OpaqueString refuses what somebody has typed.
        return OpaqueString.enforce(password)
                .map(prepared -> IntegrityKey.longTermPrepared(algorithm, username, realm, prepared))
                .orElseGet(() -> IntegrityKey.longTerm(algorithm, username, realm, password));
    }

    /** REALM as it goes into hashes (RFC 8489 §9.2.2, §14.4); on the wire it stays as the server has sent it. */
    private static String preparedRealm(ServerChallenge challenge) {
        return OpaqueString.enforce(challenge.realmText()).orElseGet(challenge::realmText);
    }

    ServerChallenge challenge() {
        return challenge;
    }

    boolean isOf(@Nullable TurnCredentials other) {
        return credentials == other;
    }

    @Override
    public boolean verifies(StunMessage answer) {
        return integrity.verify(answer, key);
    }

    @Override
    public void sign(StunWriter writer, StunMethod method) {
        if (credentials instanceof AccessToken token) {
            writer.put(USERNAME, username).putBytes(ACCESS_TOKEN, token.token());
        } else if (challenge.anonymous()) {
            writer.putBytes(USERHASH, PasswordAlgorithm.userHash(username, preparedRealm(challenge)));
        } else {
            writer.put(USERNAME, username);
        }
        writer.putBytes(REALM, challenge.realm()).putBytes(NONCE, challenge.nonce());
        if (challenge.offered().isEmpty()) {
            writer.integrity(key);
            return;
        }
        // A server that offers algorithms is authenticated with MESSAGE-INTEGRITY-SHA256 only (RFC 8489 §9.2.4).
        writer.put(PASSWORD_ALGORITHMS, challenge.offered())
                .put(PASSWORD_ALGORITHM, challenge.algorithm().choice())
                .integritySha256(key);
    }
}
