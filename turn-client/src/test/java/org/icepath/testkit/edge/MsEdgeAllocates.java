// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.icepath.stun.AddressFamily;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunMessage;
import org.icepath.stun.ms.MsSequenceNumber;
import org.icepath.stun.ms.MsTurnAttributes;
import org.icepath.stun.ms.MsTurnType;
import org.jspecify.annotations.Nullable;

/** Answers Allocate in MS-TURN: makes allocations, refreshes and releases them. */
final class MsEdgeAllocates {

    private static final int CONNECTION_ID_LENGTH = 20;
    private static final int IPV6_VERSION = 4;

    private final MsEdgeConfig config;
    private final EdgeFaults faults;
    private final MsEdgeAllocations allocations;
    private final MsEdgeRelaying relaying;
    private final RelaySockets sockets;
    private final MsEdgeReplies replies;
    private final Outbox outbox;
    private final RandomGenerator random;

    MsEdgeAllocates(
            MsEdgeConfig config,
            EdgeFaults faults,
            MsEdgeAllocations allocations,
            MsEdgeRelaying relaying,
            RelaySockets sockets,
            MsEdgeReplies replies,
            Outbox outbox,
            RandomGenerator random) {
        this.config = config;
        this.faults = faults;
        this.allocations = allocations;
        this.relaying = relaying;
        this.sockets = sockets;
        this.replies = replies;
        this.outbox = outbox;
        this.random = random;
    }

    ByteBuffer handle(Exchange exchange, MsCredential credential, @Nullable MsEdgeAllocation existing) {
        Optional<Long> lifetime = exchange.message().get(MsTurnAttributes.LIFETIME);
        if (lifetime.filter(seconds -> seconds == 0).isPresent()) {
            return release(exchange, credential, existing);
        }
        if (existing == null) {
            return allocate(exchange, credential);
        }
        checkOwner(credential, existing);
        existing.nonce(credential.nonce());
        existing.liveUntil(exchange.now() + config.lifetime().toNanos());
        outbox.event(
                new EdgeEvent.Refreshed(exchange.client(), config.lifetime().toSeconds()));
        return answer(exchange, credential, existing, config.lifetime().toSeconds());
    }

    private static void checkOwner(MsCredential credential, MsEdgeAllocation allocation) {
        if (!allocation.username().equals(credential.username())) {
            throw new Refusal(441, "Wrong Username");
        }
    }

    private ByteBuffer release(Exchange exchange, MsCredential credential, @Nullable MsEdgeAllocation existing) {
        if (existing == null) {
            throw new Refusal(437, "No Binding");
        }
        checkOwner(credential, existing);
        allocations.remove(existing, false);
        relaying.end(existing);
        return answer(exchange, credential, existing, 0);
    }

    private ByteBuffer allocate(Exchange exchange, MsCredential credential) {
        if (faults.alternate().isPresent()) {
            throw new Refusal(ErrorCode.TRY_ALTERNATE, "Try Alternate");
        }
        StunMessage request = exchange.message();
        boolean tcp = exchange.tuple().base().transport() != Transport.UDP;
        boolean both = !tcp && wantsBothFamilies(request);
        AddressFamily family = both
                ? AddressFamily.IPV4
                : request.get(MsTurnAttributes.REQUESTED_ADDRESS_FAMILY).orElseGet(() -> familyOf(exchange));
        Base relay = (faults.isWithoutRelays()
                        ? Optional.<Base>empty()
                        : tcp ? sockets.openTcp(family) : sockets.open(family, RelaySockets.Port.ANY))
                .orElseThrow(() -> new Refusal(ErrorCode.SERVER_ERROR, "Server Error"));
        byte[] connectionId = new byte[CONNECTION_ID_LENGTH];
        random.nextBytes(connectionId);
        Base second =
                both ? sockets.open(AddressFamily.IPV6, RelaySockets.Port.ANY).orElse(null) : null;
        MsEdgeAllocation allocation = new MsEdgeAllocation(exchange.tuple(), credential, connectionId, relay, second);
        allocation.liveUntil(exchange.now() + config.lifetime().toNanos());
        allocations.add(allocation);
        outbox.event(new EdgeEvent.Allocated(
                exchange.client(),
                credential.username(),
                allocation.relays().stream().map(Base::address).toList(),
                config.lifetime().toSeconds()));
        return answer(exchange, credential, allocation, config.lifetime().toSeconds());
    }

    /** From version 4 on who names no family is given both ([MS-TURN] §2.2.2.23, inferred). */
    private boolean wantsBothFamilies(StunMessage request) {
        return config.version() >= IPV6_VERSION
                && request.uint32(MsTurnAttributes.MS_VERSION, 0) >= IPV6_VERSION
                && !request.has(MsTurnAttributes.REQUESTED_ADDRESS_FAMILY);
    }

    private static AddressFamily familyOf(Exchange exchange) {
        return exchange.tuple().base().address().getAddress() instanceof Inet6Address
                ? AddressFamily.IPV6
                : AddressFamily.IPV4;
    }

    private ByteBuffer answer(Exchange exchange, MsCredential credential, MsEdgeAllocation allocation, long seconds) {
        return replies.success(exchange, MsTurnType.ALLOCATE_RESPONSE, credential, response -> {
            response.putUint32(MsTurnAttributes.LIFETIME, seconds)
                    .put(MsTurnAttributes.MAPPED_ADDRESS, allocation.relay().address());
            replies.putVersion(response);
            response.put(MsTurnAttributes.XOR_MAPPED_ADDRESS, exchange.client())
                    .put(MsTurnAttributes.SEQUENCE_NUMBER, new MsSequenceNumber(allocation.connectionId(), 0));
            allocation.relays().stream()
                    .skip(1)
                    .forEach(second -> response.put(MsTurnAttributes.ALTERNATE_MAPPED_ADDRESS, second.address()));
        });
    }
}
