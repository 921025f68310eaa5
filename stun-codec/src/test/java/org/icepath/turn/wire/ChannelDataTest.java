// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ChannelDataTest {

    // RFC 8656 §12.4
    @Test
    void headerIsWrittenIntoHeadroomWithoutTouchingTheData() {
        ByteBuffer buffer = hex("ffffffffffff" + "010203").position(6);

        ChannelData.writeHeader(buffer, 2, 0x4001, 3);

        assertThat(buffer.position()).isEqualTo(6);
        assertThat(HexFormat.of().formatHex(buffer.array())).isEqualTo("ffff" + "40010003" + "010203");
    }

    @Test
    void headerIsBigEndianWhateverTheBuffersOrder() {
        ByteBuffer buffer = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);

        ChannelData.writeHeader(buffer, 0, 0x4FFF, 0xFFFF);

        assertThat(HexFormat.of().formatHex(buffer.array())).isEqualTo("4fffffff");
        assertThat(ChannelData.channel(buffer)).isEqualTo(0x4FFF);
        assertThat(ChannelData.length(buffer)).isEqualTo(0xFFFF);
    }

    // RFC 8656 §12: 0x4000 to 0x4FFF
    @Test
    void channelsOutOfRangeAreNoChannelData() {
        assertThat(ChannelData.isChannelData(hex("40000000"))).isTrue();
        assertThat(ChannelData.isChannelData(hex("4fff0000"))).isTrue();
        assertThat(ChannelData.isChannelData(hex("3fff0000"))).isFalse();
        assertThat(ChannelData.isChannelData(hex("50000000"))).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelData.writeHeader(ByteBuffer.allocate(4), 0, 0x5000, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelData.writeHeader(ByteBuffer.allocate(4), 0, 0x4000, 65_536));
    }

    // RFC 8656 §12.6: too short for its length means silently discarded; §12.5: over UDP padding may be there
    @Test
    void datagramMayBePaddedButNotTruncated() {
        assertThat(ChannelData.isChannelData(hex("40000003010203"))).isTrue();
        assertThat(ChannelData.isChannelData(hex("4000000301020300"))).isTrue();
        assertThat(ChannelData.isChannelData(hex("400000030102"))).isFalse();
        assertThat(ChannelData.isChannelData(hex("400000"))).isFalse();
    }

    @Test
    void dataIsAViewWithoutThePadding() {
        ByteBuffer message = hex("ee" + "4000000301020300").position(1);

        ByteBuffer data = ChannelData.data(message);

        assertThat(data).isEqualTo(hex("010203"));
        assertThat(message.position()).isEqualTo(1);
    }

    private static ByteBuffer hex(String text) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(text));
    }
}
