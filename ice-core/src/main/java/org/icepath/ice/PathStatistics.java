// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.time.Duration;
import java.util.Optional;

/**
 * What has passed over one path so far; counters only grow.
 *
 * @param packetsSent packets of the application handed to the network
 * @param bytesSent their payload bytes
 * @param packetsReceived packets of the application that arrived
 * @param bytesReceived their payload bytes
 * @param packetsDropped packets refused by {@link IcePath#send}: no path, no consent, full
 * @param roundTripTime of the last check on the pair in use of which it is known which request was answered
 * @param checkLoss what was lost of the checks on the pair in use
 * @param relayed whether the pair in use sends from a relay
 * @param lastChange why the pair in use was chosen
 */
public record PathStatistics(
        long packetsSent,
        long bytesSent,
        long packetsReceived,
        long bytesReceived,
        long packetsDropped,
        Optional<Duration> roundTripTime,
        CheckLoss checkLoss,
        boolean relayed,
        Optional<PathChange> lastChange) {}
