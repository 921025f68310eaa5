// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.Objects;
import org.icepath.ice.CheckLoss;
import org.icepath.ice.PairView;
import org.icepath.ice.agent.PairSnapshot;
import org.icepath.ice.agent.TrafficCounts;

/**
 * How the pair does that carries the packets of a component. Every path keeps one: its counts are small.
 *
 * @param roundTripNanos of its last check that was answered without being sent again; -1 when unknown
 * @param loss what was lost of its checks
 * @param consentAgeNanos how long ago the peer had last answered; -1 when it never has
 * @param requestsSent as the rest, by the names of {@link TrafficCounts}
 */
public record PathQuality(
        long roundTripNanos,
        CheckLoss loss,
        long consentAgeNanos,
        int requestsSent,
        int requestsReceived,
        int responsesSent,
        int responsesReceived,
        int consentRequestsSent) {

    /** Of a path without a pair. */
    public static final PathQuality UNKNOWN = new PathQuality(-1, CheckLoss.NONE, -1, 0, 0, 0, 0, 0);

    public PathQuality {
        Objects.requireNonNull(loss, "loss");
    }

    static PathQuality of(long now, PairSnapshot pair) {
        TrafficCounts counts = pair.traffic();
        return new PathQuality(
                pair.rttNanos(),
                pair.loss(),
                pair.lastAnsweredAt() == PairView.NOT_YET ? -1 : now - pair.lastAnsweredAt(),
                (int) counts.requestsSent(),
                (int) counts.requestsReceived(),
                (int) counts.responsesSent(),
                (int) counts.responsesReceived(),
                (int) counts.consentRequestsSent());
    }
}
