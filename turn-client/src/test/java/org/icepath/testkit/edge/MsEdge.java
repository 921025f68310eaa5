// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunParseException;
import org.icepath.stun.ms.MsSequenceNumber;
import org.icepath.stun.ms.MsStreamFraming;
import org.icepath.stun.ms.MsTurnAttributes;
import org.icepath.stun.ms.MsTurnDialect;
import org.icepath.stun.ms.MsTurnType;
import org.icepath.testkit.edge.Exchange.FiveTuple;
import org.jspecify.annotations.Nullable;

/**
 * The part of an {@link EdgeMachine} that speaks MS-TURN. It does not retransmit, and knows no transition between destinations
 * ([MS-TURN] §3.3.5.3).
 */
final class MsEdge {

    private static final StunMethod SEND = new StunMethod(0x004);

    private final MsEdgeConfig config;
    private final EdgeFaults faults;
    private final Outbox outbox;
    private final MsEdgeAuthenticator authenticator;
    private final MsEdgeReplies replies;
    private final MsEdgeAllocations allocations;
    private final MsEdgeRelaying relaying;
    private final MsEdgeAllocates allocates;
    private final StunMessage message = new StunMessage(MsTurnDialect.SHA1);
    private final Set<Integer> ports = new HashSet<>();
    private final Set<Base> streams = new HashSet<>();

    MsEdge(MsEdgeConfig config, EdgeFaults faults, RelaySockets sockets, Outbox outbox, RandomGenerator random) {
        this.config = config;
        this.faults = faults;
        this.outbox = outbox;
        this.authenticator = new MsEdgeAuthenticator(config, faults, random);
        this.replies = new MsEdgeReplies(config, faults, authenticator, outbox, random);
        this.allocations = new MsEdgeAllocations(sockets, outbox);
        this.relaying = new MsEdgeRelaying(config, allocations, replies, outbox);
        this.allocates = new MsEdgeAllocates(config, faults, allocations, relaying, sockets, replies, outbox, random);
    }

    /** Connections that are accepted on this port are clients' of this dialect. */
    void listenOn(int port) {
        ports.add(port);
    }

    int allocationCount() {
        return allocations.all().size();
    }

    void forgetAllocations() {
        allocations.all().forEach(allocation -> {
            allocations.remove(allocation, false);
            relaying.end(allocation);
        });
    }

    /** Takes the fact that a connection stands; false if it has nothing to do with this dialect. */
    boolean opened(Base base) {
        if (ports.contains(base.address().getPort())) {
            streams.add(base);
            return true;
        }
        return relaying.opened(base) || allocations.at(base.address()) != null;
    }

    /** Whether a client of this dialect is at the other end. */
    boolean isClient(Base base) {
        return streams.contains(base);
    }

    void closed(Base base) {
        if (streams.remove(base)) {
            allocations.all().stream()
                    .filter(allocation -> allocation.tuple().base().equals(base))
                    .forEach(relaying::end);
            allocations.removeOn(base);
        }
        relaying.closed(base);
    }

    /** Whether a client's datagram is of this dialect: by its cookie, by its stream, or because of its active destination. */
    boolean isMine(FiveTuple tuple, ByteBuffer payload) {
        if (streams.contains(tuple.base())) {
            return true;
        }
        MsEdgeAllocation allocation = allocations.of(tuple);
        return MsTurnDialect.isControl(payload) || allocation != null && allocation.active() != null;
    }

    /**
     * Takes what a client has sent.
     *
     * @return why nothing comes of it, or empty
     */
    String fromClient(long now, FiveTuple tuple, ByteBuffer payload) {
        boolean stream = tuple.base().transport() != Transport.UDP;
        if (stream && MsStreamFraming.type(payload) == MsStreamFraming.DATA) {
            return bare(now, tuple, payload.position(payload.position() + MsStreamFraming.CONTENT));
        }
        ByteBuffer control = stream ? payload.position(payload.position() + MsStreamFraming.CONTENT) : payload;
        if (MsTurnDialect.isControl(control)) {
            return control(now, tuple, control);
        }
        if (stream) {
            outbox.close(tuple.base()); // a message without a cookie ([MS-TURN] §3.1.10)
            closed(tuple.base());
            return "a message without the cookie on a connection, which is closed";
        }
        return bare(now, tuple, payload);
    }

    private String bare(long now, FiveTuple tuple, ByteBuffer data) {
        MsEdgeAllocation allocation = allocations.of(tuple);
        InetSocketAddress active = allocation == null ? null : allocation.active();
        if (allocation == null || active == null) {
            return "data without an active destination";
        }
        touch(now, allocation);
        relaying.toPeer(allocation, active, data);
        return "";
    }

    private void touch(long now, MsEdgeAllocation allocation) {
        allocation.liveUntil(now + config.lifetime().toNanos());
    }

    private String control(long now, FiveTuple tuple, ByteBuffer payload) {
        try {
            Exchange exchange = new Exchange(now, tuple, message.wrap(payload));
            if (message.type() == MsTurnType.SEND_REQUEST.bits()) {
                return send(exchange);
            }
            boolean set = message.type() == MsTurnType.SET_ACTIVE_DESTINATION_REQUEST.bits();
            if (!set && message.type() != MsTurnType.ALLOCATE_REQUEST.bits()) {
                return "unexpected " + message;
            }
            return request(exchange, set);
        } catch (StunParseException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private String request(Exchange exchange, boolean set) {
        StunMethod method = exchange.message().method();
        if (faults.takeDrop(method)) {
            return "dropped " + method + ", as the test wants it";
        }
        MsEdgeAllocation existing = allocationOf(exchange);
        Optional<MsSequenceNumber> number = exchange.message().get(MsTurnAttributes.SEQUENCE_NUMBER);
        ByteBuffer before = existing == null || number.isEmpty()
                ? null
                : existing.answerTo(number.get().number());
        if (before != null) {
            replies.again(exchange.tuple(), before);
            return "a number that was answered before";
        }
        ByteBuffer answer = answer(exchange, set, existing);
        if (existing != null) {
            number.ifPresent(each -> existing.answered(each.number(), answer));
        }
        return "";
    }

    private ByteBuffer answer(Exchange exchange, boolean set, @Nullable MsEdgeAllocation existing) {
        MsCredential credential = null;
        StunMethod method = exchange.message().method();
        try {
            ErrorCode injected = faults.takeError(method).orElse(null);
            if (injected != null) {
                credential = credentialFor(exchange, injected, existing);
                throw new Refusal(injected.code(), injected.reason());
            }
            checkAttributes(exchange.message());
            credential = authenticate(exchange, existing);
            return set
                    ? setDestination(exchange, credential, existing)
                    : allocates.handle(exchange, credential, existing);
        } catch (Refusal refusal) {
            outbox.event(new EdgeEvent.Refused(exchange.client(), method, refusal.code(), refusal.reason()));
            return replies.error(
                    exchange, refusal, credential, exchange.tuple().base().address());
        }
    }

    /** Errors that ask for other authentication have none themselves. */
    private @Nullable MsCredential credentialFor(
            Exchange exchange, ErrorCode injected, @Nullable MsEdgeAllocation existing) {
        return MsEdgeAuthenticator.isChallenge(injected.code()) ? null : authenticate(exchange, existing);
    }

    private MsCredential authenticate(Exchange exchange, @Nullable MsEdgeAllocation existing) {
        return authenticator.authenticate(
                exchange, Optional.ofNullable(existing).map(MsEdgeAllocation::nonce));
    }

    private void checkAttributes(StunMessage request) {
        int[] unknown = request.unknownComprehensionRequired(
                type -> MsTurnAttributes.byType(type).isPresent());
        if (unknown.length > 0) {
            throw new Refusal(ErrorCode.UNKNOWN_ATTRIBUTE, "Unknown Attribute", unknown);
        }
        if (!config.demands(MsDemand.OLD_ATTRIBUTES)) {
            return;
        }
        List.of(
                        MsTurnAttributes.MS_8006,
                        MsTurnAttributes.APP_ID,
                        MsTurnAttributes.MULTIPLEXED_SESSION_ID,
                        MsTurnAttributes.BW_RESERVATION_ID,
                        MsTurnAttributes.REQUESTED_ADDRESS_FAMILY)
                .forEach(each -> {
                    if (request.has(each)) {
                        throw new Refusal(ErrorCode.UNKNOWN_ATTRIBUTE, "Unknown Attribute", each.type());
                    }
                });
        if (request.has(MsTurnAttributes.SERVICE_QUALITY)) {
            throw new Refusal(ErrorCode.SERVER_ERROR, "Internal Server Error");
        }
    }

    /** The allocation that a request is for: by its number, else by where it comes from, unless that is not taken. */
    private @Nullable MsEdgeAllocation allocationOf(Exchange exchange) {
        Optional<MsSequenceNumber> number =
                exchange.message().get(MsTurnAttributes.SEQUENCE_NUMBER).filter(each -> each.connectionId().length > 0);
        if (number.isPresent()) {
            return allocations.of(number.get().connectionId());
        }
        return config.demands(MsDemand.SEQUENCE_NUMBERS) ? null : allocations.of(exchange.tuple());
    }

    private String send(Exchange exchange) {
        MsEdgeAllocation allocation = allocationOf(exchange);
        Optional<InetSocketAddress> peer = exchange.message().get(MsTurnAttributes.DESTINATION_ADDRESS);
        Optional<ByteBuffer> data = exchange.message().get(MsTurnAttributes.DATA);
        if (allocation == null || peer.isEmpty() || data.isEmpty()) {
            return "Send without allocation, destination or data";
        }
        try {
            authenticate(exchange, allocation);
        } catch (Refusal refusal) {
            outbox.event(new EdgeEvent.Refused(exchange.client(), SEND, refusal.code(), refusal.reason()));
            if (config.demands(MsDemand.SEND_ERRORS)) {
                replies.error(exchange, refusal, null, exchange.tuple().base().address());
            }
            return "Send that is not authentic: " + refusal.reason();
        }
        if (faults.isRefused(peer.get().getAddress())) {
            return "Send to whom this server sends nothing";
        }
        if (!allocation.permits(peer.get())) {
            allocation.permit(peer.get());
            outbox.event(new EdgeEvent.Permitted(exchange.client(), peer.get().getAddress()));
        }
        touch(exchange.now(), allocation);
        relaying.toPeer(allocation, peer.get(), data.get());
        return "";
    }

    private ByteBuffer setDestination(
            Exchange exchange, MsCredential credential, @Nullable MsEdgeAllocation allocation) {
        if (allocation == null) {
            throw new Refusal(437, "No Binding");
        }
        InetSocketAddress peer = exchange.message()
                .get(MsTurnAttributes.DESTINATION_ADDRESS)
                .orElseThrow(() -> new Refusal(ErrorCode.BAD_REQUEST, "DESTINATION-ADDRESS is missing"));
        // Before the response goes out ([MS-TURN] §3.3.5.3).
        allocation.activate(peer);
        touch(exchange.now(), allocation);
        outbox.event(new EdgeEvent.DestinationSet(exchange.client(), peer));
        return replies.success(exchange, MsTurnType.SET_ACTIVE_DESTINATION_RESPONSE, credential, replies::putVersion);
    }

    /** The allocation whose peers are heard on a base. */
    @Nullable
    MsEdgeAllocation allocationAt(Base base) {
        return relaying.allocationOf(base);
    }

    /**
     * Takes what a peer has sent.
     *
     * @return why nothing comes of it, or empty
     */
    String fromPeer(long now, MsEdgeAllocation allocation, Base base, InetSocketAddress peer, ByteBuffer data) {
        touch(now, allocation);
        return relaying.fromPeer(allocation, base, peer, data);
    }

    void handleTimeout(long now) {
        allocations.all().stream()
                .filter(allocation -> allocation.expiresAt() <= now)
                .forEach(relaying::end);
        allocations.handleTimeout(now);
    }

    long nextTimeout() {
        return allocations.nextTimeout();
    }
}
