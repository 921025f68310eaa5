// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

/** What has passed on one pair, by the names of the W3C's statistics. Counters only grow. Mutable; not thread-safe. */
final class PairTraffic {

    private long requestsSent;
    private long consentRequestsSent;
    private long responsesReceived;
    private long refusals;
    private long requestsReceived;
    private long responsesSent;
    private long totalRoundTripNanos;
    private long packetsReceived;
    private long bytesReceived;

    void requestSent() {
        requestsSent++;
    }

    void consentRequestSent() {
        consentRequestsSent++;
    }

    /** @param roundTripNanos -1 when unknown */
    void answered(long roundTripNanos) {
        responsesReceived++;
        totalRoundTripNanos += Math.max(0, roundTripNanos);
    }

    void refused() {
        responsesReceived++;
        refusals++;
    }

    /** The peer has checked us. */
    void requestReceived(boolean answered) {
        requestsReceived++;
        responsesSent += answered ? 1 : 0;
    }

    void dataReceived(int bytes) {
        packetsReceived++;
        bytesReceived += bytes;
    }

    TrafficCounts counts() {
        return new TrafficCounts(
                requestsSent,
                consentRequestsSent,
                responsesReceived,
                refusals,
                requestsReceived,
                responsesSent,
                totalRoundTripNanos,
                packetsReceived,
                bytesReceived);
    }
}
