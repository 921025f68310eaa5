// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.icepath.turn.TurnDialogue.DataSink;
import org.junit.jupiter.api.Test;

/** RFC 4571 frames that arrive in whatever pieces a relayed connection delivers. */
class PeerStreamsTest {

    private static final InetSocketAddress ONE = new InetSocketAddress("192.0.2.1", 1);
    private static final InetSocketAddress OTHER = new InetSocketAddress("192.0.2.2", 2);

    private final PeerStreams streams = new PeerStreams();
    private final List<String> heard = new ArrayList<>();
    private final DataSink sink = (peer, in, offset, length) -> {
        byte[] bytes = new byte[length];
        in.get(offset, bytes);
        heard.add(peer.getPort() + ":" + HexFormat.of().formatHex(bytes));
    };

    private void take(InetSocketAddress peer, byte[] piece) {
        ByteBuffer around = ByteBuffer.allocate(piece.length + 7);
        around.put(3, piece);
        streams.take(peer, around, 3, piece.length, sink);
    }

    private void take(InetSocketAddress peer, String piece) {
        take(peer, HexFormat.of().parseHex(piece));
    }

    @Test
    void severalFramesMayComeInOnePiece() {
        take(ONE, "0002aabb" + "0001cc" + "0000" + "0001dd");

        assertThat(heard).containsExactly("1:aabb", "1:cc", "1:dd");
    }

    @Test
    void eachPeerHasAStreamOfItsOwn() {
        take(ONE, "0002aa");
        take(OTHER, "0001cc");
        take(ONE, "bb");

        assertThat(heard).containsExactly("2:cc", "1:aabb");
    }

    // Every cut of a stream, down to single bytes, gives the same datagrams.
    @Test
    void piecesMayEndAnywhere() {
        Random random = new Random(1);
        for (int round = 0; round < 500; round++) {
            ByteBuffer stream = ByteBuffer.allocate(20_000);
            List<String> sent = new ArrayList<>();
            for (int frame = 0; frame < 8; frame++) {
                byte[] datagram = new byte[1 + random.nextInt(frame == 3 ? 1_400 : 40)];
                random.nextBytes(datagram);
                stream.putShort((short) datagram.length).put(datagram);
                sent.add("1:" + HexFormat.of().formatHex(datagram));
            }
            stream.flip();
            heard.clear();
            while (stream.hasRemaining()) {
                byte[] piece = new byte[Math.min(stream.remaining(), 1 + random.nextInt(round % 2 == 0 ? 3 : 200))];
                stream.get(piece);
                take(ONE, piece);
            }

            assertThat(heard).isEqualTo(sent);
        }
    }

    @Test
    void strangersDoNotMakeItGrowWithoutABound() {
        for (int port = 1; port <= 1_000; port++) {
            take(new InetSocketAddress("192.0.2.3", port), "ffffaa");
        }
        take(new InetSocketAddress("192.0.2.3", 1), "0001bb"); // forgotten long ago, so that this is a beginning

        assertThat(heard).containsExactly("1:bb");
    }
}
