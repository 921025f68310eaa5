// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.icepath.stun.AddressFamily;
import org.icepath.stun.AttributeCursor;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunMessage;
import org.icepath.turn.wire.ChannelData;

/** Answers Refresh, CreatePermission and ChannelBind (RFC 8656 §8.2, §10.2, §12.2). */
final class AllocationRequests {

    private static final byte[] STRAY = {0x28, 0, 4, 0, 0x53, 0x54, 0x55, 0x4E};

    private final EdgeConfig config;
    private final EdgeFaults faults;
    private final AllocationTable allocations;
    private final Replies replies;
    private final Outbox outbox;
    private final RandomGenerator random;
    private final Set<Exchange.FiveTuple> misspoken = new HashSet<>();
    private final AttributeCursor cursor = new AttributeCursor();

    AllocationRequests(
            EdgeConfig config,
            EdgeFaults faults,
            AllocationTable allocations,
            Replies replies,
            Outbox outbox,
            RandomGenerator random) {
        this.random = random;
        this.config = config;
        this.faults = faults;
        this.allocations = allocations;
        this.replies = replies;
        this.outbox = outbox;
    }

    void refresh(Exchange exchange, Credential credential) {
        boolean moves = config.mobile() && exchange.message().has(Attributes.MOBILITY_TICKET);
        Allocation allocation = moves ? moved(exchange, credential) : allocationOf(exchange, credential);
        if (moves && faults.misspeaks() && misspoken.add(exchange.tuple())) {
            outbox.transmit(exchange.tuple().base(), exchange.client(), ByteBuffer.wrap(STRAY));
            return;
        }
        StunMessage request = exchange.message();
        AddressFamily family = request.get(Attributes.REQUESTED_ADDRESS_FAMILY).orElse(null);
        if (family != null && allocation.relay(family) == null) {
            throw new Refusal(ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH, "Peer Address Family Mismatch");
        }
        long least = config.defaultLifetime().toSeconds();
        long asked = request.uint32(Attributes.LIFETIME, least);
        long granted = asked == 0
                ? 0
                : Math.min(Math.max(asked, least), config.maxLifetime().toSeconds());
        if (granted == 0) {
            allocations.remove(allocation, false);
        } else {
            allocation.liveUntil(exchange.now() + Duration.ofSeconds(granted).toNanos());
            outbox.event(new EdgeEvent.Refreshed(exchange.client(), granted));
        }
        replies.success(exchange, credential, response -> {
            response.putUint32(Attributes.LIFETIME, granted);
            if (moves) {
                response.putBytes(Attributes.MOBILITY_TICKET, allocations.ticket(allocation, random));
            }
        });
    }

    /** The allocation whose ticket the client has, brought to where he is now (RFC 8016 §3.2.2). */
    private Allocation moved(Exchange exchange, Credential credential) {
        Allocation allocation = exchange.message()
                .get(Attributes.MOBILITY_TICKET)
                .map(allocations::of)
                .orElseThrow(() -> new Refusal(ErrorCode.BAD_REQUEST, "No such ticket"));
        checkOwner(allocation, credential);
        allocations.move(allocation, exchange.tuple());
        outbox.event(new EdgeEvent.Moved(exchange.client()));
        return allocation;
    }

    void createPermission(Exchange exchange, Credential credential) {
        Allocation allocation = allocationOf(exchange, credential);
        List<InetSocketAddress> peers = peers(exchange.message());
        if (peers.isEmpty()) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "XOR-PEER-ADDRESS is missing");
        }
        // All or none (RFC 8656 §10.2).
        peers.forEach(peer -> checkPeer(allocation, peer));
        for (InetSocketAddress peer : peers) {
            allocation.permit(exchange.now(), peer.getAddress());
            outbox.event(new EdgeEvent.Permitted(exchange.client(), peer.getAddress()));
        }
        replies.success(exchange, credential, response -> {});
    }

    void channelBind(Exchange exchange, Credential credential) {
        Allocation allocation = allocationOf(exchange, credential);
        StunMessage request = exchange.message();
        int channel = request.get(Attributes.CHANNEL_NUMBER)
                .filter(ChannelData::isChannel)
                .orElseThrow(() -> new Refusal(ErrorCode.BAD_REQUEST, "CHANNEL-NUMBER is missing or out of range"));
        InetSocketAddress peer = request.get(Attributes.XOR_PEER_ADDRESS)
                .orElseThrow(() -> new Refusal(ErrorCode.BAD_REQUEST, "XOR-PEER-ADDRESS is missing"));
        if (!allocation.canBind(exchange.now(), channel, peer)) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "Channel or peer is bound otherwise");
        }
        checkPeer(allocation, peer);
        allocation.bind(exchange.now(), channel, peer);
        outbox.event(new EdgeEvent.ChannelBound(exchange.client(), channel, peer));
        replies.success(exchange, credential, response -> {});
    }

    private Allocation allocationOf(Exchange exchange, Credential credential) {
        Allocation allocation = allocations.of(exchange.tuple());
        if (allocation == null) {
            throw new Refusal(ErrorCode.ALLOCATION_MISMATCH, "Allocation Mismatch");
        }
        checkOwner(allocation, credential);
        return allocation;
    }

    private static void checkOwner(Allocation allocation, Credential credential) {
        if (!allocation.username().equals(credential.username())) {
            throw new Refusal(ErrorCode.WRONG_CREDENTIALS, "Wrong Credentials");
        }
    }

    private List<InetSocketAddress> peers(StunMessage request) {
        List<InetSocketAddress> peers = new ArrayList<>();
        cursor.over(request);
        while (cursor.next()) {
            if (cursor.is(Attributes.XOR_PEER_ADDRESS)) {
                peers.add(cursor.value(Attributes.XOR_PEER_ADDRESS));
            }
        }
        return peers;
    }

    private void checkPeer(Allocation allocation, InetSocketAddress peer) {
        if (allocation.relayFor(peer) == null) {
            throw new Refusal(ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH, "Peer Address Family Mismatch");
        }
        if (faults.isRefused(peer.getAddress())) {
            throw new Refusal(ErrorCode.FORBIDDEN, "Forbidden");
        }
    }
}
