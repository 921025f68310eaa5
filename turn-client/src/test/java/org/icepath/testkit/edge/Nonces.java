// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.icepath.stun.auth.NonceCookie;

/** Nonces that need no memory: they carry their time, and a hash over it that only the server can make. */
final class Nonces {

    private static final int TIME_DIGITS = 16;
    private static final int PROOF_BYTES = 8;

    private final byte[] secret = new byte[16];
    private final long lifetime;
    private final String prefix;

    Nonces(EdgeConfig config, RandomGenerator random) {
        this(
                config.nonceLifetime(),
                config.sha256() ? NonceCookie.of(true, config.anonymous()).text() : "",
                random);
    }

    Nonces(Duration lifetime, RandomGenerator random) {
        this(lifetime, "", random);
    }

    private Nonces(Duration lifetime, String prefix, RandomGenerator random) {
        random.nextBytes(secret);
        this.lifetime = lifetime.toNanos();
        this.prefix = prefix;
    }

    String next(long now, InetSocketAddress client, int generation) {
        return prefix + String.format("%016x", now) + proof(now, client, generation);
    }

    boolean isGood(String nonce, long now, InetSocketAddress client, int generation) {
        if (nonce.length() != prefix.length() + TIME_DIGITS + 2 * PROOF_BYTES || !nonce.startsWith(prefix)) {
            return false;
        }
        String time = nonce.substring(prefix.length(), prefix.length() + TIME_DIGITS);
        try {
            long issued = Long.parseUnsignedLong(time, 16);
            return nonce.equals(next(issued, client, generation)) && now - issued < lifetime;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private String proof(long issued, InetSocketAddress client, int generation) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(secret);
            digest.update(ByteBuffer.allocate(12).putLong(0, issued).putInt(8, generation));
            digest.update(client.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(), 0, PROOF_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
