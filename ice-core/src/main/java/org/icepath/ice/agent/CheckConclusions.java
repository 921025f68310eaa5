// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import org.icepath.stun.StunMessage;

/** What follows from the peer's checks, once they are answered: a full and a lite agent do not do the same (RFC 8445 §7.3.1, §7.3.2). */
interface CheckConclusions {

    /** The peer's first check on a component has come. */
    void peerHasBegun(long now, ComponentChecks component);

    /**
     * The peer has checked a path to us. Data may come that way from now on.
     *
     * @param local our candidate at the base where the check arrived
     * @param remote where it came from
     */
    void checked(long now, ComponentChecks component, LocalCandidate local, KnownRemote remote, StunMessage request);
}
