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
        List<Integer> released = new ArrayList<>();
        held.release((from, payload) -> released.add(payload.getInt(0)));

        assertThat(released).hasSize(64).isSorted().startsWith(936).endsWith(999);
    }
}
