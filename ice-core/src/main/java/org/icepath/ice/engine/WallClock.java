// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.icepath.ice.PairView;

/**
 * One moment by both clocks, so that others can be told by the one on the wall: machines know none.
 *
 * @param now on the machines' line of nanoseconds
 * @param instant the same moment
 */
public record WallClock(long now, Instant instant) {

    public WallClock {
        Objects.requireNonNull(instant, "instant");
    }

    /** A moment of the machines' line; empty for {@link PairView#NOT_YET}. */
    public Optional<Instant> instant(long at) {
        return at == PairView.NOT_YET ? Optional.empty() : Optional.of(instant.minusNanos(now - at));
    }
}
