// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.Objects;
import org.icepath.ice.CheckLoss;

/**
 * How the pair does that carries the packets of a component.
 *
 * @param roundTripNanos of its last check that was answered without being sent again; -1 when unknown
 * @param loss what was lost of its checks
 */
public record PathQuality(long roundTripNanos, CheckLoss loss) {

    /** Of a path without a pair. */
    public static final PathQuality UNKNOWN = new PathQuality(-1, CheckLoss.NONE);

    public PathQuality {
        Objects.requireNonNull(loss, "loss");
    }
}
