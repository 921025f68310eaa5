// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The life of an allocation as its client sees it (RFC 8656 §3.2). */
public enum AllocationState {
    /** Nothing was sent yet. */
    IDLE,
    /** The server was asked. */
    ALLOCATING,
    /** The server has no room; it will be asked again. */
    POSTPONED,
    /** The relayed address stands. */
    ALLOCATED,
    /** The server was asked to let go of it. */
    RELEASING,
    /** It is gone, as it should be. */
    RELEASED,
    /** It never came about, or it was lost. */
    FAILED;

    private static final Map<AllocationState, Set<AllocationState>> SUCCESSORS = Map.of(
            IDLE, EnumSet.of(ALLOCATING, RELEASED, FAILED),
            ALLOCATING, EnumSet.of(ALLOCATED, POSTPONED, RELEASING, RELEASED, FAILED),
            POSTPONED, EnumSet.of(ALLOCATING, RELEASED, FAILED),
            ALLOCATED, EnumSet.of(RELEASING, FAILED),
            RELEASING, EnumSet.of(RELEASED),
            RELEASED, EnumSet.noneOf(AllocationState.class),
            FAILED, EnumSet.noneOf(AllocationState.class));

    /** Whether {@code next} may follow. */
    public boolean mayBecome(AllocationState next) {
        return SUCCESSORS.getOrDefault(this, Set.of()).contains(next);
    }

    /** Whether nothing follows. */
    public boolean isFinal() {
        return this == RELEASED || this == FAILED;
    }
}
