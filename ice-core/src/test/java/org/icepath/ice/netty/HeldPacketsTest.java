// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Packets that come before anybody takes them; CVE-2022-29189 was a buffer of such without a bound. */
class HeldPacketsTest {

    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.1", 5000);

    @Test
    void onlyTheLast64AreHeldInTheirOrder() {
        HeldPackets held = new HeldPackets();
        ByteBuffer lent = ByteBuffer.allocate(4);

        for (int i = 0; i < 1000; i++) {
            held.hold(PEER, lent.putInt(0, i)); // the same buffer again: it must have been copied
        }

        assertThat(released(held)).hasSize(64).isSorted().startsWith(936).endsWith(999);
    }

    // a peer who sends what a datagram may carry at most would otherwise have 4 MiB of each path that nobody listens to
    @Test
    void thereAreNoMoreThan64KibibytesOfThem() {
        HeldPackets held = new HeldPackets();

        for (int i = 0; i < 60; i++) {
            held.hold(PEER, ByteBuffer.allocate(8_192).putInt(0, i));
        }

        assertThat(released(held)).containsExactly(52, 53, 54, 55, 56, 57, 58, 59);
    }

    @Test
    void theLargestPacketTakesThePlaceOfAllOthers() {
        HeldPackets held = new HeldPackets();
        held.hold(PEER, ByteBuffer.allocate(4).putInt(0, 1));
        held.hold(PEER, ByteBuffer.allocate(4).putInt(0, 2));

        held.hold(PEER, ByteBuffer.allocate(65_535).putInt(0, 3));

        assertThat(released(held)).containsExactly(3);
    }

    // what was handed over counts no longer
    @Test
    void thereIsRoomAgainOnceTheyWereTaken() {
        HeldPackets held = new HeldPackets();
        held.hold(PEER, ByteBuffer.allocate(65_535).putInt(0, 1));
        assertThat(released(held)).containsExactly(1);

        held.hold(PEER, ByteBuffer.allocate(30_000).putInt(0, 2));
        held.hold(PEER, ByteBuffer.allocate(30_000).putInt(0, 3));

        assertThat(released(held)).containsExactly(2, 3);
    }

    private static List<Integer> released(HeldPackets held) {
        List<Integer> released = new ArrayList<>();
        held.release((from, payload) -> released.add(payload.getInt()));
        return released;
    }
}
