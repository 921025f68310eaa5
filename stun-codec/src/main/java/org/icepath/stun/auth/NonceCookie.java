// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.auth;

import java.util.Base64;
import java.util.Optional;

/**
 * What the first 13 characters of a nonce say about the server (RFC 8489 §9.2).
 *
 * <p>They protect the server's offer: whoever strips PASSWORD-ALGORITHMS on the way would have to change the nonce too, and the
 * server would notice.
 *
 * @param features 24 bits; bit 0 is the lowest (RFC 8489 §18.1)
 */
public record NonceCookie(int features) {

    private static final String PREFIX = "obMatJos2";
    private static final int LENGTH = PREFIX.length() + 4;
    private static final int PASSWORD_ALGORITHMS = 1;
    private static final int USERNAME_ANONYMITY = 2;

    public NonceCookie {
        if (features >>> 24 != 0) {
            throw new IllegalArgumentException("features " + Integer.toHexString(features) + " have more than 24 bits");
        }
    }

    /** A cookie with these features. */
    public static NonceCookie of(boolean passwordAlgorithms, boolean usernameAnonymity) {
        return new NonceCookie(
                (passwordAlgorithms ? PASSWORD_ALGORITHMS : 0) | (usernameAnonymity ? USERNAME_ANONYMITY : 0));
    }

    /** The cookie of a nonce, empty when it has none or a broken one. */
    public static Optional<NonceCookie> of(String nonce) {
        if (nonce.length() < LENGTH || !nonce.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            byte[] bits = Base64.getDecoder().decode(nonce.substring(PREFIX.length(), LENGTH));
            return bits.length == 3
                    ? Optional.of(new NonceCookie((bits[0] & 0xFF) << 16 | (bits[1] & 0xFF) << 8 | (bits[2] & 0xFF)))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether the server sends PASSWORD-ALGORITHMS: a challenge without them was tampered with. */
    public boolean passwordAlgorithms() {
        return (features & PASSWORD_ALGORITHMS) != 0;
    }

    /** Whether the server takes USERHASH in place of USERNAME. */
    public boolean usernameAnonymity() {
        return (features & USERNAME_ANONYMITY) != 0;
    }

    /** The 13 characters; the rest of the nonce follows them. */
    public String text() {
        byte[] bits = {(byte) (features >>> 16), (byte) (features >>> 8), (byte) features};
        return PREFIX + Base64.getEncoder().encodeToString(bits);
    }
}
