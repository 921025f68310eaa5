// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What has passed over one path so far, named as the W3C's {@code RTCTransportStats} and {@code RTCIceCandidatePairStats} are where they
 * have it; counters of packets only grow. {@link IcePeer#statistics} has its pairs. Round trip, losses, checks and consent are of the pair in use, begin
 * anew where media moves, and are kept by the session's event loop: on another thread they are those of the last call, or of the last
 * change of the path if that came later. Of a path without ICE there are none.
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
 * @param requestsSent checks of ours on the pair in use, those that only renew consent not; what is sent again counts once
 * @param requestsReceived authentic checks of the peer's on it, repeated ones included
 * @param responsesSent our answers to them
 * @param responsesReceived authentic answers to ours, refusals included
 * @param consentRequestsSent checks of ours on it that renew consent (RFC 7675 §5.1)
 * @param checkLoss what was lost of the checks on the pair in use
 * @param consentAge how long ago the peer had last answered on it; empty when it never has. After 30 s consent is lost
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
        long requestsSent,
        long requestsReceived,
        long responsesSent,
        long responsesReceived,
        long consentRequestsSent,
        CheckLoss checkLoss,
        Optional<Duration> consentAge,
        long selectedCandidatePairChanges,
        boolean relayed,
        Optional<PathChange> lastChange) {}
