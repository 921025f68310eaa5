// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Base;
import org.icepath.stun.AddressErrorCode;
import org.icepath.stun.AddressFamily;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;
import org.jspecify.annotations.Nullable;

/** Answers Allocate (RFC 8656 §7.2). */
final class AllocateRequests {

    private static final int UDP = 17;
    private static final int TCP = 6;

    private final EdgeConfig config;
    private final EdgeFaults faults;
    private final AllocationTable allocations;
    private final RelaySockets sockets;
    private final Replies replies;
    private final Outbox outbox;
    private final RandomGenerator random;

    AllocateRequests(
            EdgeConfig config,
            EdgeFaults faults,
            AllocationTable allocations,
            RelaySockets sockets,
            Replies replies,
            Outbox outbox,
            RandomGenerator random) {
        this.config = config;
        this.faults = faults;
        this.allocations = allocations;
        this.sockets = sockets;
        this.replies = replies;
        this.outbox = outbox;
        this.random = random;
    }

    /** What an allocation gets: its sockets, and what the response says beside them. */
    private record Grant(List<Base> relays, Optional<Long> reservation, Optional<AddressErrorCode> missing) {}

    void handle(Exchange exchange, Credential credential) {
        Allocation existing = allocations.of(exchange.tuple());
        if (existing != null) {
            answerAgain(exchange, credential, existing);
            return;
        }
        StunMessage request = exchange.message();
        checkTransport(exchange);
        if (faults.alternate().isPresent()) {
            throw new Refusal(ErrorCode.TRY_ALTERNATE, "Try Alternate");
        }
        if (allocations.countOf(credential.username()) >= config.allocationsPerUser()) {
            throw new Refusal(ErrorCode.ALLOCATION_QUOTA_REACHED, "Allocation Quota Reached");
        }
        Grant grant = grant(exchange);
        Allocation allocation =
                new Allocation(exchange.tuple(), credential.username(), request.transactionId(), grant.relays);
        long seconds = lifetimeSeconds(request);
        allocation.liveUntil(exchange.now() + Duration.ofSeconds(seconds).toNanos());
        allocations.add(allocation);
        outbox.event(new EdgeEvent.Allocated(
                exchange.client(), credential.username(), allocation.relayedAddresses(), seconds));
        answer(exchange, credential, allocation, seconds, grant);
    }

    /** The same request again gets the same answer; another one is a mismatch (RFC 8656 §7.2). */
    private void answerAgain(Exchange exchange, Credential credential, Allocation existing) {
        if (!existing.wasMadeBy(exchange.message().transactionId())) {
            throw new Refusal(ErrorCode.ALLOCATION_MISMATCH, "Allocation Mismatch");
        }
        long seconds = Duration.ofNanos(existing.expiresAt() - exchange.now()).toSeconds();
        answer(exchange, credential, existing, seconds, new Grant(List.of(), Optional.empty(), Optional.empty()));
    }

    private void answer(Exchange exchange, Credential credential, Allocation allocation, long seconds, Grant grant) {
        replies.success(exchange, credential, response -> {
            allocation.relayedAddresses().forEach(address -> response.put(Attributes.XOR_RELAYED_ADDRESS, address));
            response.putUint32(Attributes.LIFETIME, seconds).put(Attributes.XOR_MAPPED_ADDRESS, exchange.client());
            putRest(response, grant);
            if (config.mobile() && exchange.message().has(Attributes.MOBILITY_TICKET)) {
                response.putBytes(Attributes.MOBILITY_TICKET, allocations.ticket(allocation, random));
            }
        });
    }

    private static void putRest(StunWriter response, Grant grant) {
        grant.reservation.ifPresent(token -> response.put(Attributes.RESERVATION_TOKEN, token));
        grant.missing.ifPresent(error -> response.put(Attributes.ADDRESS_ERROR_CODE, error));
    }

    private void checkTransport(Exchange exchange) {
        StunMessage request = exchange.message();
        int transport = request.get(Attributes.REQUESTED_TRANSPORT)
                .orElseThrow(() -> new Refusal(ErrorCode.BAD_REQUEST, "REQUESTED-TRANSPORT is missing"));
        boolean connections =
                transport == TCP && exchange.tuple().base().transport().reliable();
        if (transport != UDP && !connections) {
            throw new Refusal(ErrorCode.UNSUPPORTED_TRANSPORT_PROTOCOL, "Unsupported Transport Protocol");
        }
        if (request.has(Attributes.DONT_FRAGMENT) && config.pathMtu() == 0) {
            throw new Refusal(ErrorCode.UNKNOWN_ATTRIBUTE, "Unknown Attribute", Attributes.DONT_FRAGMENT.type());
        }
    }

    private Grant grant(Exchange exchange) {
        StunMessage request = exchange.message();
        checkCombination(request);
        if (request.has(Attributes.RESERVATION_TOKEN)) {
            Base reserved = request.get(Attributes.RESERVATION_TOKEN)
                    .flatMap(allocations::redeem)
                    .orElseThrow(AllocateRequests::noCapacity);
            return new Grant(List.of(reserved), Optional.empty(), Optional.empty());
        }
        AddressFamily family = request.get(Attributes.REQUESTED_ADDRESS_FAMILY).orElse(AddressFamily.IPV4);
        if (!sockets.has(family)) {
            throw new Refusal(ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED, "Address Family not Supported");
        }
        if (isOfConnections(request)) {
            Base listener =
                    faults.isWithoutRelays() ? null : sockets.openTcp(family).orElse(null);
            if (listener == null) {
                throw noCapacity();
            }
            return new Grant(List.of(listener), Optional.empty(), Optional.empty());
        }
        Optional<Boolean> even = request.get(Attributes.EVEN_PORT);
        Base first = open(family, port(even)).orElseThrow(AllocateRequests::noCapacity);
        if (even.orElse(false)) {
            return withReservation(exchange, first);
        }
        return request.has(Attributes.ADDITIONAL_ADDRESS_FAMILY)
                ? withIpv6(first)
                : new Grant(List.of(first), Optional.empty(), Optional.empty());
    }

    /** Whether connections are to be relayed; ports and families beside go with datagrams alone (RFC 6062 §5.1). */
    private static boolean isOfConnections(StunMessage request) {
        boolean connections = request.get(Attributes.REQUESTED_TRANSPORT).orElse(UDP) == TCP;
        boolean more = request.has(Attributes.EVEN_PORT)
                || request.has(Attributes.RESERVATION_TOKEN)
                || request.has(Attributes.DONT_FRAGMENT)
                || request.has(Attributes.ADDITIONAL_ADDRESS_FAMILY);
        if (connections && more) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "not for connections");
        }
        return connections;
    }

    private Grant withReservation(Exchange exchange, Base even) {
        Base after = sockets.openAfter(even).orElse(null);
        if (after == null) {
            outbox.close(even);
            throw noCapacity();
        }
        long token = allocations.reserve(exchange.now(), after, random);
        return new Grant(List.of(even), Optional.of(token), Optional.empty());
    }

    /** One family may be missing from a dual allocation; the response then says why (RFC 8656 §7.2). */
    private Grant withIpv6(Base ipv4) {
        Base ipv6 = sockets.has(AddressFamily.IPV6)
                ? open(AddressFamily.IPV6, RelaySockets.Port.ANY).orElse(null)
                : null;
        if (ipv6 != null) {
            return new Grant(List.of(ipv4, ipv6), Optional.empty(), Optional.empty());
        }
        ErrorCode why = new ErrorCode(ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED, "Address Family not Supported");
        return new Grant(List.of(ipv4), Optional.empty(), Optional.of(new AddressErrorCode(AddressFamily.IPV6, why)));
    }

    private static void checkCombination(StunMessage request) {
        boolean token = request.has(Attributes.RESERVATION_TOKEN);
        boolean family = request.has(Attributes.REQUESTED_ADDRESS_FAMILY);
        boolean even = request.has(Attributes.EVEN_PORT);
        @Nullable
        AddressFamily additional =
                request.get(Attributes.ADDITIONAL_ADDRESS_FAMILY).orElse(null);
        if (token && (even || family || additional != null)) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "RESERVATION-TOKEN goes alone");
        }
        boolean reserves = request.get(Attributes.EVEN_PORT).orElse(false);
        if (additional == AddressFamily.IPV4 || (additional != null && (family || reserves))) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "ADDITIONAL-ADDRESS-FAMILY does not go with the others");
        }
    }

    private Optional<Base> open(AddressFamily family, RelaySockets.Port port) {
        return faults.isWithoutRelays() ? Optional.empty() : sockets.open(family, port);
    }

    private static RelaySockets.Port port(Optional<Boolean> even) {
        if (even.isEmpty()) {
            return RelaySockets.Port.ANY;
        }
        return even.get() ? RelaySockets.Port.EVEN_WITH_NEXT : RelaySockets.Port.EVEN;
    }

    private static Refusal noCapacity() {
        return new Refusal(ErrorCode.INSUFFICIENT_CAPACITY, "Insufficient Capacity");
    }

    /** The lifetime that a request gets: what it asks for, but no less than the default and no more than the most. */
    private long lifetimeSeconds(StunMessage request) {
        long least = config.defaultLifetime().toSeconds();
        long asked = request.uint32(Attributes.LIFETIME, least);
        return Math.min(Math.max(asked, least), config.maxLifetime().toSeconds());
    }
}
