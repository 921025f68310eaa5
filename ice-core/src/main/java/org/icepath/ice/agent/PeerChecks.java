// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import org.icepath.ice.PairView;
import org.icepath.stun.TransactionId;
import org.jspecify.annotations.Nullable;

/** The peer's checks on one pair, and those of ours that they trigger (RFC 8445 §7.3.1.4). Made with the first of them. */
final class PeerChecks {

    private long lastAt = PairView.NOT_YET;
    private long triggeredAt = PairView.NOT_YET;
    private @Nullable TransactionId lastRequest;

    /** When the peer last checked us. */
    long lastAt() {
        return lastAt;
    }

    /** The peer checks us. */
    void cameAt(long now) {
        lastAt = now;
    }

    /**
     * Takes the id of a request that arrived.
     *
     * @return whether the one before had the same: this one is a retransmission
     */
    boolean repeats(TransactionId request) {
        boolean same = request.equals(lastRequest);
        lastRequest = request;
        return same;
    }

    /** Whether one of them has triggered a check of ours less than {@code nanos} ago. */
    boolean triggeredWithin(long nanos, long now) {
        return triggeredAt != PairView.NOT_YET && now - triggeredAt < nanos;
    }

    /** One of them triggers a check of ours. */
    void triggerAt(long now) {
        triggeredAt = now;
    }
}
