// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A thread that does not come back for its packets must not cost more than a socket's buffer does. */
class ReceiveQueueTest {

    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.1", 5000);

    private final ReceiveQueue queue = new ReceiveQueue();

    @Test
    void onlyTheLast256PacketsWait() throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            queue.add(PEER, ByteBuffer.allocate(4).putInt(0, i));
        }

        assertThat(taken()).hasSize(256).isSorted().startsWith(744).endsWith(999);
    }

    @Test
    void onlyTheLastMebibyteWaits() throws InterruptedException {
        for (int i = 0; i < 40; i++) {
            queue.add(PEER, ByteBuffer.allocate(65_536).putInt(0, i));
        }

        assertThat(taken()).hasSize(16).isSorted().startsWith(24).endsWith(39);
    }

    // what was taken counts no longer
    @Test
    void thereIsRoomAgainOnceTheyWereTaken() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            queue.add(PEER, ByteBuffer.allocate(600_000).putInt(0, i));
            assertThat(taken()).containsExactly(i);
        }
        queue.add(PEER, ByteBuffer.allocate(500_000).putInt(0, 100));
        queue.add(PEER, ByteBuffer.allocate(500_000).putInt(0, 101));

        assertThat(taken()).containsExactly(100, 101);
    }

    private List<Integer> taken() throws InterruptedException {
        List<Integer> taken = new ArrayList<>();
        for (ReceiveQueue.Datagram next = queue.take(0); next != null; next = queue.take(0)) {
            taken.add(ByteBuffer.wrap(next.bytes()).getInt());
        }
        return taken;
    }
}
