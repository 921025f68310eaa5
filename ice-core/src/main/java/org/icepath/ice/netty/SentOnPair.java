// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import org.icepath.ice.PairView;

/** What has left on one pair. Mutable; confined to the event loop. */
final class SentOnPair {

    private long packets;
    private long bytes;
    private long lastAt = PairView.NOT_YET;

    void sent(long now, int length) {
        packets++;
        bytes += length;
        lastAt = now;
    }

    long packets() {
        return packets;
    }

    long bytes() {
        return bytes;
    }

    /** When a packet last left, or {@link PairView#NOT_YET}. */
    long lastAt() {
        return lastAt;
    }
}
