// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.random.RandomGenerator;
import org.icepath.ice.IceRole;

/** Our role towards the peer and the tie-breaker that defends it (RFC 8445 §5.2, §7.3.1.1). */
final class Roles {

    private final RandomGenerator random;
    private IceRole role;
    private long tieBreaker;

    Roles(IceRole role, long tieBreaker, RandomGenerator random) {
        this.role = role;
        this.tieBreaker = tieBreaker;
        this.random = random;
    }

    IceRole role() {
        return role;
    }

    boolean controlling() {
        return role == IceRole.CONTROLLING;
    }

    long tieBreaker() {
        return tieBreaker;
    }

    /**
     * What a request that claims our own role demands (RFC 8445 §7.3.1.1): the side with the larger tie-breaker is controlling.
     *
     * @param theirs the peer's tie-breaker, unsigned
     * @return true when we keep the role and answer 487, false when we switch and answer as if nothing were
     */
    static boolean keepsRole(IceRole ours, long ourTieBreaker, long theirs) {
        boolean larger = Long.compareUnsigned(ourTieBreaker, theirs) >= 0;
        return ours == IceRole.CONTROLLING ? larger : !larger;
    }

    /** Takes a role; returns whether that changed anything. */
    boolean switchTo(IceRole next) {
        boolean changes = role != next;
        role = next;
        return changes;
    }

    /** After a 487 the tie-breaker is drawn anew (RFC 8445 §7.2.5.1). */
    void redraw() {
        tieBreaker = random.nextLong();
    }
}
