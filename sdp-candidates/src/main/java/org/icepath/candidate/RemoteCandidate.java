// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

/**
 * One entry of {@code a=remote-candidates}: what the controlling agent selected on the other side (RFC 8839 §5.2).
 *
 * @param component 1 to 256
 * @param address the remote candidate's address
 */
public record RemoteCandidate(int component, CandidateAddress address) {
    /** @throws IllegalArgumentException if the component is out of range */
    public RemoteCandidate {
        if (component < 1 || component > 256) {
            throw new IllegalArgumentException("component " + component + " is not in 1 to 256");
        }
    }
}
