// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.util.Optional;
import org.icepath.stun.StunMessage;
import org.icepath.stun.auth.Integrity;
import org.jspecify.annotations.Nullable;

/** The long-term credential mechanism as a client follows it (RFC 8489 §9.2, RFC 7635 §4). Not thread-safe. */
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

    private final Integrity integrity = new Integrity();
    private @Nullable TurnCredentials credentials;
    private @Nullable ServerChallenge challenge;
    private @Nullable Signature current;

    LongTermAuthentication(TurnServer server) {
        this.credentials =
                server.hasCredentials() ? TurnCredentials.longTerm(server.username(), server.password()) : null;
    }

    /** What requests are signed with now; null before the first challenge, and without credentials. */
    @Nullable
    Signature current() {
        return current;
    }

    boolean hasCredentials() {
        return credentials != null;
    }

    /** Signs with other credentials from now on. */
    void use(TurnCredentials next) {
        credentials = next;
        renew();
    }

    /** Forgets what a server said; another server has its own realm. */
    void reset() {
        challenge = null;
        current = null;
    }

    /**
     * Takes an answer 401 or 438.
     *
     * @param refused what the request was signed with, null if it was not
     */
    Challenge challenged(StunMessage answer, @Nullable Signature refused) {
        Optional<ServerChallenge> read = ServerChallenge.read(answer, challenge);
        if (read.isEmpty()) {
            return Challenge.UNUSABLE;
        }
        challenge = read.get();
        renew();
        boolean same = refused != null
                && refused.isOf(credentials)
                && refused.challenge().isSameAs(read.get());
        return same ? Challenge.SAME : Challenge.NEW;
    }

    private void renew() {
        ServerChallenge latest = challenge;
        TurnCredentials known = credentials;
        current = latest == null || known == null ? null : Signature.of(latest, known, current);
    }

    /** The realm of the last challenge, empty before. */
    String realm() {
        ServerChallenge latest = challenge;
        return latest == null ? "" : latest.realmText();
    }

    /** Which server a token would have to be made for (RFC 7635 §6.1), empty where none is taken. */
    String authorizationServer() {
        ServerChallenge latest = challenge;
        return latest == null ? "" : latest.authorizationServer();
    }

    /** Whether an answer proves that its sender has the key. */
    boolean verifies(StunMessage answer, Signature signature) {
        return integrity.verify(answer, signature.key());
    }
}
