// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import org.icepath.ice.agent.CheckScratch;
import org.icepath.stun.StunMessage;

/** What all engines of one thread may share: memory that none needs for longer than one call. Not thread-safe. */
public final class Workshop {

    private final CheckScratch checks = new CheckScratch();
    private final StunMessage reader = new StunMessage();

    /** A workshop that nobody uses yet. */
    public Workshop() {}

    CheckScratch checks() {
        return checks;
    }

    /** Reads messages that are nobody's. */
    StunMessage reader() {
        return reader;
    }
}
