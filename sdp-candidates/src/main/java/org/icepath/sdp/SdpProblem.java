// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

/**
 * Something in a body that could not be used, or only in part.
 *
 * @param lineNumber number of the line, from 1
 * @param reason what is wrong, in plain words
 * @param text the line, shortened; a password is not repeated
 */
public record SdpProblem(int lineNumber, String reason, String text) {
    @Override
    public String toString() {
        return "line " + lineNumber + ": " + reason + ": " + text;
    }
}
