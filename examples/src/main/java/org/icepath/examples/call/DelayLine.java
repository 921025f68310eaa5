// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Datagrams that are on their way; the one that is due first leaves first. Used under the network's lock only, but for {@link #size}. */
final class DelayLine {

    /** After a pause of the machine's what is due leaves in portions: all at once, it would not fit into a socket's buffer. */
    private static final int PORTION = 16;

    private final PriorityQueue<Delayed> onTheWay =
            new PriorityQueue<>(Comparator.comparingLong(Delayed::due).thenComparingLong(Delayed::number));
    private volatile int size;
    private long sent;

    private record Delayed(long due, long number, DatagramChannel channel, InetSocketAddress to, ByteBuffer datagram) {}

    /** Sends a copy of what remains of a datagram after a delay; at once when there is none. */
    void send(Duration delay, DatagramChannel channel, ByteBuffer datagram, InetSocketAddress to) throws IOException {
        if (delay.isZero()) {
            channel.send(datagram, to);
            return;
        }
        ByteBuffer copy =
                ByteBuffer.allocate(datagram.remaining()).put(datagram).flip();
        onTheWay.add(new Delayed(System.nanoTime() + delay.toNanos(), sent++, channel, to, copy));
        size = onTheWay.size();
    }

    /** Delivers what is due, or a portion of it. */
    void deliver() throws IOException {
        for (int i = 0; i < PORTION && isDue(onTheWay.peek()); i++) {
            Delayed next = onTheWay.remove();
            size = onTheWay.size();
            next.channel.send(next.datagram, next.to);
        }
    }

    private static boolean isDue(@Nullable Delayed next) {
        return next != null && next.due - System.nanoTime() <= 0;
    }

    /** How many datagrams are on their way; any thread may ask. */
    int size() {
        return size;
    }

    /** How many milliseconds until something is due, at least 1; 0 when nothing is on its way. */
    long millisToNext() {
        Delayed next = onTheWay.peek();
        return next == null ? 0 : Math.max(1, (next.due - System.nanoTime()) / 1_000_000);
    }
}
