// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.icepath.stun.Attributes.CHANNEL_NUMBER;
import static org.icepath.stun.Attributes.DATA;
import static org.icepath.stun.Attributes.LIFETIME;
import static org.icepath.stun.Attributes.NONCE;
import static org.icepath.stun.Attributes.REALM;
import static org.icepath.stun.Attributes.USERNAME;
import static org.icepath.stun.Attributes.XOR_MAPPED_ADDRESS;
import static org.icepath.stun.Attributes.XOR_PEER_ADDRESS;
import static org.icepath.stun.Attributes.XOR_RELAYED_ADDRESS;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.icepath.stun.AttributeCursor;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.auth.IntegrityKey;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.VirtualSocket;
import org.icepath.turn.wire.ChannelData;

/**
 * A TURN server that keeps exactly the lifetimes of RFC 8656 for one client, and answers otherwise as a test tells it.
 *
 * <p>It writes down every request that it accepts or refuses, so that a test can count them.
 */
final class ScriptedServer {

    static final String REALM_TEXT = "example.org";
    static final IntegrityKey KEY = IntegrityKey.longTerm("alice", REALM_TEXT, "s3cret");

    /** A request that arrived. */
    record Seen(long at, StunMethod method, boolean signed, long lifetime, List<InetAddress> peers, int channel) {}

    /** What a test wants answered in place of what the server would say; answers whether it has dealt with the request. */
    @FunctionalInterface
    interface Script {
        boolean answer(StunMessage request, InetSocketAddress from);
    }

    private record Binding(InetSocketAddress peer, long expiresAt) {}

    private final VirtualNetwork network;
    final VirtualSocket socket;
    final VirtualSocket relay;
    private final Integrity integrity = new Integrity();
    private final List<Script> scripts = new ArrayList<>();
    private final Map<InetAddress, Long> permissions = new HashMap<>();
    private final Map<Integer, Binding> channels = new HashMap<>();
    private InetSocketAddress client;
    final List<Seen> seen = new ArrayList<>();
    long allocatedUntil = Long.MIN_VALUE;
    long lifetimeSeconds = 600;
    String nonce = "nonce-1";
    boolean authenticates = true;
    int violations;

    ScriptedServer(VirtualNetwork network, VirtualHost host, int port) {
        this.network = network;
        this.socket = host.socket(port).onReceive(this::receive);
        this.relay = host.socket(port + 10_000).onReceive(this::relayInbound);
        this.client = socket.address();
    }

    InetSocketAddress address() {
        return socket.address();
    }

    /** From now on the latest script that answers is the one that counts. */
    void script(Script script) {
        scripts.add(0, script);
    }

    /** Refuses signed requests that a test picks, with integrity. */
    void refuse(Predicate<StunMessage> which, int code) {
        script((request, from) -> {
            if (!which.test(request) || !request.has(Attributes.MESSAGE_INTEGRITY)) {
                return false;
            }
            send(from, error(request, code).integrity(KEY));
            return true;
        });
    }

    List<Seen> seen(StunMethod method) {
        return seen.stream().filter(each -> each.method().equals(method)).toList();
    }

    private void receive(InetSocketAddress from, ByteBuffer datagram) {
        if (ChannelData.isChannelData(datagram)) {
            outboundChannel(datagram);
            return;
        }
        StunMessage message = new StunMessage().wrap(datagram);
        if (message.messageClass() == StunClass.INDICATION) {
            outbound(
                    message.get(XOR_PEER_ADDRESS).orElseThrow(),
                    message.get(DATA).orElseThrow());
            return;
        }
        client = from;
        seen.add(new Seen(
                network.now(),
                message.method(),
                message.has(Attributes.MESSAGE_INTEGRITY),
                message.uint32(LIFETIME, -1),
                peers(message).stream().map(InetSocketAddress::getAddress).toList(),
                message.get(CHANNEL_NUMBER).orElse(0)));
        if (scripts.stream().noneMatch(script -> script.answer(message, from))) {
            answer(message, from);
        }
    }

    static List<InetSocketAddress> peers(StunMessage message) {
        List<InetSocketAddress> peers = new ArrayList<>();
        AttributeCursor cursor = new AttributeCursor().over(message);
        while (cursor.next()) {
            if (cursor.is(XOR_PEER_ADDRESS)) {
                peers.add(cursor.value(XOR_PEER_ADDRESS));
            }
        }
        return peers;
    }

    private void answer(StunMessage request, InetSocketAddress from) {
        if (authenticates && !isAuthentic(request)) {
            challenge(request, from, ErrorCode.UNAUTHENTICATED);
        } else if (authenticates && !request.get(NONCE).orElse("").equals(nonce)) {
            challenge(request, from, ErrorCode.STALE_NONCE);
        } else if (!request.method().equals(StunMethod.ALLOCATE) && network.now() >= allocatedUntil) {
            violations++;
            send(from, sealed(error(request, ErrorCode.ALLOCATION_MISMATCH)));
        } else {
            send(from, sealed(obey(request, from)));
        }
    }

    private boolean isAuthentic(StunMessage request) {
        return request.get(USERNAME).orElse("").equals("alice") && integrity.verify(request, KEY);
    }

    void challenge(StunMessage request, InetSocketAddress to, int code) {
        send(to, error(request, code).put(REALM, REALM_TEXT).put(NONCE, nonce));
    }

    private StunWriter obey(StunMessage request, InetSocketAddress from) {
        long now = network.now();
        StunWriter answer = success(request);
        if (request.method().equals(StunMethod.ALLOCATE)) {
            allocatedUntil = now + Duration.ofSeconds(lifetimeSeconds).toNanos();
            answer.put(XOR_RELAYED_ADDRESS, relay.address())
                    .put(XOR_MAPPED_ADDRESS, from)
                    .putUint32(LIFETIME, lifetimeSeconds);
        } else if (request.method().equals(StunMethod.REFRESH)) {
            long seconds = request.uint32(LIFETIME, lifetimeSeconds) == 0 ? 0 : lifetimeSeconds;
            allocatedUntil = now + Duration.ofSeconds(seconds).toNanos();
            answer.putUint32(LIFETIME, seconds);
        } else if (request.method().equals(StunMethod.CHANNEL_BIND)) {
            bind(
                    request.get(CHANNEL_NUMBER).orElseThrow(),
                    request.get(XOR_PEER_ADDRESS).orElseThrow());
        } else {
            peers(request).forEach(peer -> permissions.put(peer.getAddress(), now + seconds(300)));
        }
        return answer;
    }

    // RFC 8656 §12.2: neither may a number move to another peer
    // nor a peer to another number, until 5 minutes after expiry.
    private void bind(int number, InetSocketAddress peer) {
        long now = network.now();
        channels.forEach((known, binding) -> {
            boolean fresh = now < binding.expiresAt() + seconds(300);
            if (fresh && (known == number) != binding.peer().equals(peer)) {
                violations++;
            }
        });
        channels.put(number, new Binding(peer, now + seconds(600)));
        permissions.put(peer.getAddress(), now + seconds(300));
    }

    private static long seconds(long count) {
        return Duration.ofSeconds(count).toNanos();
    }

    StunWriter success(StunMessage request) {
        return StunWriter.into(ByteBuffer.allocate(2_048)).respond(StunClass.SUCCESS, request);
    }

    StunWriter error(StunMessage request, int code) {
        return StunWriter.into(ByteBuffer.allocate(2_048)).errorResponse(request, code, "because");
    }

    private StunWriter sealed(StunWriter answer) {
        return authenticates ? answer.integrity(KEY) : answer;
    }

    void send(InetSocketAddress to, StunWriter answer) {
        socket.send(to, answer.finish());
    }

    private void outboundChannel(ByteBuffer frame) {
        Binding binding = channels.get(ChannelData.channel(frame));
        if (binding == null || network.now() >= binding.expiresAt()) {
            violations++;
        } else {
            outbound(binding.peer(), ChannelData.data(frame));
        }
    }

    private void outbound(InetSocketAddress peer, ByteBuffer data) {
        if (isPermitted(peer)) {
            relay.send(peer, data);
        } else {
            violations++;
        }
    }

    private boolean isPermitted(InetSocketAddress peer) {
        return network.now() < permissions.getOrDefault(peer.getAddress(), Long.MIN_VALUE)
                && network.now() < allocatedUntil;
    }

    private void relayInbound(InetSocketAddress peer, ByteBuffer data) {
        if (!isPermitted(peer)) {
            violations++;
            return;
        }
        for (Map.Entry<Integer, Binding> each : channels.entrySet()) {
            if (each.getValue().peer().equals(peer)
                    && network.now() < each.getValue().expiresAt()) {
                ByteBuffer frame = ByteBuffer.allocate(ChannelData.HEADER_LENGTH + data.remaining());
                ChannelData.writeHeader(frame, 0, each.getKey(), data.remaining());
                socket.send(client, frame.put(ChannelData.HEADER_LENGTH, data, data.position(), data.remaining()));
                return;
            }
        }
        send(
                client,
                StunWriter.into(ByteBuffer.allocate(2_048))
                        .indication(StunMethod.DATA, TransactionId.next(network.random()))
                        .put(XOR_PEER_ADDRESS, peer)
                        .putBytes(DATA, data));
    }

    static String text(ByteBuffer data) {
        return UTF_8.decode(data.duplicate()).toString();
    }
}
