// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.icepath.stun.Attributes.NONCE;
import static org.icepath.stun.Attributes.PASSWORD_ALGORITHM;
import static org.icepath.stun.Attributes.PASSWORD_ALGORITHMS;
import static org.icepath.stun.Attributes.REALM;
import static org.icepath.stun.Attributes.USERNAME;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.icepath.stun.AlgorithmChoice;
import org.icepath.stun.Attribute;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.auth.IntegrityKey;
import org.icepath.stun.auth.NonceCookie;
import org.icepath.stun.auth.PasswordAlgorithm;
import org.jspecify.annotations.Nullable;

/**
 * The long-term credential mechanism as a client follows it (RFC 8489 §9.2). Not thread-safe.
 *
 * <p>Realm and nonce are echoed byte for byte, even where they are longer than the standard lets us write: what the server made up
 * is the server's affair.
 */
final class LongTermAuthentication {

    /** What a challenge (401 or 438) brought. */
    enum Challenge {
        /** A realm or nonce that the refused request did not have: it is worth another try. */
        NEW,
        /** What the refused request had already: the credentials are wrong. */
        SAME,
        /** It lacks what it must have, or somebody took the better algorithms out (RFC 8489 §9.2.5): as if it never came. */
        UNUSABLE
    }

    /** What a request is signed with, and its answer verified: the challenge of a server, and the key that comes of it. */
    static final class Signature {

        private final IntegrityKey key;
        private final byte[] realm;
        private final byte[] nonce;
        private final List<AlgorithmChoice> offered; // to be repeated; empty for a server that offers none
        private final PasswordAlgorithm algorithm;

        private Signature(
                IntegrityKey key,
                byte[] realm,
                byte[] nonce,
                List<AlgorithmChoice> offered,
                PasswordAlgorithm algorithm) {
            this.key = key;
            this.realm = realm;
            this.nonce = nonce;
            this.offered = offered;
            this.algorithm = algorithm;
        }

        private boolean sameChallenge(Signature other) {
            return Arrays.equals(realm, other.realm) && Arrays.equals(nonce, other.nonce);
        }

        private boolean sameKey(byte[] otherRealm, PasswordAlgorithm otherAlgorithm) {
            return Arrays.equals(realm, otherRealm) && algorithm == otherAlgorithm;
        }
    }

    private final String username;
    private final String password;
    private final Integrity integrity = new Integrity();
    private @Nullable Signature current;

    LongTermAuthentication(TurnServer server) {
        this.username = server.username();
        this.password = server.password();
    }

    /** What requests are signed with now; null before the first challenge. */
    @Nullable
    Signature current() {
        return current;
    }

    boolean hasCredentials() {
        return !username.isEmpty();
    }

    /** Forgets what a server said; another server has its own realm. */
    void reset() {
        current = null;
    }

    /**
     * Takes an answer 401 or 438.
     *
     * @param refused what the request was signed with, null if it was not
     */
    Challenge challenged(StunMessage answer, @Nullable Signature refused) {
        byte[] nonce = bytes(answer, NONCE);
        byte[] realm = bytes(answer, REALM);
        if (realm.length == 0 && current != null) {
            realm = current.realm; // a stale nonce need not repeat the realm
        }
        if (nonce.length == 0 || realm.length == 0) {
            return Challenge.UNUSABLE;
        }
        List<AlgorithmChoice> offered = answer.get(PASSWORD_ALGORITHMS).orElse(List.of());
        boolean promised = answer.get(NONCE)
                .flatMap(NonceCookie::of)
                .map(NonceCookie::passwordAlgorithms)
                .orElse(false);
        Optional<PasswordAlgorithm> algorithm =
                promised ? PasswordAlgorithm.firstKnown(offered) : Optional.of(PasswordAlgorithm.MD5);
        if (algorithm.isEmpty()) {
            return Challenge.UNUSABLE;
        }
        Signature next = signature(realm, nonce, promised ? offered : List.of(), algorithm.get());
        current = next;
        return refused != null && refused.sameChallenge(next) ? Challenge.SAME : Challenge.NEW;
    }

    private Signature signature(
            byte[] realm, byte[] nonce, List<AlgorithmChoice> offered, PasswordAlgorithm algorithm) {
        Signature last = current;
        IntegrityKey key = last != null && last.sameKey(realm, algorithm)
                ? last.key
                : IntegrityKey.longTerm(algorithm, username, utf8(realm), password);
        return new Signature(key, realm, nonce, offered, algorithm);
    }

    /** Closes a request with credentials and integrity. */
    void sign(StunWriter writer, Signature signature) {
        writer.put(USERNAME, username).putBytes(REALM, signature.realm).putBytes(NONCE, signature.nonce);
        if (signature.offered.isEmpty()) {
            writer.integrity(signature.key);
            return;
        }
        // A server that offers algorithms is authenticated with MESSAGE-INTEGRITY-SHA256 only (RFC 8489 §9.2.4).
        writer.put(PASSWORD_ALGORITHMS, signature.offered)
                .put(PASSWORD_ALGORITHM, signature.algorithm.choice())
                .integritySha256(signature.key);
    }

    /** Whether an answer proves that its sender has the key. */
    boolean verifies(StunMessage answer, Signature signature) {
        return integrity.verify(answer, signature.key);
    }

    private static byte[] bytes(StunMessage message, Attribute<?> attribute) {
        int length = message.length(attribute);
        byte[] value = new byte[Math.max(0, length)];
        if (length > 0) {
            message.buffer().get(message.offset(attribute), value);
        }
        return value;
    }

    private static String utf8(byte[] text) {
        return UTF_8.decode(ByteBuffer.wrap(text)).toString();
    }
}
