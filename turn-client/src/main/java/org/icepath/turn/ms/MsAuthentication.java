// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import java.util.Optional;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunMessage;
import org.icepath.turn.TurnAuthentication;
import org.icepath.turn.TurnCredentials;
import org.icepath.turn.TurnServer;
import org.icepath.turn.TurnSignature;
import org.jspecify.annotations.Nullable;

/**
 * The long-term credential mechanism of MS-TURN as a client follows it ([MS-TURN] §3.1.12).
 *
 * <p>A realm in quotation marks has two readings, and which one an Edge hashes is not known: the first is given up for the other one
 * when the server says that the integrity is wrong, or refuses it twice, and then there is no way back (inferred).
 */
final class MsAuthentication implements TurnAuthentication {

    private static final int REFUSALS = 2;

    private final MsTurn dialect;
    private @Nullable MsCredentials credentials;
    private @Nullable MsChallenge challenge;
    private @Nullable MsSignature current;
    private boolean quoted;
    private boolean proven;
    private boolean switched;
    private int refusals;

    MsAuthentication(MsTurn dialect, TurnServer server) {
        this.dialect = dialect;
        this.quoted = dialect.quotedRealmFirst();
        this.credentials = server.hasCredentials()
                ? MsCredentials.of(TurnCredentials.longTerm(server.username(), server.password()))
                : null;
    }

    @Override
    public TurnSignature current() {
        MsSignature known = current;
        return known == null ? TurnSignature.NONE : known;
    }

    /** What requests are signed with; null before a challenge. */
    @Nullable
    MsSignature signature() {
        return current;
    }

    @Override
    public boolean hasCredentials() {
        return credentials != null;
    }

    @Override
    public void use(TurnCredentials next) {
        credentials = MsCredentials.of(next);
        refusals = 0;
        renew();
    }

    @Override
    public void reset() {
        challenge = null;
        current = null;
        proven = false;
        switched = false;
        refusals = 0;
        quoted = dialect.quotedRealmFirst();
    }

    @Override
    public boolean isChallenge(int code) {
        return MsTurnError.of(code).map(MsTurnError::asksForAuthentication).orElse(false);
    }

    @Override
    public Challenge challenged(StunMessage answer, TurnSignature refused) {
        int code = answer.get(Attributes.ERROR_CODE).map(ErrorCode::code).orElse(0);
        Optional<MsChallenge> read = MsChallenge.read(answer, challenge);
        if (read.isEmpty()) {
            return Challenge.UNUSABLE;
        }
        challenge = read.get();
        boolean worth = !(refused instanceof MsSignature signed) || isWorthAnother(signed, code, read.get());
        renew();
        return worth ? Challenge.NEW : Challenge.SAME;
    }

    private boolean isWorthAnother(MsSignature refused, int code, MsChallenge now) {
        MsCredentials known = credentials;
        if (known == null || !refused.isOf(known) || !now.hasRealmOf(refused.challenge())) {
            return true;
        }
        boolean otherNonce = !now.hasNonceOf(refused.challenge());
        if (code == MsTurnError.STALE_NONCE.code()) {
            return otherNonce;
        }
        if (code != MsTurnError.UNAUTHORIZED.code() && code != MsTurnError.INTEGRITY_CHECK_FAILURE.code()) {
            return false; // it knows who we are not, or what it wants to know stands in the request
        }
        boolean mayBeStale = otherNonce && code == MsTurnError.UNAUTHORIZED.code();
        refusals += mayBeStale ? 1 : REFUSALS;
        return refusals < REFUSALS || readOtherwise(now);
    }

    private boolean readOtherwise(MsChallenge now) {
        if (proven || switched || !now.realm().isQuoted()) {
            return false;
        }
        switched = true;
        quoted = !quoted;
        refusals = 0;
        return true;
    }

    /** The server has answered something that is signed: it hashes what we hash. */
    void proven() {
        proven = current != null;
        refusals = 0;
    }

    private void renew() {
        MsChallenge latest = challenge;
        MsCredentials known = credentials;
        current = latest == null || known == null ? null : new MsSignature(latest, known, quoted, dialect.version());
    }

    @Override
    public String realm() {
        MsChallenge latest = challenge;
        return latest == null ? "" : latest.realm().unquoted();
    }

    @Override
    public String authorizationServer() {
        return "";
    }
}
