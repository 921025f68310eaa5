// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import java.nio.ByteBuffer;
import org.icepath.stun.ms.MsStreamFraming;
import org.icepath.turn.BareHeader;

/** On a connection to an Edge: a frame of type 3, and in it the length of RFC 4571, which the frame's own length counts (seen). */
final class MsDataHeader implements BareHeader {

    static final MsDataHeader INSTANCE = new MsDataHeader();

    private MsDataHeader() {}

    @Override
    public int length() {
        return MsStreamFraming.CONTENT + Short.BYTES;
    }

    @Override
    public void write(ByteBuffer into, int payloadLength) {
        MsStreamFraming.writeHeader(into, MsStreamFraming.DATA, Short.BYTES + payloadLength);
        into.putShort((short) payloadLength);
    }

    @Override
    public String toString() {
        return "a frame of data";
    }
}
