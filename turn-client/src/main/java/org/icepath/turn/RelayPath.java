// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.icepath.stun.Attributes.DATA;
import static org.icepath.stun.Attributes.ICMP;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Output;
import org.icepath.stun.IcmpError;
import org.icepath.stun.StunMessage;
import org.icepath.turn.wire.ChannelData;

/**
 * The data of an allocation: wraps what goes to peers and unwraps what comes from them (RFC 8656 §11, §12). Not thread-safe.
 *
 * <p>By channel, and for the active destination, nothing is allocated for a packet; by message a few small objects are, where the dialect
 * needs them.
 */
final class RelayPath {

    private final Mobility mobility;
    private final TurnDialogue dialogue;
    private final TurnDialogue.DataSink delivery = this::deliver;
    private final RelayedData sink;
    private final Permissions permissions;
    private final Channels channels;
    private final ActiveDestination active;
    private final RelayedBases relayed;
    private final Consumer<TurnEvent> events;
    private ByteBuffer scratch = ByteBuffer.allocate(0);
    private long refusedInbound;

    RelayPath(
            Mobility mobility,
            TurnDialogue dialogue,
            RelayedData sink,
            PeerAccess peers,
            RelayedBases relayed,
            Consumer<TurnEvent> events) {
        this.mobility = mobility;
        this.dialogue = dialogue;
        this.sink = sink;
        this.permissions = peers.permissions();
        this.channels = peers.channels();
        this.active = peers.activeDestination();
        this.relayed = relayed;
        this.events = events;
    }

    /** How many datagrams came from the server that no permission or channel covers. */
    long refusedInbound() {
        return refusedInbound;
    }

    /** Sends a datagram to a peer; false if the server would not relay it. */
    boolean transmit(InetSocketAddress server, InetSocketAddress peer, ByteBuffer payload, Output<?> out) {
        int channel = channels.numberFor(peer);
        if (channel != 0) {
            out.transmit(mobility.base(), server, channelData(channel, payload));
        } else if (active.is(peer)) {
            out.transmit(mobility.base(), server, bare(payload));
        } else if (permissions.isOpen(peer.getAddress()) && dialogue.fits(payload.remaining())) {
            out.transmit(mobility.base(), server, indication(peer, payload, false));
        } else {
            return false;
        }
        return true;
    }

    /** Sends a datagram that no router may fragment; only an indication can say so (RFC 8656 §14). */
    boolean transmitWhole(InetSocketAddress server, InetSocketAddress peer, ByteBuffer payload, Output<?> out) {
        if (!permissions.isOpen(peer.getAddress()) || !dialogue.fits(payload.remaining())) {
            return false;
        }
        out.transmit(mobility.base(), server, indication(peer, payload, true));
        return true;
    }

    private ByteBuffer channelData(int channel, ByteBuffer payload) {
        int length = payload.remaining();
        ByteBuffer frame = scratch(ChannelData.HEADER_LENGTH + length);
        ChannelData.writeHeader(frame, 0, channel, length);
        frame.put(ChannelData.HEADER_LENGTH, payload, payload.position(), length);
        return frame.limit(ChannelData.HEADER_LENGTH + length);
    }

    private ByteBuffer indication(InetSocketAddress peer, ByteBuffer payload, boolean whole) {
        return dialogue.wrap(scratch(dialogue.overhead() + payload.remaining()), peer, payload, whole);
    }

    private ByteBuffer bare(ByteBuffer payload) {
        BareHeader header = dialogue.bareHeader();
        if (header.length() == 0) {
            return payload;
        }
        int length = payload.remaining();
        ByteBuffer frame = scratch(header.length() + length);
        header.write(frame, length);
        return frame.put(frame.position(), payload, payload.position(), length)
                .limit(header.length() + length)
                .position(0);
    }

    /** What stands before data for a peer whose data needs no message around it now; empty where it needs one, or has a channel. */
    Optional<BareHeader> bareHeaderFor(InetSocketAddress peer) {
        return active.is(peer) ? Optional.of(dialogue.bareHeader()) : Optional.empty();
    }

    private ByteBuffer scratch(int capacity) {
        if (scratch.capacity() < capacity) {
            scratch = ByteBuffer.allocate(Math.max(2_048, Integer.highestOneBit(capacity) << 1));
        }
        return scratch.clear();
    }

    /** Takes ChannelData from the server; what belongs to no channel is dropped silently (RFC 8656 §12.6). */
    void receiveChannelData(ByteBuffer frame) {
        int header = ChannelData.headerOf(frame);
        InetSocketAddress peer = header == ChannelData.NONE ? null : channels.peerOf(ChannelData.channelIn(header));
        if (peer == null) {
            refusedInbound++;
            return;
        }
        int data = frame.position() + ChannelData.HEADER_LENGTH;
        deliver(peer, frame, data, ChannelData.lengthIn(header));
    }

    /** Takes a Data indication; one from a peer without a permission is dropped (RFC 8656 §11.4). */
    void receiveIndication(StunMessage indication, ByteBuffer datagram) {
        Optional<InetSocketAddress> peer = dialogue.peerOf(indication);
        if (peer.isEmpty() || !permissions.isOpen(peer.get().getAddress())) {
            refusedInbound++;
            return;
        }
        Optional<IcmpError> icmp = indication.get(ICMP);
        if (icmp.isPresent()) {
            events.accept(new TurnEvent.IcmpReceived(peer.get(), icmp.get()));
            return;
        }
        if (!indication.has(DATA)) {
            refusedInbound++;
            return;
        }
        dialogue.unwrap(peer.get(), datagram, indication.offset(DATA), indication.length(DATA), delivery);
    }

    /** Takes what came without a message around it; false if there is no active destination. */
    boolean receiveBare(ByteBuffer datagram) {
        InetSocketAddress peer = active.expected();
        int at = dialogue.bareAt(datagram);
        if (peer == null || at < 0) {
            return false;
        }
        dialogue.unwrap(peer, datagram, datagram.position() + at, datagram.remaining() - at, delivery);
        return true;
    }

    // The window of the borrowed buffer is moved over the data and back: a slice would cost an object for each packet.
    private void deliver(InetSocketAddress peer, ByteBuffer datagram, int offset, int length) {
        Base relayBase = relayed.towards(peer.getAddress());
        if (relayBase == null) {
            refusedInbound++;
            return;
        }
        int position = datagram.position();
        int limit = datagram.limit();
        try {
            sink.received(relayBase, peer, datagram.limit(offset + length).position(offset));
        } finally {
            datagram.clear().limit(limit).position(position);
        }
    }
}
