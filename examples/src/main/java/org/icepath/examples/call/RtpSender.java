// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.nio.ByteBuffer;
import org.icepath.ice.IcePath;
import org.icepath.ice.SendResult;

/**
 * A voice that speaks all the time: numbered RTP packets (RFC 3550 §5.1). One thread sends; the counters may be read by any.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * |                           timestamp                           |
 * |           synchronization source (SSRC) identifier            |
 * |             the number of the packet, 64 bits                 |
 * |                                                               |
 * |                     152 bytes of silence                      |
 * </pre>
 */
final class RtpSender {

    /** 20 ms of G.711. */
    static final int PAYLOAD = 160;

    static final int HEADER = 12;
    private static final int VERSION_2 = 0x80;
    private static final byte SILENCE = (byte) 0xFF;

    private final int synchronizationSource;
    private final ByteBuffer packet = ByteBuffer.allocateDirect(HEADER + PAYLOAD);
    private volatile long sent;

    RtpSender(int synchronizationSource) {
        this.synchronizationSource = synchronizationSource;
        while (packet.hasRemaining()) {
            packet.put(SILENCE);
        }
        packet.clear();
    }

    /** Sends the next packet. A packet that the path refuses is not counted, and its number is used again. */
    SendResult send(IcePath path) {
        long number = sent;
        packet.put(0, (byte) VERSION_2);
        packet.put(1, (byte) 0);
        packet.putShort(2, (short) number);
        packet.putInt(4, (int) (number * PAYLOAD));
        packet.putInt(8, synchronizationSource);
        packet.putLong(HEADER, number);
        SendResult result = path.send(packet);
        if (result == SendResult.SENT) {
            sent = number + 1;
        }
        return result;
    }

    /** Packets handed to the network. */
    long sent() {
        return sent;
    }
}
