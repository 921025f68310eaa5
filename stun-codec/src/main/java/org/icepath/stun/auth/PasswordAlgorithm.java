// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.icepath.stun.AlgorithmChoice;

/** The algorithms that make a long-term key (RFC 8489 §18.5). */
public enum PasswordAlgorithm {
    MD5(0x0001, "MD5"),
    SHA256(0x0002, "SHA-256");

    private final AlgorithmChoice choice;
    private final String digestName;

    PasswordAlgorithm(int code, String digestName) {
        this.choice = AlgorithmChoice.of(code);
        this.digestName = digestName;
    }

    /** How it is named on the wire. */
    public AlgorithmChoice choice() {
        return choice;
    }

    /** The first of an offered list that is known and comes without parameters, as a client chooses (RFC 8489 §9.2.4). */
    public static Optional<PasswordAlgorithm> firstKnown(List<AlgorithmChoice> offered) {
        return offered.stream()
                .flatMap(offer -> Arrays.stream(values()).filter(known -> known.choice.equals(offer)))
                .findFirst();
    }

    /** The value of USERHASH: SHA-256 of user name and realm (RFC 8489 §14.4); 32 bytes. */
    public static byte[] userHash(String username, String realm) {
        return SHA256.hash((username + ':' + realm).getBytes(StandardCharsets.UTF_8));
    }

    byte[] hash(byte[] text) {
        try {
            return MessageDigest.getInstance(digestName).digest(text);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + digestName, e);
        }
    }
}
