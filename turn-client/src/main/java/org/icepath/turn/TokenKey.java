// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The long-term key that an authorization server shares with a TURN server: makes tokens of AES-GCM and opens them (RFC 7635 §6.2).
 *
 * <p>For whoever is the authorization server himself, as a call server often is, and for tests of TURN servers. Immutable and
 * thread-safe; printing it shows no key.
 *
 * <pre>
 *  0                   1                   2                   3
 *  |       nonce length (12)       |            nonce ...
 *  |       key length              |            session key ...      \
 *  |                      timestamp (64 bits)                        |  encrypted,
 *  |                      lifetime in seconds                        /  then 16 bytes of tag
 * </pre>
 */
public final class TokenKey {

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int TIMES_BYTES = 12; // timestamp and lifetime
    private static final int LONGEST_SESSION_KEY = 128;
    private static final int SESSION_KEY_LENGTH = 20;
    private static final int SESSION_KEY_STRENGTH = 16;
    private static final long LONGEST_TOKEN = 1_024;
    private static final long TICKS = 64_000; // of a second, in the lower 16 bits of a timestamp
    private static final long NANOS = 1_000_000_000;

    private final String id;
    private final SecretKey key;

    /**
     * What a token holds.
     *
     * @param sessionKey signs the requests that come with the token
     * @param issuedAt when the token was made
     * @param lifetime for how long it is good
     */
    public record Contents(SessionKey sessionKey, Instant issuedAt, Duration lifetime) {

        /** Whether the token is good at this time, with five seconds for clocks that differ (RFC 7635 §4.1.2). */
        public boolean isGoodAt(Instant time) {
            Duration leeway = Duration.ofSeconds(5);
            return !time.isBefore(issuedAt.minus(leeway))
                    && time.isBefore(issuedAt.plus(lifetime).plus(leeway));
        }
    }

    /** The bytes of a session key; immutable, and never printed. */
    public static final class SessionKey {

        private final byte[] bytes;

        private SessionKey(byte[] bytes) {
            this.bytes = bytes;
        }

        /** A copy of the key. */
        public byte[] bytes() {
            return bytes.clone();
        }
    }

    private TokenKey(String id, SecretKey key) {
        this.id = id;
        this.key = key;
    }

    /**
     * A key that both servers have.
     *
     * @param keyId its name, {@code kid}
     * @param key 16 bytes for A128GCM, 32 for A256GCM; copied
     */
    public static TokenKey of(String keyId, byte[] key) {
        Objects.requireNonNull(keyId, "keyId");
        if (key.length != 16 && key.length != 32) {
            throw new IllegalArgumentException("an AES key of " + key.length + " bytes, where 16 or 32 were expected");
        }
        return new TokenKey(keyId, new SecretKeySpec(key, "AES"));
    }

    /**
     * A fresh session key for a token: 20 bytes, as HMAC-SHA-1 has them. The last four are zero, which an HMAC does not see: coturn (seen:
     * 4.6.1) takes the first 16 for the key.
     *
     * @param random cryptographically strong outside of tests
     */
    public static byte[] newSessionKey(RandomGenerator random) {
        byte[] strong = new byte[SESSION_KEY_STRENGTH];
        random.nextBytes(strong);
        return Arrays.copyOf(strong, SESSION_KEY_LENGTH);
    }

    /** {@code kid}. */
    public String id() {
        return id;
    }

    /**
     * Makes a token.
     *
     * @param serverName of the TURN server, as its THIRD-PARTY-AUTHORIZATION says
     * @param sessionKey 1 to 128 bytes, fresh for each token; {@link #newSessionKey} makes one
     * @param lifetime whole seconds
     * @param random draws the nonce; cryptographically strong outside of tests, since no nonce may come twice under one key
     */
    public AccessToken seal(
            String serverName, byte[] sessionKey, Instant issuedAt, Duration lifetime, RandomGenerator random) {
        if (sessionKey.length == 0 || sessionKey.length > LONGEST_SESSION_KEY) {
            throw new IllegalArgumentException("a session key of " + sessionKey.length + " bytes");
        }
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        ByteBuffer plain = ByteBuffer.allocate(Short.BYTES + sessionKey.length + TIMES_BYTES)
                .putShort((short) sessionKey.length)
                .put(sessionKey)
                .putLong(timestamp(issuedAt))
                .putInt(Math.toIntExact(lifetime.toSeconds()));
        byte[] sealed = aead(Cipher.ENCRYPT_MODE, serverName, nonce, plain.array())
                .orElseThrow(() -> new IllegalStateException("every Java platform has AES-GCM"));
        ByteBuffer token = ByteBuffer.allocate(Short.BYTES + NONCE_BYTES + sealed.length)
                .putShort((short) NONCE_BYTES)
                .put(nonce)
                .put(sealed);
        return AccessToken.of(id, token.array(), sessionKey);
    }

    /**
     * Opens a token, as the TURN server does.
     *
     * @param token from position to limit; not changed
     * @return empty if it was not made with this key for this server, or is cut or changed
     */
    public Optional<Contents> open(String serverName, ByteBuffer token) {
        ByteBuffer in = token.duplicate();
        if (in.remaining() > LONGEST_TOKEN || in.remaining() < Short.BYTES + NONCE_BYTES + TAG_BITS / Byte.SIZE) {
            return Optional.empty();
        }
        if (in.getShort() != NONCE_BYTES) {
            return Optional.empty();
        }
        byte[] nonce = new byte[NONCE_BYTES];
        byte[] sealed = new byte[in.remaining() - NONCE_BYTES];
        in.get(nonce).get(sealed);
        return aead(Cipher.DECRYPT_MODE, serverName, nonce, sealed).flatMap(TokenKey::read);
    }

    private static Optional<Contents> read(byte[] plain) {
        ByteBuffer in = ByteBuffer.wrap(plain);
        int length = in.remaining() < Short.BYTES ? 0 : Short.toUnsignedInt(in.getShort());
        if (length == 0 || in.remaining() != length + TIMES_BYTES) {
            return Optional.empty();
        }
        byte[] sessionKey = new byte[length];
        in.get(sessionKey);
        long timestamp = in.getLong();
        Instant issuedAt = Instant.ofEpochSecond(timestamp >>> Short.SIZE, (timestamp & 0xFFFF) * NANOS / TICKS);
        Duration lifetime = Duration.ofSeconds(Integer.toUnsignedLong(in.getInt()));
        return Optional.of(new Contents(new SessionKey(sessionKey), issuedAt, lifetime));
    }

    private static long timestamp(Instant time) {
        return time.getEpochSecond() << Short.SIZE | time.getNano() * TICKS / NANOS;
    }

    private Optional<byte[]> aead(int mode, String serverName, byte[] nonce, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(serverName.getBytes(UTF_8));
            return Optional.of(cipher.doFinal(input));
        } catch (GeneralSecurityException notOurs) {
            return Optional.empty();
        }
    }

    /** Which key it is, and nothing of it. */
    @Override
    public String toString() {
        return "TokenKey[" + id + "]";
    }
}
