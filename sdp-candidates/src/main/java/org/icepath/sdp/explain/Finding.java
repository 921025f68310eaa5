// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp.explain;

/**
 * One remark on a description.
 *
 * @param severity how much it matters
 * @param text one sentence without full stop, naming the stream and the address it is about
 */
public record Finding(Severity severity, String text) {
    @Override
    public String toString() {
        return severity + ": " + text;
    }
}
