// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.ms.MsRealm;
import org.icepath.stun.ms.MsTurnAttributes;
import org.icepath.stun.ms.MsTurnDialect;
import org.icepath.stun.ms.MsTurnKey;
import org.icepath.turn.TurnSignature;

/**
 * A challenge, our credentials, and the key that comes of both. Realm and nonce stand in Allocate requests only; everything else has the
 * key of the challenge that the allocation was made with ([MS-TURN] §3.1.12, seen).
 */
final class MsSignature implements TurnSignature {

    private final MsChallenge challenge;
    private final MsCredentials credentials;
    private final boolean quoted;
    private final MsTurnDialect form;
    private final MsTurnKey key;
    private final StunMessage reader;
    private final Integrity integrity = new Integrity();

    /**
     * Makes one.
     *
     * @param quoted whether the realm is hashed with its quotation marks
     * @param ourVersion our MS-VERSION
     */
    MsSignature(MsChallenge challenge, MsCredentials credentials, boolean quoted, int ourVersion) {
        this.challenge = challenge;
        this.credentials = credentials;
        this.quoted = quoted;
        this.form = MsTurnDialect.between(ourVersion, challenge.version());
        this.reader = new StunMessage(form);
        MsRealm hashed = challenge.realm();
        String realm = quoted ? hashed.onTheWire() : hashed.unquoted();
        byte[] username = credentials.username();
        byte[] password = credentials.password();
        this.key = form == MsTurnDialect.SHA256
                ? MsTurnKey.sha256(username, realm, password, challenge.nonceBuffer())
                : MsTurnKey.sha1(username, realm, password);
    }

    MsChallenge challenge() {
        return challenge;
    }

    boolean isQuoted() {
        return quoted;
    }

    boolean isOf(MsCredentials other) {
        return credentials == other;
    }

    /** How messages with this signature are written. */
    MsTurnDialect form() {
        return form;
    }

    MsTurnKey key() {
        return key;
    }

    byte[] username() {
        return credentials.username();
    }

    @Override
    public void sign(StunWriter writer, StunMethod method) {
        if (method.equals(StunMethod.ALLOCATE)) {
            writer.putBytes(MsTurnAttributes.NONCE, challenge.nonce())
                    .putBytes(MsTurnAttributes.REALM, challenge.realmBytes());
        }
        writer.putBytes(MsTurnAttributes.USERNAME, credentials.username()).integrity(key);
    }

    /** In the form that both sides have agreed on, and in no other (specified). */
    @Override
    public boolean verifies(StunMessage answer) {
        int from = answer.offset();
        reader.wrap(answer.buffer().duplicate().limit(from + answer.length()).position(from));
        return integrity.verify(reader, key);
    }

    @Override
    public String toString() {
        return "MsSignature[" + form + "]";
    }
}
