// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.icepath.stun.Attributes.NONCE;
import static org.icepath.stun.Attributes.PASSWORD_ALGORITHMS;
import static org.icepath.stun.Attributes.REALM;
import static org.icepath.stun.Attributes.THIRD_PARTY_AUTHORIZATION;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.icepath.stun.AlgorithmChoice;
import org.icepath.stun.StunMessage;
import org.icepath.stun.auth.NonceCookie;
import org.icepath.stun.auth.PasswordAlgorithm;
import org.jspecify.annotations.Nullable;

/**
 * What a server said in a 401 or 438 (RFC 8489 §9.2.4). Immutable.
 *
 * <p>Realm and nonce are echoed byte for byte, even where they are longer than the standard lets us write: what the server made up
 * is the server's affair.
 */
final class ServerChallenge {

    private final byte[] realm;
    private final byte[] nonce;
    private final List<AlgorithmChoice> offered;
    private final PasswordAlgorithm algorithm;
    private final boolean anonymous;
    private final String authorizationServer;

    private ServerChallenge(
            byte[] realm,
            byte[] nonce,
            List<AlgorithmChoice> offered,
            PasswordAlgorithm algorithm,
            boolean anonymous,
            String authorizationServer) {
        this.realm = realm;
        this.nonce = nonce;
        this.offered = offered;
        this.algorithm = algorithm;
        this.anonymous = anonymous;
        this.authorizationServer = authorizationServer;
    }

    /** Whether somebody took the password algorithms out that the nonce promises, of whatever answer (RFC 8489 §9.2.1, §9.2.5). */
    static boolean lacksPromisedAlgorithms(StunMessage answer) {
        return !answer.has(PASSWORD_ALGORITHMS)
                && answer.has(NONCE)
                && answer.get(NONCE)
                        .flatMap(NonceCookie::of)
                        .map(NonceCookie::passwordAlgorithms)
                        .orElse(false);
    }

    /**
     * Reads a challenge; empty when it lacks what it must have, or when somebody took the better algorithms out (RFC 8489 §9.2.5).
     *
     * @param last the challenge before: a stale nonce need not repeat the realm
     */
    static Optional<ServerChallenge> read(StunMessage answer, @Nullable ServerChallenge last) {
        byte[] nonce = answer.valueBytes(NONCE);
        byte[] realm = answer.valueBytes(REALM);
        if (realm.length == 0 && last != null) {
            realm = last.realm;
        }
        if (nonce.length == 0 || realm.length == 0) {
            return Optional.empty();
        }
        Optional<NonceCookie> cookie = answer.get(NONCE).flatMap(NonceCookie::of);
        boolean promised = cookie.map(NonceCookie::passwordAlgorithms).orElse(false);
        // Taken up whether the nonce promises it or not: without the promise nobody can tell that it was taken out.
        List<AlgorithmChoice> offered = answer.get(PASSWORD_ALGORITHMS).orElse(List.of());
        boolean offers = promised || answer.has(PASSWORD_ALGORITHMS);
        Optional<PasswordAlgorithm> algorithm =
                offers ? PasswordAlgorithm.firstKnown(offered) : Optional.of(PasswordAlgorithm.MD5);
        if (algorithm.isEmpty()) {
            return Optional.empty();
        }
        boolean anonymous = cookie.map(NonceCookie::usernameAnonymity).orElse(false);
        String authorizationServer = answer.get(THIRD_PARTY_AUTHORIZATION).orElse("");
        return Optional.of(new ServerChallenge(realm, nonce, offered, algorithm.get(), anonymous, authorizationServer));
    }

    /** REALM as it came; not to be changed. */
    byte[] realm() {
        return realm;
    }

    /** REALM as text. */
    String realmText() {
        return UTF_8.decode(ByteBuffer.wrap(realm)).toString();
    }

    /** NONCE as it came; not to be changed. */
    byte[] nonce() {
        return nonce;
    }

    /** To be repeated; empty for a server of RFC 5389, which offers none. */
    List<AlgorithmChoice> offered() {
        return offered;
    }

    /** The first that was offered and is known. */
    PasswordAlgorithm algorithm() {
        return algorithm;
    }

    /** Whether USERHASH must stand in the place of USERNAME (RFC 8489 §9.2.4). */
    boolean anonymous() {
        return anonymous;
    }

    /** Which server a token must be made for (RFC 7635 §6.1); empty where the server takes none. */
    String authorizationServer() {
        return authorizationServer;
    }

    boolean isSameAs(ServerChallenge other) {
        return Arrays.equals(realm, other.realm) && Arrays.equals(nonce, other.nonce);
    }

    /** Whether the same key comes of both. */
    boolean hasSameKeyAs(ServerChallenge other) {
        return Arrays.equals(realm, other.realm) && algorithm == other.algorithm;
    }
}
