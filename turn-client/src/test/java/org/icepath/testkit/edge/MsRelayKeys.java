// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a media relay authentication service and its Edge servers share: the keys of tokens and of passwords (seen). Immutable.
 *
 * <p>A user name is a token with an HMAC-SHA1 over it; the password is another HMAC-SHA1, over the user name.
 */
public final class MsRelayKeys {

    private static final String HMAC = "HmacSHA1";
    private static final int MAC_LENGTH = 20;
    private static final int CLIENT = 12;
    private static final int FIRST_LENGTH = 32;
    private static final int SECOND_LENGTH = 36;
    private static final Instant FILETIME_EPOCH = Instant.parse("1601-01-01T00:00:00Z");
    private static final long UNITS_A_SECOND = 10_000_000;

    private final byte[] tokenKey;
    private final byte[] passwordKey;

    private MsRelayKeys(byte[] tokenKey, byte[] passwordKey) {
        this.tokenKey = tokenKey;
        this.passwordKey = passwordKey;
    }

    /** Keys of these texts. */
    public static MsRelayKeys of(String tokenKey, String passwordKey) {
        return new MsRelayKeys(tokenKey.getBytes(StandardCharsets.UTF_8), passwordKey.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A user name that is good until {@code expiry}.
     *
     * @param major 1 for 52 bytes, 2 for 56
     */
    public byte[] username(String identity, Instant expiry, int major) {
        int length = major == 1 ? FIRST_LENGTH : SECOND_LENGTH;
        long units = Duration.between(FILETIME_EPOCH, expiry).toSeconds() * UNITS_A_SECOND;
        byte[] token = ByteBuffer.allocate(length)
                .put((byte) major)
                .put((byte) 0)
                .putShort((short) length)
                .putInt((int) units)
                .putInt((int) (units >>> 32))
                .put(mac(tokenKey, identity.getBytes(StandardCharsets.UTF_8)))
                .array();
        return ByteBuffer.allocate(length + MAC_LENGTH)
                .put(token)
                .put(mac(tokenKey, token))
                .array();
    }

    /** The password of a user name. */
    public byte[] password(byte[] username) {
        return mac(passwordKey, username);
    }

    /** Whether the service has made that user name, and it is good at that time. */
    boolean isGood(byte[] username, Instant at) {
        int length = username.length - MAC_LENGTH;
        if (length != FIRST_LENGTH && length != SECOND_LENGTH) {
            return false;
        }
        byte[] token = Arrays.copyOf(username, length);
        byte[] proof = Arrays.copyOfRange(username, length, username.length);
        ByteBuffer fields = ByteBuffer.wrap(token);
        boolean known = fields.get(0) == (length == FIRST_LENGTH ? 1 : 2) && fields.getShort(2) == length;
        long units = (fields.getInt(4) & 0xFFFFFFFFL) | (long) fields.getInt(8) << 32;
        Instant expiry = FILETIME_EPOCH.plusSeconds(units / UNITS_A_SECOND);
        return known && MessageDigest.isEqual(proof, mac(tokenKey, token)) && at.isBefore(expiry);
    }

    /** Whose token a user name is: the same for all tokens of one identity. */
    static String client(byte[] username) {
        int end = Math.min(username.length, CLIENT + MAC_LENGTH);
        return HexFormat.of().formatHex(username, Math.min(CLIENT, end), end);
    }

    private static byte[] mac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }

    @Override
    public String toString() {
        return "MsRelayKeys";
    }
}
