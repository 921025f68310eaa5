// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.util.List;

/**
 * An algorithm that makes a key of a password, as it is named on the wire (RFC 8489 §14.11, §14.12).
 *
 * @param algorithm an open code point, 0 to 65535; {@code org.icepath.stun.auth.PasswordAlgorithm} has the known ones
 * @param parameters one value from 0 to 255 for each byte; empty for all known algorithms
 */
public record AlgorithmChoice(int algorithm, List<Integer> parameters) {

    public AlgorithmChoice {
        parameters = List.copyOf(parameters);
        if (algorithm < 0 || algorithm > 0xFFFF) {
            throw new IllegalArgumentException("algorithm " + algorithm + " has more than 16 bits");
        }
        if (parameters.stream().anyMatch(octet -> octet < 0 || octet > 0xFF)) {
            throw new IllegalArgumentException("a parameter is made of bytes");
        }
    }

    /** An algorithm without parameters. */
    public static AlgorithmChoice of(int algorithm) {
        return new AlgorithmChoice(algorithm, List.of());
    }

    /** How many bytes it takes, padding included. */
    int paddedLength() {
        return 4 + (parameters.size() + 3 & ~3);
    }
}
