// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.util.Optional;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunMessage;
import org.icepath.stun.auth.Integrity;
import org.jspecify.annotations.Nullable;

/** The long-term credential mechanism as a client follows it (RFC 8489 §9.2, RFC 7635 §4). Not thread-safe. */
final class LongTermAuthentication implements TurnAuthentication {

    private final Integrity integrity = new Integrity();
    private @Nullable TurnCredentials credentials;
    private @Nullable ServerChallenge challenge;
    private @Nullable Signature current;

    LongTermAuthentication(TurnServer server) {
        this.credentials =
                server.hasCredentials() ? TurnCredentials.longTerm(server.username(), server.password()) : null;
    }

    @Override
    public TurnSignature current() {
        Signature known = current;
        return known == null ? TurnSignature.NONE : known;
    }

    @Override
    public boolean hasCredentials() {
        return credentials != null;
    }

    @Override
    public void use(TurnCredentials next) {
        credentials = next;
        renew();
    }

    @Override
    public void reset() {
        challenge = null;
        current = null;
    }

    @Override
    public boolean isChallenge(int code) {
        return code == ErrorCode.UNAUTHENTICATED || code == ErrorCode.STALE_NONCE;
    }

    @Override
    public Challenge challenged(StunMessage answer, TurnSignature refused) {
        Optional<ServerChallenge> read = ServerChallenge.read(answer, challenge);
        if (read.isEmpty()) {
            return Challenge.UNUSABLE;
        }
        challenge = read.get();
        renew();
        boolean same = refused instanceof Signature signed
                && signed.isOf(credentials)
                && signed.challenge().isSameAs(read.get());
        return same ? Challenge.SAME : Challenge.NEW;
    }

    private void renew() {
        ServerChallenge latest = challenge;
        TurnCredentials known = credentials;
        current = latest == null || known == null ? null : Signature.of(latest, known, current, integrity);
    }

    @Override
    public String realm() {
        ServerChallenge latest = challenge;
        return latest == null ? "" : latest.realmText();
    }

    @Override
    public String authorizationServer() {
        ServerChallenge latest = challenge;
        return latest == null ? "" : latest.authorizationServer();
    }
}
