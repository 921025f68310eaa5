// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import org.icepath.sansio.Framing;
import org.icepath.stun.DecodePath;
import org.icepath.stun.StunMessage;
import org.icepath.turn.wire.ChannelData;
import org.icepath.turn.wire.Demux;
import org.icepath.turn.wire.PacketKind;
import org.icepath.turn.wire.Rfc4571Framing;
import org.icepath.turn.wire.StunFraming;

/**
 * Everything that looks at bytes from the network, given any bytes.
 *
 * <p>In a normal build the checked-in inputs run once. To fuzz for as long as {@link FuzzTest#maxDuration} says:
 * {@code mvn -pl stun-codec surefire:test@fuzz -Djazzer.fuzz=1} after {@code mvn test-compile}. What it finds is written into the
 * directory of the inputs, and runs with them from then on.
 */
class DecodeFuzz {

    private final DecodePath path = new DecodePath();

    @FuzzTest(maxDuration = "3m")
    void decode(byte[] bytes) {
        ByteBuffer datagram = ByteBuffer.wrap(bytes);
        readDatagram(datagram);
        readDatagram(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
        readStream(StunFraming.INSTANCE, datagram);
        readStream(Rfc4571Framing.INSTANCE, datagram);
    }

    private void readDatagram(ByteBuffer datagram) {
        PacketKind kind = Demux.of(datagram);
        int found = path.read(datagram);
        if (StunMessage.isStun(datagram) && found > 0 && datagram.get(0) <= 3 && kind != PacketKind.STUN) {
            throw new AssertionError("a message with a cookie is taken for " + kind);
        }
        if (ChannelData.isChannelData(datagram)) {
            readDatagramWithin(ChannelData.data(datagram));
        }
        requireUntouched(datagram);
    }

    private void readDatagramWithin(ByteBuffer data) {
        if (Demux.of(data) == PacketKind.STUN) {
            path.read(data.slice());
        }
    }

    private void readStream(Framing framing, ByteBuffer stream) {
        ByteBuffer rest = stream.duplicate();
        while (rest.hasRemaining()) {
            int length = framing.frameLength(rest);
            if (length < 0 || length > rest.remaining()) {
                return;
            }
            if (length == 0) {
                throw new AssertionError("a frame of no bytes never ends");
            }
            ByteBuffer frame = rest.slice(rest.position(), length);
            readDatagramWithin(frame.slice(framing.payloadOffset(frame), framing.payloadLength(frame)));
            rest.position(rest.position() + length);
        }
    }

    private static void requireUntouched(ByteBuffer datagram) {
        if (datagram.position() != 0 || datagram.limit() != datagram.capacity()) {
            throw new AssertionError("the borrowed buffer was changed");
        }
    }
}
