// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.peer;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.icepath.ice.IcePath;
import org.icepath.ice.SendResult;

/**
 * Packets with numbers from 0 up, sent at a steady rate, and the count of those that came from the other side: what is lost or doubled while
 * a path changes shows in it. Thread-safe.
 */
final class NumberedFlow {

    private static final int MARK = 0x80_66_6c_6f; // not STUN (RFC 9443), then "flo"
    private static final int BYTES = 160;
    private static final int MOST_NUMBERED = 1 << 20;

    private final JsonLines out;
    private final BitSet seen = new BitSet();
    private int received;

    NumberedFlow(JsonLines out) {
        this.out = out;
    }

    /** Sends so many packets, from when the path is ready on; one that the path does not take is tried again. */
    void send(IcePath path, int packets, int perSecond) {
        path.ready().thenRun(() -> {
            ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "flow");
                thread.setDaemon(true);
                return thread;
            });
            Departures departures = new Departures(path, packets, clock);
            clock.scheduleAtFixedRate(
                    departures::next, 0, TimeUnit.SECONDS.toNanos(1) / perSecond, TimeUnit.NANOSECONDS);
        });
    }

    /** The packets that leave, one at a call. */
    private final class Departures {

        private final IcePath path;
        private final int packets;
        private final ScheduledExecutorService clock;
        private final ByteBuffer packet = ByteBuffer.allocate(BYTES).putInt(0, MARK);
        private int sent;

        private Departures(IcePath path, int packets, ScheduledExecutorService clock) {
            this.path = path;
            this.packets = packets;
            this.clock = clock;
        }

        private void next() {
            packet.putInt(Integer.BYTES, sent);
            if (path.send(packet.duplicate()) == SendResult.SENT) {
                sent++;
            }
            if (sent == packets) {
                out.emit(JsonLines.event("flowed").put("sent", sent));
                clock.shutdown();
            }
        }
    }

    /** Counts a packet of the other side's flow; false for any other packet. */
    synchronized boolean count(ByteBuffer packet) {
        if (packet.remaining() != BYTES || packet.getInt(packet.position()) != MARK) {
            return false;
        }
        int number = packet.getInt(packet.position() + Integer.BYTES);
        if (number >= 0 && number < MOST_NUMBERED) {
            received++;
            seen.set(number);
        }
        return true;
    }

    /** Tells what has come so far, and the first number that has not. */
    synchronized void tell() {
        out.emit(JsonLines.event("count")
                .put("received", received)
                .put("distinct", seen.cardinality())
                .put("missing", seen.nextClearBit(0)));
    }
}
