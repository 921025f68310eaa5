// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.icepath.stun.hmac.HmacKey;

/**
 * The long-term key of MESSAGE-INTEGRITY in MS-TURN. User name and password are bytes, not text: those that a media relay
 * authentication service gave, after base64.
 *
 * <p>Immutable and thread-safe; printing it shows nothing.
 */
public final class MsTurnKey extends HmacKey {

    private static final String HMAC_SHA256 = "HmacSHA256";
    private static final byte[] LABEL = {1, 'T', 'U', 'R', 'N', 0};
    private static final byte[] BITS = {0, 0, 1, 0};

    private MsTurnKey(byte[] key) {
        super(key);
    }

    /**
     * The key of {@link MsTurnDialect#SHA1}: MD5 of name, realm and password with colons between them (seen).
     *
     * @param realm as it is hashed; whether a server means its quotation marks is not known, {@link MsRealm} has both readings
     */
    public static MsTurnKey sha1(byte[] username, String realm, byte[] password) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes(username);
        text.write(':');
        text.writeBytes(realm.getBytes(StandardCharsets.UTF_8));
        text.write(':');
        text.writeBytes(password);
        try {
            return new MsTurnKey(MessageDigest.getInstance("MD5").digest(text.toByteArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /**
     * The key of {@link MsTurnDialect#SHA256}: one round of a counter-mode derivation (SP 800-108) whose key depends on the nonce.
     * Requests that carry no NONCE use that of the challenge which the allocation was made with (inferred).
     *
     * @param nonce the bytes of the challenge's NONCE, from position to limit; not changed
     */
    public static MsTurnKey sha256(byte[] username, String realm, byte[] password, ByteBuffer nonce) {
        byte[] nonceBytes = new byte[nonce.remaining()];
        nonce.duplicate().get(nonceBytes);
        ByteArrayOutputStream context = new ByteArrayOutputStream();
        context.writeBytes(LABEL);
        context.writeBytes(username);
        context.writeBytes(realm.getBytes(StandardCharsets.UTF_8));
        context.writeBytes(BITS);
        return new MsTurnKey(hmac(hmac(nonceBytes, password), context.toByteArray()));
    }

    private static byte[] hmac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance(HMAC_SHA256);
            mac.init(new SecretKeySpec(key, HMAC_SHA256));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC_SHA256, e);
        }
    }

    /** Says that it is a key, and nothing of it. */
    @Override
    public String toString() {
        return "MsTurnKey";
    }
}
