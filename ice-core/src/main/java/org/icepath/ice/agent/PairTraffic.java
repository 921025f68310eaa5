// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import org.icepath.ice.PairView;

/** What has passed on one pair and when, by the names of the W3C's statistics. Counters only grow. Mutable; not thread-safe. */
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
    private long firstRequestAt = PairView.NOT_YET;
    private long lastRequestAt = PairView.NOT_YET;
    private long lastResponseAt = PairView.NOT_YET;
    private long lastPacketReceivedAt = PairView.NOT_YET;

    void requestSent(long now) {
        requestsSent++;
        asked(now);
    }

    void consentRequestSent(long now) {
        consentRequestsSent++;
        asked(now);
    }

    private void asked(long now) {
        firstRequestAt = firstRequestAt == PairView.NOT_YET ? now : firstRequestAt;
        lastRequestAt = now;
    }

    /** @param roundTripNanos -1 when unknown */
    void answered(long now, long roundTripNanos) {
        responsesReceived++;
        lastResponseAt = now;
        totalRoundTripNanos += Math.max(0, roundTripNanos);
    }

    void refused(long now) {
        responsesReceived++;
        lastResponseAt = now;
        refusals++;
    }

    /** The peer has checked us. */
    void requestReceived(boolean answered) {
        requestsReceived++;
        responsesSent += answered ? 1 : 0;
    }

    void dataReceived(long now, int bytes) {
        packetsReceived++;
        lastPacketReceivedAt = now;
        bytesReceived += bytes;
    }

    /** How many checks were begun, those that renew consent included. */
    long checksBegun() {
        return requestsSent + consentRequestsSent;
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

    TrafficTimes times() {
        return new TrafficTimes(firstRequestAt, lastRequestAt, lastResponseAt, lastPacketReceivedAt);
    }
}
