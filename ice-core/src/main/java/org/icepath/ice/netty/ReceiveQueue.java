// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Packets from the event loop that some other thread waits for; bounded in number and bytes, the oldest give way. Thread-safe. */
final class ReceiveQueue {

    private static final int MOST_HELD = 256;

    /** Most bytes of all packets together: what a UDP socket of ours asks for as its receive buffer. */
    private static final int MOST_BYTES = 1 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<Datagram> packets = new ArrayDeque<>();
    private int waiting; // bytes
    private boolean closed;

    /** A packet in memory of its own. */
    record Datagram(InetSocketAddress from, byte[] bytes) {}

    /** Keeps a copy. */
    void add(InetSocketAddress from, ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(payload.position(), bytes);
        lock.lock();
        try {
            if (closed) {
                return;
            }
            while (packets.size() >= MOST_HELD || waiting > 0 && waiting + bytes.length > MOST_BYTES) {
                waiting -= packets.remove().bytes().length;
            }
            packets.add(new Datagram(from, bytes));
            waiting += bytes.length;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a packet.
     *
     * @param nanos how long at most
     * @return null when there is none in that time, or the queue is closed
     */
    @Nullable
    Datagram take(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (packets.isEmpty() && !closed && left > 0) {
                left = arrived.awaitNanos(left);
            }
            Datagram next = packets.poll();
            waiting -= next == null ? 0 : next.bytes().length;
            return next;
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return packets.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes whoever waits, and drops what is there. Idempotent. */
    void close() {
        lock.lock();
        try {
            closed = true;
            packets.clear();
            waiting = 0;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
