// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemuxTest {

    private static final String BINDING = "000100002112a442000102030405060708090a0b";

    // RFC 9443 §2, figure 1; 0 to 3 needs the cookie and is tested below
    @ParameterizedTest
    @CsvSource({
        "4, 15, UNKNOWN",
        "16, 19, ZRTP",
        "20, 63, DTLS",
        "64, 79, TURN_CHANNEL",
        "80, 127, QUIC",
        "128, 191, RTP",
        "192, 255, QUIC"
    })
    void everyFirstByteBelongsToItsProtocol(int low, int high, PacketKind kind) {
        for (int first = low; first <= high; first++) {
            for (int length : new int[] {1, 19, 20, 172}) {
                byte[] datagram = new byte[length];
                datagram[0] = (byte) first;
                assertThat(Demux.of(ByteBuffer.wrap(datagram)))
                        .as("first byte %d of %d", first, length)
                        .isEqualTo(kind);
                assertThat(Demux.of(ByteBuffer.allocateDirect(length).put(0, (byte) first)))
                        .as("first byte %d of %d, outside the heap", first, length)
                        .isEqualTo(kind);
            }
        }
    }

    // RFC 9443 §2 with RFC 8489 §5: bytes 0 to 3 and the cookie
    @Test
    void stunIsKnownByItsMagicCookie() {
        ByteBuffer binding = hex(BINDING);

        assertThat(Demux.of(binding)).isEqualTo(PacketKind.STUN);
        assertThat(binding.position()).isZero();
        assertThat(Demux.of(binding.asReadOnlyBuffer())).isEqualTo(PacketKind.STUN);
        assertThat(Demux.of(hex(BINDING.replace("2112a442", "2112a443")))).isEqualTo(PacketKind.UNKNOWN);
        assertThat(Demux.of(hex(BINDING.substring(0, 38)))).isEqualTo(PacketKind.UNKNOWN);
    }

    @Test
    void positionLimitAndByteOrderOfTheBufferAreRespected() {
        ByteBuffer buffer = hex("80" + BINDING + "ff").order(ByteOrder.LITTLE_ENDIAN);

        assertThat(Demux.of(buffer)).isEqualTo(PacketKind.RTP);
        assertThat(Demux.of(buffer.position(1).limit(21))).isEqualTo(PacketKind.STUN);
        assertThat(Demux.of(buffer.limit(20))).isEqualTo(PacketKind.UNKNOWN);
        assertThat(Demux.of(buffer.limit(1))).isEqualTo(PacketKind.UNKNOWN);
    }

    private static ByteBuffer hex(String text) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(text));
    }
}
