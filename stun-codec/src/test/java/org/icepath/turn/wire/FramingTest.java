// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.icepath.sansio.Framing;
import org.junit.jupiter.api.Test;

class FramingTest {

    private static final String BINDING = "000100042112a442000102030405060708090a0b" + "80220000";

    // RFC 8656 §12.5: padded on streams; RFC 8489 §6.2.2: STUN messages are their own frames
    @Test
    void stunAndChannelDataAreToldApartOnOneStream() {
        List<String> datagrams = List.of(BINDING, "40000005" + "0102030405", BINDING, "40010000", "4002000401020304");

        assertThat(split(StunFraming.INSTANCE, frame(StunFraming.INSTANCE, datagrams)))
                .containsExactlyElementsOf(datagrams);
    }

    // Seen in coturn 4.6.1, before the answer to a Refresh with a ticket: what follows is in its place
    @Test
    void whatAServerSaysByMistakeIsADatagramOfItsOwn() {
        String stray = "280004005354554e";

        assertThat(split(StunFraming.INSTANCE, BINDING + stray + "4001000411223344" + BINDING))
                .containsExactly(BINDING, stray, "4001000411223344", BINDING);
        for (int i = 0; i < 8; i++) {
            assertThat(StunFraming.INSTANCE.frameLength(hex(stray.substring(0, 2 * i))))
                    .isEqualTo(Framing.NEED_MORE);
            String other = stray.substring(0, 2 * i) + "29";
            assertThat(StunFraming.INSTANCE.frameLength(hex(other))).as(other).isEqualTo(Framing.BROKEN);
        }
        assertThat(StunFraming.isStray(hex(stray))).isTrue();
        assertThat(StunFraming.isStray(hex(stray + "00"))).isFalse();
        assertThat(StunFraming.isStray(hex("2800"))).isFalse();
    }

    // RFC 4571 §2; an empty datagram is legal
    @Test
    void everyDatagramHasItsLengthBeforeIt() {
        List<String> datagrams = List.of(BINDING, "", "80", "ff".repeat(300));

        String stream = frame(Rfc4571Framing.INSTANCE, datagrams);

        assertThat(stream).startsWith("0018" + BINDING + "0000" + "000180" + "012cff");
        assertThat(split(Rfc4571Framing.INSTANCE, stream)).containsExactlyElementsOf(datagrams);
    }

    @Test
    void partOfAFrameNeverYieldsADatagram() {
        for (Framing framing : List.of(StunFraming.INSTANCE, Rfc4571Framing.INSTANCE)) {
            ByteBuffer whole = hex(frame(framing, List.of(BINDING)));
            for (int arrived = 0; arrived < whole.capacity(); arrived++) {
                int length = framing.frameLength(whole.duplicate().limit(arrived));
                assertThat(length == Framing.NEED_MORE || length == whole.capacity())
                        .as("%s after %d bytes says %d", framing, arrived, length)
                        .isTrue();
            }
        }
    }

    @Test
    void streamThatIsNeitherStunNorChannelDataIsBrokenAtOnce() {
        for (String stream : List.of("80", "50", "04", "0001000321", "000100002113", "16030100", "000100007fffffff")) {
            assertThat(StunFraming.INSTANCE.frameLength(hex(stream))).as(stream).isEqualTo(Framing.BROKEN);
        }
        assertThat(StunFraming.INSTANCE.frameLength(hex("000100002112"))).isEqualTo(20);
    }

    @Test
    void largestDatagramIsFramedAndLargerOnesAreRefused() {
        ByteBuffer header = ByteBuffer.allocate(2);

        Rfc4571Framing.INSTANCE.writeHeader(header, ByteBuffer.allocate(0xFFFF));

        assertThat(Rfc4571Framing.INSTANCE.frameLength(header.flip())).isEqualTo(0x10001);
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Rfc4571Framing.INSTANCE.writeHeader(ByteBuffer.allocate(2), ByteBuffer.allocate(0x10000)));
    }

    private static String frame(Framing framing, List<String> datagrams) {
        ByteBuffer stream = ByteBuffer.allocate(4096);
        for (String datagram : datagrams) {
            ByteBuffer payload = hex(datagram);
            int length = payload.remaining();
            int start = stream.position();
            framing.writeHeader(stream, payload);
            assertThat(stream.position() - start).isEqualTo(framing.headerLength(length));
            stream.put(payload).put(new byte[framing.trailerLength(length)]);
        }
        return HexFormat.of().formatHex(stream.array(), 0, stream.position());
    }

    private static List<String> split(Framing framing, String text) {
        ByteBuffer stream = hex(text);
        List<String> datagrams = new ArrayList<>();
        while (stream.hasRemaining()) {
            int length = framing.frameLength(stream);
            ByteBuffer frame = stream.slice(stream.position(), length);
            int offset = framing.payloadOffset(frame);
            datagrams.add(HexFormat.of()
                    .formatHex(
                            frame.array(),
                            frame.arrayOffset() + offset,
                            frame.arrayOffset() + offset + framing.payloadLength(frame)));
            stream.position(stream.position() + length);
        }
        return datagrams;
    }

    private static ByteBuffer hex(String text) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(text));
    }
}
