// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import org.icepath.candidate.IceDescription;

/**
 * What the peer's description says of its implementation.
 *
 * @param lite whether it checks nothing (RFC 8445 §2.5)
 * @param ice2 whether it is one of RFC 8445, which renews its consent with checks (RFC 8445 §9 and RFC 7675 §5.1)
 */
record PeerNature(boolean lite, boolean ice2) {

    /** Before there is a description. */
    static final PeerNature UNKNOWN = new PeerNature(false, false);

    static PeerNature of(IceDescription remote) {
        return new PeerNature(remote.lite(), remote.offers(IceDescription.ICE2));
    }
}
