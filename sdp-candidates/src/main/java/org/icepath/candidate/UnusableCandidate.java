// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

/**
 * A well-formed candidate this agent cannot use: its type or its transport is unknown. Kept, so that nothing is lost when a
 * description is passed on (RFC 8839 §5.1 has such candidates ignored, not refused).
 *
 * @param text the attribute value, {@code candidate:...}
 * @param reason what is unknown about it
 */
public record UnusableCandidate(String text, String reason) {
    /** @throws IllegalArgumentException if the text is not one line */
    public UnusableCandidate {
        if (text.isEmpty() || text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("not one line");
        }
    }
}
