// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.Objects;
import org.icepath.candidate.Candidate;

/**
 * A local and a remote candidate of the same component (RFC 8445 §4).
 *
 * @param local ours
 * @param remote the peer's
 * @param priority the pair priority of RFC 8445 §6.1.2.3, an unsigned 64-bit number
 */
public record CandidatePair(Candidate local, Candidate remote, long priority) {

    public CandidatePair {
        Objects.requireNonNull(local, "local");
        Objects.requireNonNull(remote, "remote");
        if (local.component() != remote.component()) {
            throw new IllegalArgumentException(
                    "local component " + local.component() + " paired with remote component " + remote.component());
        }
    }

    /** The component that both candidates belong to. */
    public int component() {
        return local.component();
    }
}
