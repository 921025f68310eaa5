// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.Objects;

/**
 * One username fragment and what was exchanged under it. An ICE restart begins a new one (RFC 8445 §9).
 *
 * @param number 0 for the first of a peer, one more with each restart
 * @param remoteUfrag the peer's username fragment, by which late candidates find their generation (RFC 8838 §11)
 */
public record Generation(int number, String remoteUfrag) {

    public Generation {
        if (number < 0) {
            throw new IllegalArgumentException("generation " + number + ", expected 0 or more");
        }
        Objects.requireNonNull(remoteUfrag, "remoteUfrag");
    }
}
