// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

/**
 * What had passed on one pair at one moment; requests that were sent again count once, those that arrived again count each time.
 *
 * @param requestsSent checks, those that renew consent not
 * @param consentRequestsSent checks that renew consent (RFC 7675 §5.1)
 * @param responsesReceived authentic answers, refusals included
 * @param refusals error responses
 * @param requestsReceived authentic checks of the peer's
 * @param responsesSent our answers to them
 * @param totalRoundTripNanos sum over the answers whose round trip is known
 * @param packetsReceived packets of the application
 * @param bytesReceived their payload
 */
public record TrafficCounts(
        long requestsSent,
        long consentRequestsSent,
        long responsesReceived,
        long refusals,
        long requestsReceived,
        long responsesSent,
        long totalRoundTripNanos,
        long packetsReceived,
        long bytesReceived) {}
