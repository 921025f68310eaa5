// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Base;
import org.icepath.stun.Attributes;
import org.icepath.stun.IcmpError;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.turn.wire.ChannelData;
import org.jspecify.annotations.Nullable;

/** Carries application data between clients and peers (RFC 8656 §11, §12). */
final class Relaying {

    /** The most that UDP over IPv4 carries, less header and attributes of a Data indication to an IPv6 peer. */
    private static final int LARGEST_DATA = 65_507 - 20 - 24 - 4;

    private final int pathMtu;
    private final AllocationTable allocations;
    private final Outbox outbox;
    private final RandomGenerator random;
    private final StunWriter writer = new StunWriter();
    private final ByteBuffer buffer = ByteBuffer.allocate(65_535);

    Relaying(EdgeConfig config, AllocationTable allocations, Outbox outbox, RandomGenerator random) {
        this.pathMtu = config.pathMtu();
        this.allocations = allocations;
        this.outbox = outbox;
        this.random = random;
    }

    /**
     * Sends what a Send indication carries.
     *
     * @return why it was not sent, or empty
     */
    String send(Exchange exchange) {
        StunMessage indication = exchange.message();
        Optional<InetSocketAddress> peer = indication.get(Attributes.XOR_PEER_ADDRESS);
        Optional<ByteBuffer> data = indication.get(Attributes.DATA);
        if (peer.isEmpty() || data.isEmpty()) {
            return "Send indication without peer or data";
        }
        if (indication.has(Attributes.DONT_FRAGMENT)) {
            if (pathMtu == 0) {
                return "Send indication with DONT-FRAGMENT, which this server cannot do";
            }
            if (data.get().remaining() > pathMtu) {
                return tooBig(allocations.of(exchange.tuple()), peer.get());
            }
        }
        return toPeer(exchange.now(), allocations.of(exchange.tuple()), peer.get(), data.get());
    }

    private String tooBig(@Nullable Allocation allocation, InetSocketAddress peer) {
        boolean four = peer.getAddress() instanceof Inet4Address;
        icmp(allocation, peer, new IcmpError(four ? 3 : 2, four ? 4 : 0, pathMtu));
        return "Send indication with DONT-FRAGMENT that does not fit";
    }

    /** A datagram did not reach a peer: tells the client of the ICMP message (RFC 8656 §11.5). */
    void unreachable(@Nullable Allocation allocation, InetSocketAddress peer) {
        boolean four = peer.getAddress() instanceof Inet4Address;
        icmp(allocation, peer, new IcmpError(four ? 3 : 1, four ? 3 : 4, 0));
    }

    private void icmp(@Nullable Allocation allocation, InetSocketAddress peer, IcmpError error) {
        if (allocation != null) {
            ByteBuffer message = writer.wrap(buffer.clear())
                    .indication(StunMethod.DATA, TransactionId.next(random))
                    .put(Attributes.XOR_PEER_ADDRESS, peer)
                    .put(Attributes.ICMP, error)
                    .finish();
            outbox.transmit(
                    allocation.towardsClient().base(),
                    allocation.towardsClient().client(),
                    message);
        }
    }

    /**
     * Sends what a ChannelData message carries.
     *
     * @return why it was not sent, or empty
     */
    String sendChannelData(long now, Exchange.FiveTuple tuple, ByteBuffer message) {
        if (!ChannelData.isChannelData(message)) {
            return "ChannelData shorter than it says";
        }
        Allocation allocation = allocations.of(tuple);
        Optional<InetSocketAddress> peer =
                allocation == null ? Optional.empty() : allocation.peerOf(now, ChannelData.channel(message));
        return peer.isEmpty()
                ? "ChannelData on a channel that is not bound"
                : toPeer(now, allocation, peer.get(), ChannelData.data(message));
    }

    private String toPeer(long now, @Nullable Allocation allocation, InetSocketAddress peer, ByteBuffer data) {
        if (allocation == null) {
            return "data without an allocation";
        }
        Base relay = allocation.relayFor(peer);
        if (relay == null || !allocation.permits(now, peer.getAddress())) {
            return "no permission for " + peer;
        }
        allocation.heardFromClient();
        outbox.transmit(relay, peer, data);
        return "";
    }

    /**
     * Hands a peer's datagram to the client, on the peer's channel if it has one (RFC 8656 §11.6, §12.7).
     *
     * @return why it was not handed on, or empty
     */
    String fromPeer(long now, Allocation allocation, InetSocketAddress peer, ByteBuffer payload) {
        if (!allocation.permits(now, peer.getAddress())) {
            return "no permission for " + peer;
        }
        if (payload.remaining() > LARGEST_DATA) {
            return payload.remaining() + " bytes from a peer do not fit into a Data indication";
        }
        OptionalInt channel = allocation.channelOf(now, peer);
        ByteBuffer message = channel.isPresent() ? channelData(channel.getAsInt(), payload) : indication(peer, payload);
        outbox.transmit(
                allocation.towardsClient().base(), allocation.towardsClient().client(), message);
        return "";
    }

    private ByteBuffer channelData(int channel, ByteBuffer payload) {
        int length = payload.remaining();
        ChannelData.writeHeader(buffer.clear(), 0, channel, length);
        buffer.put(ChannelData.HEADER_LENGTH, payload, payload.position(), length);
        return buffer.limit(ChannelData.HEADER_LENGTH + length);
    }

    private ByteBuffer indication(InetSocketAddress peer, ByteBuffer payload) {
        return writer.wrap(buffer.clear())
                .indication(StunMethod.DATA, TransactionId.next(random))
                .put(Attributes.XOR_PEER_ADDRESS, peer)
                .putBytes(Attributes.DATA, payload)
                .finish();
    }
}
