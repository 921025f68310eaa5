// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What has passed over one path so far, named as the W3C's {@code RTCTransportStats} and {@code RTCIceCandidatePairStats} are where they
 * have it; counters only grow. {@link IcePeer#statistics} has its pairs. Round trip and losses are kept by the session's event loop: on
 * another thread they are those of the last call.
 *
 * @param timestamp when these statistics were taken
 * @param packetsSent packets of the application handed to the network
 * @param bytesSent their payload bytes
 * @param packetsReceived packets of the application that arrived
 * @param bytesReceived their payload bytes
 * @param lastPacketSentTimestamp when a packet was last handed to the network; empty when none was
 * @param lastPacketReceivedTimestamp when a packet last arrived; empty when none did
 * @param packetsDiscardedOnSend packets refused by {@link IcePath#send}: no path, no consent, full; on a connection one for each that
 *     was taken in place of an older one
 * @param bytesDiscardedOnSend their payload bytes
 * @param currentRoundTripTime of the last check on the pair in use of which it is known which request was answered
 * @param checkLoss what was lost of the checks on the pair in use
 * @param selectedCandidatePairChanges how often media has moved to another pair
 * @param relayed whether the pair in use sends from a relay
 * @param lastChange why the pair in use was chosen
 */
public record PathStatistics(
        Instant timestamp,
        long packetsSent,
        long bytesSent,
        long packetsReceived,
        long bytesReceived,
        Optional<Instant> lastPacketSentTimestamp,
        Optional<Instant> lastPacketReceivedTimestamp,
        long packetsDiscardedOnSend,
        long bytesDiscardedOnSend,
        Optional<Duration> currentRoundTripTime,
        CheckLoss checkLoss,
        long selectedCandidatePairChanges,
        boolean relayed,
        Optional<PathChange> lastChange) {}
