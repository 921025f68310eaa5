// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * When what happened on one pair, named as in the W3C's {@code RTCIceCandidatePairStats}, or as it was there in former versions. By the
 * clock on the wall; measured on one that never runs backwards, so that distances are right.
 *
 * @param timestamp when these statistics were taken
 * @param lastPacketSentTimestamp when a packet of the application last left; empty when none did
 * @param lastPacketReceivedTimestamp when a packet of the application last came; empty when none did
 * @param firstRequestTimestamp when our first check was sent; empty when none was
 * @param lastRequestTimestamp when our last check was sent, those that renew consent included; a repetition counts for nothing
 * @param lastResponseTimestamp when the peer last answered a check, refusals included; empty when it never did
 * @param consentExpiredTimestamp when consent ended (RFC 7675 §5.1); empty as long as it has not
 */
public record PairTimes(
        Instant timestamp,
        Optional<Instant> lastPacketSentTimestamp,
        Optional<Instant> lastPacketReceivedTimestamp,
        Optional<Instant> firstRequestTimestamp,
        Optional<Instant> lastRequestTimestamp,
        Optional<Instant> lastResponseTimestamp,
        Optional<Instant> consentExpiredTimestamp) {

    public PairTimes {
        Objects.requireNonNull(timestamp, "timestamp");
        Objects.requireNonNull(lastPacketSentTimestamp, "lastPacketSentTimestamp");
        Objects.requireNonNull(lastPacketReceivedTimestamp, "lastPacketReceivedTimestamp");
        Objects.requireNonNull(firstRequestTimestamp, "firstRequestTimestamp");
        Objects.requireNonNull(lastRequestTimestamp, "lastRequestTimestamp");
        Objects.requireNonNull(lastResponseTimestamp, "lastResponseTimestamp");
        Objects.requireNonNull(consentExpiredTimestamp, "consentExpiredTimestamp");
    }

    PairTimes withPacketSent(Optional<Instant> last) {
        return new PairTimes(
                timestamp,
                last,
                lastPacketReceivedTimestamp,
                firstRequestTimestamp,
                lastRequestTimestamp,
                lastResponseTimestamp,
                consentExpiredTimestamp);
    }
}
