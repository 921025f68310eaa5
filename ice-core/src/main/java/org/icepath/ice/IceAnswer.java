// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.Objects;
import org.icepath.candidate.IceDescription;

/**
 * The answer to an offer.
 *
 * @param peer the remote that offered
 * @param description our description, to be sent to it
 */
public record IceAnswer(IcePeer peer, IceDescription description) {

    public IceAnswer {
        Objects.requireNonNull(peer, "peer");
        Objects.requireNonNull(description, "description");
    }
}
