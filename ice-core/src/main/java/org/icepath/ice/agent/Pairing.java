// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How pairs come into being: a full agent forms them to be checked, a lite one only where the peer cannot check (RFC 8445 §6.1.2, §8.2). */
interface Pairing {

    /**
     * Pairs each of {@code locals} with each of {@code remotes}, as far as that was not done.
     *
     * @return whether there are new pairs to be checked
     */
    boolean form(long now, ComponentChecks component, List<LocalCandidate> locals, List<KnownRemote> remotes);

    /**
     * Pairs the source of a check with the base that it came to (RFC 8445 §7.3.1.4).
     *
     * @param spare whether it is not to be checked, but to be remembered
     * @return null when no data can go from the one to the other
     */
    @Nullable
    CheckPair formByCheck(ComponentChecks component, LocalCandidate local, KnownRemote remote, boolean spare);

    /**
     * Makes room for one pair more that a check makes: it may be the only way there is, so that a full list takes as many of these again
     * as it has pairs.
     *
     * @return false when all that there are have a better claim
     */
    boolean makeRoom(long now);
}
