// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.topology;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunMessage;
import org.icepath.testkit.network.PacketEvent;
import org.icepath.testkit.network.PacketEvent.Fate;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.turn.wire.ChannelData;
import org.icepath.turn.wire.Demux;
import org.icepath.turn.wire.PacketKind;
import org.jspecify.annotations.Nullable;

/**
 * Which ways an application's packets take through a network, whatever the two hosts think of it: as seen on the wires. Packets carry a
 * mark by which they are known again behind NATs and relays. Not thread-safe.
 */
public final class PacketWays {

    private static final byte RTP_VERSION_2 = (byte) 0x80;
    private static final int LENGTH = 20;
    private static final int MARK_OFFSET = 12;

    private final Map<Long, Trace> traces = new HashMap<>();
    private long marks;

    private PacketWays() {}

    /** Watches a network from now on. */
    public static PacketWays of(VirtualNetwork network) {
        PacketWays ways = new PacketWays();
        network.log().tap(ways::see);
        return ways;
    }

    /**
     * The way of one packet.
     *
     * @param from the socket that it left from
     * @param to where that sent it
     * @param seenFrom whom the socket saw that it arrived at
     * @param at that socket
     * @param relays how many relays passed it on
     */
    public record Way(
            InetSocketAddress from,
            InetSocketAddress to,
            InetSocketAddress seenFrom,
            InetSocketAddress at,
            int relays) {

        /** What is on it. */
        public WorkingPath.Kind kind() {
            return switch (relays) {
                case 0 ->
                    from.equals(seenFrom) && to.equals(at) ? WorkingPath.Kind.DIRECT : WorkingPath.Kind.TRANSLATED;
                case 1 -> WorkingPath.Kind.ONE_RELAY;
                default -> WorkingPath.Kind.TWO_RELAYS;
            };
        }

        /** Whether {@code other} leads back through the same sockets and relays. */
        public boolean isReverseOf(Way other) {
            return from.equals(other.at)
                    && to.equals(other.seenFrom)
                    && seenFrom.equals(other.to)
                    && at.equals(other.from)
                    && relays == other.relays;
        }
    }

    private static final class Trace {
        private final Set<InetSocketAddress> passedOnFrom = new HashSet<>();
        private @Nullable PacketEvent sent;
        private @Nullable PacketEvent last;
        private boolean lost;
    }

    /** A packet with a new mark. */
    public ByteBuffer packet() {
        traces.put(++marks, new Trace());
        return ByteBuffer.allocate(LENGTH).put(0, RTP_VERSION_2).putLong(MARK_OFFSET, marks);
    }

    /** The mark of a packet that was made here. */
    public static long mark(ByteBuffer packet) {
        return packet.getLong(packet.position() + MARK_OFFSET);
    }

    /** The way of the packet with this mark; empty when it has not arrived at a host called {@code receiver}. */
    public Optional<Way> way(long mark, String receiver) {
        Trace trace = traces.get(mark);
        if (trace == null || trace.sent == null || trace.last == null) {
            return Optional.empty();
        }
        PacketEvent sent = trace.sent;
        PacketEvent last = trace.last;
        return last.where().equals(receiver)
                ? Optional.of(new Way(
                        sent.packet().source(),
                        sent.packet().destination(),
                        last.packet().source(),
                        last.packet().destination(),
                        trace.passedOnFrom.size()))
                : Optional.empty();
    }

    /** Whether a link has lost the packet with this mark: nothing else that may become of it is the network's fault. */
    public boolean lost(long mark) {
        Trace trace = traces.get(mark);
        return trace != null && trace.lost;
    }

    private void see(PacketEvent event) {
        if (event.fate() != Fate.SENT && event.fate() != Fate.DELIVERED && event.fate() != Fate.LOST) {
            return;
        }
        ByteBuffer data = data(event.packet().payload());
        if (data == null || data.remaining() != LENGTH || data.get(data.position()) != RTP_VERSION_2) {
            return;
        }
        Trace trace = traces.get(mark(data));
        if (trace == null) {
            return;
        }
        if (event.fate() == Fate.LOST) {
            trace.lost = true;
        } else if (event.fate() == Fate.DELIVERED) {
            trace.last = event;
        } else if (trace.sent == null) {
            trace.sent = event;
        } else {
            // a doubled packet is passed on twice, from one socket
            trace.passedOnFrom.add(event.packet().source());
        }
    }

    /** What an application sent, unwrapped; null for what no application sends. */
    private static @Nullable ByteBuffer data(ByteBuffer payload) {
        PacketKind kind = Demux.of(payload);
        if (kind == PacketKind.TURN_CHANNEL) {
            return ChannelData.data(payload);
        }
        if (kind == PacketKind.STUN) {
            StunMessage message = new StunMessage().wrap(payload);
            return message.get(Attributes.DATA).orElse(null);
        }
        return payload;
    }
}
