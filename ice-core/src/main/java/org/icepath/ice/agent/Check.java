// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import org.icepath.ice.CheckForm;
import org.icepath.ice.IceRole;
import org.jspecify.annotations.Nullable;

/**
 * A Binding request on its way, and what it said (RFC 8445 §7.2.4).
 *
 * @param pair the pair it was sent on
 * @param form how it was written
 * @param attempt the check that it belongs to; null for a consent check (RFC 7675), whose loss is no failure of the pair
 * @param role our role as the request claimed it
 * @param useCandidate whether it nominated
 * @param nomination the number of that nomination, 1 and up; 0 where it has none
 */
record Check(
        CheckPair pair, CheckForm form, @Nullable Attempt attempt, IceRole role, boolean useCandidate, int nomination) {

    /** Whether its verdict still decides about the pair: it is the pair's latest and was not cancelled. */
    boolean decides() {
        return attempt != null && pair.attempt() == attempt;
    }
}
