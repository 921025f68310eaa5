// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.ms;

import java.nio.ByteBuffer;
import org.icepath.ice.Envelope;
import org.icepath.stun.ms.MultiplexedFrame;

/**
 * A stream behind a multiplexed relay of the peer's ([MS-TURN] §2.2.3). That peers wrap what they send there was seen; what comes from there
 * is bare.
 *
 * @param sessionId of the stream on that relay, as the peer's checks say it
 */
record MultiplexedStream(long sessionId) implements Envelope {

    @Override
    public int length() {
        return MultiplexedFrame.HEADER_LENGTH;
    }

    @Override
    public void write(ByteBuffer into, int payloadLength) {
        MultiplexedFrame.writeHeader(into, sessionId, payloadLength);
    }
}
