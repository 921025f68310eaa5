// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

/**
 * An extension attribute of a candidate, such as {@code generation 0} (RFC 8839 §5.1). Unknown ones are kept in order.
 *
 * @param name visible characters
 * @param value visible characters
 */
public record Extension(String name, String value) {
    /** @throws IllegalArgumentException if either is empty or has a blank */
    public Extension {
        Tokens.requireVisible("extension name", name);
        Tokens.requireVisible("extension value", value);
    }
}
