// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.nat;

/**
 * How long a mapping lives that nothing passes through (RFC 5780 §4.6).
 *
 * @param atLeastSeconds after this silence it was still there; 0 if it never was
 * @param belowSeconds after this silence it was gone; 0 if it never was
 */
public record MappingLifetime(long atLeastSeconds, long belowSeconds) {

    /** Nothing was found out. */
    public static final MappingLifetime UNKNOWN = new MappingLifetime(0, 0);

    /** For people. */
    @Override
    public String toString() {
        if (equals(UNKNOWN)) {
            return "unknown";
        }
        if (belowSeconds == 0) {
            return "at least " + atLeastSeconds + " s";
        }
        return atLeastSeconds == 0
                ? "less than " + belowSeconds + " s"
                : "between " + atLeastSeconds + " and " + belowSeconds + " s";
    }
}
