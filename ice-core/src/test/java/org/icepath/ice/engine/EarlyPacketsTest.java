// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.junit.jupiter.api.Test;

/** RFC 8445 §12.2: data may come before its sender is described; CVE-2022-29189 was a buffer of such without a bound. */
class EarlyPacketsTest {

    private static final Base BASE = new Base(1, Transport.UDP, new InetSocketAddress("192.0.2.1", 4000));
    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.2", 5000);

    private final EarlyPackets packets = new EarlyPackets();

    @Test
    void a65thPacketIsNotKept() {
        for (int i = 0; i < EarlyPackets.MOST_KEPT; i++) {
            assertThat(packets.keep(BASE, PEER, ByteBuffer.allocate(20))).isTrue();
        }

        assertThat(packets.keep(BASE, PEER, ByteBuffer.allocate(20))).isFalse();
        packets.clear();
        assertThat(packets.keep(BASE, PEER, ByteBuffer.allocate(20))).isTrue();
    }

    @Test
    void aPacketThatNoLinkCarriesWholeIsNotKept() {
        assertThat(packets.keep(BASE, PEER, ByteBuffer.allocate(2049))).isFalse();
    }
}
