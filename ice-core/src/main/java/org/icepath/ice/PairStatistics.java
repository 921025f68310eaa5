// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One pair in numbers, named as the W3C's {@code RTCIceCandidatePairStats} are where it has them. Counters only grow. Packets are those
 * of the application, bytes their payload; a request that is sent again counts once. Packets of RTCP that is multiplexed with RTP, and of
 * streams that are bundled with the pair's, are among them.
 *
 * @param stream the stream
 * @param component the component
 * @param pair the candidates
 * @param generation the number of the generation that it belongs to, 0 for the first of a peer; after a restart the pairs of two are there
 * @param state where it stands in its check list
 * @param nominated whether it was nominated with success
 * @param inUse whether it carries our packets now
 * @param packetsSent packets that left on it
 * @param bytesSent their payload
 * @param packetsDiscardedOnSend packets that {@link IcePath#send} refused as {@link SendResult#FULL} while this pair was in use, as in
 *     {@link PathStatistics#packetsDiscardedOnSend}
 * @param bytesDiscardedOnSend their payload
 * @param packetsReceived packets that came on it
 * @param bytesReceived their payload
 * @param currentRoundTripTime of the last check that was answered without being sent again
 * @param totalRoundTripTime sum over the answers whose round trip is known
 * @param requestsSent checks of ours, those that only renew consent not
 * @param requestsReceived authentic checks of the peer's, repeated ones included
 * @param responsesSent our answers to them
 * @param responsesReceived authentic answers to ours, refusals included
 * @param consentRequestsSent checks of ours that renew consent (RFC 7675 §5.1)
 * @param checkLoss what was lost of the checks that were answered in the end
 * @param consentAge how long ago the peer last answered; empty when it never did. After 30 s consent is lost
 * @param times when what happened last
 */
public record PairStatistics(
        String stream,
        int component,
        CandidatePair pair,
        int generation,
        PairState state,
        boolean nominated,
        boolean inUse,
        long packetsSent,
        long bytesSent,
        long packetsDiscardedOnSend,
        long bytesDiscardedOnSend,
        long packetsReceived,
        long bytesReceived,
        Optional<Duration> currentRoundTripTime,
        Duration totalRoundTripTime,
        long requestsSent,
        long requestsReceived,
        long responsesSent,
        long responsesReceived,
        long consentRequestsSent,
        CheckLoss checkLoss,
        Optional<Duration> consentAge,
        PairTimes times) {

    public PairStatistics {
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(pair, "pair");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(totalRoundTripTime, "totalRoundTripTime");
        Objects.requireNonNull(checkLoss, "checkLoss");
        Objects.requireNonNull(times, "times");
    }

    /**
     * The same pair with what has left on it, which is counted elsewhere than the rest.
     *
     * @param discarded packets that were refused, bytes their payload
     * @param last when a packet last left; empty when none did
     */
    public PairStatistics withSent(
            long packets, long bytes, long discarded, long bytesDiscarded, Optional<Instant> last) {
        return new PairStatistics(
                stream,
                component,
                pair,
                generation,
                state,
                nominated,
                inUse,
                packets,
                bytes,
                discarded,
                bytesDiscarded,
                packetsReceived,
                bytesReceived,
                currentRoundTripTime,
                totalRoundTripTime,
                requestsSent,
                requestsReceived,
                responsesSent,
                responsesReceived,
                consentRequestsSent,
                checkLoss,
                consentAge,
                times.withPacketSent(last));
    }
}
