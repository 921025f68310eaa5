// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.icepath.ice.IcePacket;
import org.junit.jupiter.api.Test;

class ReceivedPacketTest {

    private static final InetSocketAddress FROM = new InetSocketAddress(InetAddress.getLoopbackAddress(), 5_004);

    private final ReceivedPacket packet = new ReceivedPacket();

    @Test
    void aCopyOutlivesTheCallbackAndLaterPackets() {
        List<ByteBuffer> kept = new ArrayList<>();
        ByteBuffer shared = ByteBuffer.allocate(1);

        packet.lend(FROM, shared.put(0, (byte) 1), each -> kept.add(each.copy()));
        packet.lend(FROM, shared.put(0, (byte) 2), each -> kept.add(each.copy()));

        assertThat(kept).extracting(each -> each.get(0)).containsExactly((byte) 1, (byte) 2);
    }

    // Without this a jitter buffer would quietly play the newest packet over and over.
    @Test
    void aPacketThatWasKeptSaysSo() {
        List<IcePacket> kept = new ArrayList<>();

        packet.lend(FROM, ByteBuffer.allocate(1), kept::add);

        assertThatIllegalStateException().isThrownBy(() -> kept.get(0).payload());
        assertThatIllegalStateException().isThrownBy(() -> kept.get(0).from());
    }
}
