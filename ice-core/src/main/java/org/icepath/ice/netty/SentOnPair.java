// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

/** What has left on one pair. Mutable; confined to the event loop. */
final class SentOnPair {

    private long packets;
    private long bytes;

    void sent(int length) {
        packets++;
        bytes += length;
    }

    long packets() {
        return packets;
    }

    long bytes() {
        return bytes;
    }
}
