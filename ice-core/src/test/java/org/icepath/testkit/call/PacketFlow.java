// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.call;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import org.icepath.testkit.network.VirtualNetwork;

/** Numbered packets from one phone to another on component 1 of stream 0, and what became of them. Not thread-safe. */
public final class PacketFlow {

    private static final byte RTP_VERSION_2 = (byte) 0x80;
    private static final int LENGTH = 20;
    private static final int SEQUENCE_OFFSET = 12;

    private final VirtualNetwork network;
    private final VirtualPhone from;
    private final IntSupplier peer;
    private final VirtualPhone to;
    private final Duration interval;
    private final long mark;
    private long sent;
    private long refused;
    private boolean stopped;

    private PacketFlow(
            VirtualNetwork network, VirtualPhone from, IntSupplier peer, VirtualPhone to, Duration interval) {
        this.network = network;
        this.from = from;
        this.peer = peer;
        this.to = to;
        this.interval = interval;
        this.mark = network.random().nextLong();
    }

    static PacketFlow start(
            VirtualNetwork network, VirtualPhone from, IntSupplier peer, VirtualPhone to, Duration interval) {
        PacketFlow flow = new PacketFlow(network, from, peer, to, interval);
        network.after(Duration.ZERO, flow::tick);
        return flow;
    }

    private void tick() {
        if (stopped) {
            return;
        }
        if (peer.getAsInt() != 0) {
            if (from.send(peer.getAsInt(), 0, 1, packet(sent))) {
                sent++;
            } else {
                refused++;
            }
        }
        network.after(interval, this::tick);
    }

    private ByteBuffer packet(long sequence) {
        ByteBuffer packet = ByteBuffer.allocate(LENGTH);
        packet.put(0, RTP_VERSION_2).putLong(SEQUENCE_OFFSET - Long.BYTES, mark).putLong(SEQUENCE_OFFSET, sequence);
        return packet;
    }

    /** Sends no more. */
    public void stop() {
        stopped = true;
    }

    /** How many packets were sent; those for which there was no path are not among them. */
    public long sent() {
        return sent;
    }

    /** For how many packets there was no path. */
    public long refused() {
        return refused;
    }

    /** How many that were sent have not arrived. */
    public long lost() {
        return sent - arrivals().size();
    }

    /** How many have arrived more than once. */
    public long duplicated() {
        return arrivals().values().stream().filter(times -> times > 1).count();
    }

    private Map<Long, Integer> arrivals() {
        Map<Long, Integer> arrivals = new HashMap<>();
        for (VirtualPhone.Received received : to.received()) {
            ByteBuffer packet = received.packet();
            if (packet.remaining() == LENGTH && packet.getLong(SEQUENCE_OFFSET - Long.BYTES) == mark) {
                arrivals.merge(packet.getLong(SEQUENCE_OFFSET), 1, Integer::sum);
            }
        }
        return arrivals;
    }
}
