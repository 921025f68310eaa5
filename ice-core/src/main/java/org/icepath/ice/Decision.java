// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.Objects;

/** What a {@link NominationPolicy} decided. */
public sealed interface Decision {

    /** Nominate this pair now; it must be valid. */
    record Nominate(CandidatePair pair) implements Decision {
        public Nominate {
            Objects.requireNonNull(pair, "pair");
        }
    }

    /**
     * Ask again when something has changed, and at the latest at {@code at}.
     *
     * @param at nanoseconds on the session's line of time; {@link Long#MAX_VALUE} waits for a change alone
     */
    record WaitUntil(long at) implements Decision {}
}
