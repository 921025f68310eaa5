// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import io.netty.channel.EventLoop;

/** A way for packets from one socket to another, both on one event loop. */
interface Lane extends AutoCloseable {

    /** Bytes of a packet: 20 ms of a narrow-band codec with its RTP header, about. */
    int PACKET_BYTES = 160;

    /** The same of a burst's: 20 ms of G.711 with its RTP header. */
    int BURST_PACKET_BYTES = 172;

    /** Packets of a burst. */
    int BURST = 32;

    /** The event loop of both ends. */
    EventLoop loop();

    /** Names what runs, on the event loop, after each packet that arrives. */
    void onArrival(Runnable arrival);

    /** How many packets are sent at a time. */
    default int packets() {
        return 1;
    }

    /** Sends one packet, or one burst of them, on the event loop. */
    void send();

    @Override
    void close();
}
