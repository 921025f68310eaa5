// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.icepath.stun.StunMessage;
import org.icepath.stun.ms.MsRealm;
import org.icepath.stun.ms.MsTurnAttributes;
import org.jspecify.annotations.Nullable;

/**
 * What a server said when it asked for authentication ([MS-TURN] §3.1.12, §3.3.5.1). Immutable.
 *
 * @param realmBytes REALM as it came; not to be changed
 * @param nonce NONCE as it came; not to be changed
 * @param version the server's MS-VERSION, 0 if it has said none
 */
record MsChallenge(MsRealm realm, byte[] realmBytes, byte[] nonce, long version) {

    /**
     * Reads a challenge; empty when nothing is known of realm or nonce.
     *
     * @param last the one before: errors other than 401 need not repeat what it said (seen)
     */
    static Optional<MsChallenge> read(StunMessage answer, @Nullable MsChallenge last) {
        byte[] nonce = answer.valueBytes(MsTurnAttributes.NONCE);
        Optional<String> realm = answer.get(MsTurnAttributes.REALM);
        long version = answer.uint32(MsTurnAttributes.MS_VERSION, last == null ? 0 : last.version);
        if (last != null) {
            return Optional.of(new MsChallenge(
                    realm.map(MsRealm::new).orElse(last.realm),
                    realm.isPresent() ? answer.valueBytes(MsTurnAttributes.REALM) : last.realmBytes,
                    nonce.length == 0 ? last.nonce : nonce,
                    version));
        }
        return nonce.length == 0 || realm.isEmpty()
                ? Optional.empty()
                : Optional.of(new MsChallenge(
                        new MsRealm(realm.get()), answer.valueBytes(MsTurnAttributes.REALM), nonce, version));
    }

    ByteBuffer nonceBuffer() {
        return ByteBuffer.wrap(nonce);
    }

    boolean hasNonceOf(MsChallenge other) {
        return Arrays.equals(nonce, other.nonce);
    }

    boolean hasRealmOf(MsChallenge other) {
        return Arrays.equals(realmBytes, other.realmBytes);
    }

    @Override
    public String toString() {
        return "MsChallenge[" + realm + ", version " + version + "]";
    }
}
